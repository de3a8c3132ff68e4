using System.Text.Encodings.Web;
using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Plugins.HandBone;

/// <summary>Writes outlines as the labelling tool of the real data does, with everything that misleads a reader of it.</summary>
internal static class LabelFile
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="stream">Where to.</param>
    /// <param name="stem">The image's name without ending.</param>
    /// <param name="patient">The patient's folder.</param>
    /// <param name="bones">Classes and their fields.</param>
    /// <param name="random">For ids and the order of the annotations, which is not that of the classes.</param>
    public static void Write(Stream stream, string stem, string patient, IReadOnlyList<(string Class, BoneField Field)> bones, RandomStream random)
    {
        var order = bones.ToArray();
        random.Shuffle(order.AsSpan());
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        json.WriteStartArray("annotations");
        foreach (var (name, field) in order)
        {
            json.WriteStartObject();
            json.WriteString("id", $"30-{Hex(ref random, 8)}-{Hex(ref random, 4)}-4{Hex(ref random, 3)}-a{Hex(ref random, 3)}-{Hex(ref random, 12)}");
            json.WriteString("type", "poly_seg");
            json.WriteStartObject("attributes");
            json.WriteEndObject();
            json.WriteStartArray("points");
            foreach (var (x, y) in BoundaryChain.Trace(field))
            {
                json.WriteStartArray();
                json.WriteNumberValue(x);
                json.WriteNumberValue(y);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteString("label", name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("attributes");
        json.WriteEndObject();
        json.WriteString("file_id", Hex(ref random, 24));
        json.WriteString("filename", stem + ".jpg");
        json.WriteString("parent_path", $"/X-ray_SYNTH/{(random.NextInt(6) == 0 ? "USB_1/" : string.Empty)}20220822/{patient}");
        json.WriteString("last_modifier_id", Hex(ref random, 24));
        json.WriteStartObject("metadata");
        json.WriteNumber("height", 3060);
        json.WriteNumber("width", 3060);
        json.WriteEndObject();
        json.WriteStartObject("last_workers");
        json.WriteString("라벨링", Hex(ref random, 24));
        json.WriteNull("검수");
        json.WriteNull("최종 검수");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Hex(ref RandomStream random, int digits)
    {
        Span<char> text = stackalloc char[digits];
        foreach (ref var c in text)
        {
            c = "0123456789abcdef"[random.NextInt(16)];
        }

        return new string(text);
    }
}
