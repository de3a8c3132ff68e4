using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.HandBone;

/// <summary>
/// Writes the hand-bone layout: PNG images in a folder a patient, outlines step by step through the border's pixels, and meta_data.csv. An outline a connected part;
/// holes are cut in, so that cv2.fillPoly gives every pixel back. Test cases and their labels stand in test/. Folds have no place in the layout.
/// </summary>
[Writer("hand-bone")]
public sealed class HandBoneWriter : DatasetWriter
{
    private static readonly JsonWriterOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] MetadataKeys = ["age", "sex", "weight_kg", "height_cm", "note"];

    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);
    private string _folder = string.Empty;
    private ExportedSet? _set;

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override Choice ReadBack => _set!.Classes.All(HandBoneClasses.Known.Contains)
        ? new Choice("hand-bone")
        : new Choice("hand-bone", new JsonObject { ["classes"] = new JsonArray([.. _set.Classes.Select(c => (JsonNode)c)]) });

    /// <inheritdoc/>
    public override void Begin(string folder, ExportedSet set)
    {
        (_folder, _set) = (folder, set);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var patient in set.Cases.Select(c => c.Source.Patient).Distinct(StringComparer.Ordinal))
        {
            var plain = new string([.. patient.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_')]) is { Length: > 0 } name ? name : "_";
            var own = plain;
            for (var n = 2; !taken.Add(own); n++)
            {
                own = string.Create(CultureInfo.InvariantCulture, $"{plain}_{n}");
            }

            _folders[patient] = own;
        }
    }

    /// <inheritdoc/>
    public override void Write(IReadOnlyList<ExportedCase> cases)
    {
        foreach (var c in cases)
        {
            var (part, patient) = (c.IsTest ? "test" : "train", _folders[c.Source.Patient]);
            ImageFile.WritePng(Path.Combine(_folder, part, "DCM", patient, c.Name + ".png"), c.ReadImage());
            if (c.IsLabelled)
            {
                var truth = c.ReadTruth();
                AtomicFile.Write(Path.Combine(_folder, part, "outputs_json", patient, c.Name + ".json"), stream => WriteLabels(stream, c, patient, truth));
            }
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        var patients = _set!.Cases.GroupBy(c => c.Source.Patient, StringComparer.Ordinal).Select(g => (Folder: _folders[g.Key], g.First().Source.Metadata)).ToArray();
        if (patients.Any(p => MetadataKeys.Any(p.Metadata.ContainsKey)))
        {
            string[] rows = [.. patients.OrderBy(p => p.Folder, NaturalOrder.Instance).Select(p => string.Join(',', [p.Folder, .. MetadataKeys.Select(k => Field(p.Metadata.GetValueOrDefault(k) ?? string.Empty))]))];
            AtomicFile.WriteAllText(Path.Combine(_folder, "meta_data.csv"), "ID,나이,성별,체중(몸무게),키(신장),Unnamed: 5\n" + string.Join("\n", rows) + "\n");
        }
    }

    private void WriteLabels(Stream stream, ExportedCase c, string patient, IReadOnlyList<Mask> truth)
    {
        using var json = new Utf8JsonWriter(stream, Layout);
        json.WriteStartObject();
        json.WriteStartArray("annotations");
        for (var k = 0; k < truth.Count; k++)
        {
            var part = 0;
            foreach (var outline in Outlines.ThroughCentres(truth[k]))
            {
                json.WriteStartObject();
                json.WriteString("id", Digest($"{c.Name}/{_set!.Classes[k]}/{part++}", 32));
                json.WriteString("type", "poly_seg");
                json.WriteStartObject("attributes");
                json.WriteEndObject();
                json.WriteStartArray("points");
                foreach (var vertex in outline.Vertices)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue((int)vertex.X);
                    json.WriteNumberValue((int)vertex.Y);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteString("label", _set.Classes[k]);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.WriteStartObject("attributes");
        json.WriteEndObject();
        json.WriteString("file_id", Digest(c.Name, 24));
        json.WriteString("filename", c.Name + ".png");
        json.WriteString("parent_path", $"/{patient}");
        json.WriteStartObject("metadata");
        json.WriteNumber("height", c.Frame.Height);
        json.WriteNumber("width", c.Frame.Width);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Digest(string text, int digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];

    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
