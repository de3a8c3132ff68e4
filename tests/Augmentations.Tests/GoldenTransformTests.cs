using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Testing;

namespace Osteon.Augmentations.Tests;

/// <summary>Transforms beside what make_transforms.py made with OpenCV, numpy and SciPy, row by row; the plugins are found by name.</summary>
public sealed class GoldenTransformTests
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    private static readonly JsonObject[] Rows = [.. JsonNode.Parse(
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tests", "Augmentations.Tests", "Golden", "transforms.json")))!["rows"]!.AsArray().Select(r => r!.AsObject())];

    public static TheoryData<int, string> Cases() => [.. Rows.Select((r, i) => new TheoryDataRow<int, string>(i, $"{r["name"]} {r["options"]!.ToJsonString()} {r["draw"]!.ToJsonString()}"[..Math.Min(110, $"{r["name"]} {r["options"]!.ToJsonString()} {r["draw"]!.ToJsonString()}".Length)]))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pixels_agree_with_the_reference(int index, string _)
    {
        var row = Rows[index];
        var augmentation = (DrawnAugmentation)AugmentationChecks.Make(EveryAugmentationTests.All[(string)row["name"]!], options => Changed(options, row["options"]!.AsObject()));
        var draw = row["draw"]!.Deserialize(augmentation.DrawType)!;
        foreach (var (key, expected) in row.Where(p => p.Key.StartsWith("image", StringComparison.Ordinal)))
        {
            var bits = int.Parse(key[5..], System.Globalization.CultureInfo.InvariantCulture);
            var changed = AugmentationPipeline.Apply(augmentation, Golden.Sample(bits, 8), draw);
            Compare(expected!, changed.Image.Bytes, changed.Image.Frame, row);
        }

        foreach (var (key, expected) in row.Where(p => p.Key.StartsWith("words", StringComparison.Ordinal)))
        {
            var bits = int.Parse(key[5..], System.Globalization.CultureInfo.InvariantCulture);
            var changed = AugmentationPipeline.Apply(augmentation, Golden.Sample(8, bits), draw);
            Compare(expected!, changed.Labels.Bytes, changed.Labels.Frame, row);
        }
    }

    private static object Changed(object options, JsonObject written)
    {
        var type = options.GetType();
        foreach (var (key, value) in written)
        {
            var property = OptionSamples.Properties(type).Single(p => OptionRules.NameOf(p) == key);
            options = OptionSamples.With(options, property, value.Deserialize(property.PropertyType, Snake));
        }

        return options;
    }

    private static void Compare(JsonNode expected, ReadOnlySpan<byte> found, Frame frame, JsonObject row)
    {
        if (row["frame"] is { } size)
        {
            Assert.Equal(new Frame((int)size[0]!, (int)size[1]!), frame);
        }

        if (expected is JsonValue digest)
        {
            Assert.Equal((string)digest!, Golden.Digest(found));
            return;
        }

        var pixels = Convert.FromBase64String((string)expected["raw"]!);
        Assert.Equal(pixels.Length, found.Length);
        var (differ, farthest) = (0, 0);
        for (var i = 0; i < pixels.Length; i++)
        {
            differ += pixels[i] == found[i] ? 0 : 1;
            farthest = Math.Max(farthest, Math.Abs(pixels[i] - found[i]));
        }

        Assert.True(differ <= (double)expected["share"]! * pixels.Length && farthest <= (int)expected["within"]!, $"{differ} of {pixels.Length} pixels differ, by up to {farthest}.");
    }
}
