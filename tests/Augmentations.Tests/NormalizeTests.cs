using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Plugins.Augmentations.Intensity;
using Osteon.Testing;

namespace Osteon.Augmentations.Tests;

/// <summary>Normalize and ToFloat beside what make_normalize.py made with numpy and OpenCV.</summary>
public sealed class NormalizeTests
{
    private static readonly JsonObject[] Rows = [.. JsonNode.Parse(
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tests", "Augmentations.Tests", "Golden", "normalize.json")))!["rows"]!.AsArray().Select(r => r!.AsObject())];

    public static TheoryData<int, string> Cases() => [.. Rows.Select((r, i) => new TheoryDataRow<int, string>(i, $"{r["name"]} {r["options"]!.ToJsonString()} {r["bits"]}"))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_network_is_fed_what_the_reference_feeds(int index, string _)
    {
        var row = Rows[index];
        NormalizingAugmentation last = (string)row["name"]! == "ToFloat" ? new ToFloat(new ToFloatOptions { MaxValue = (double?)row["options"]!["max_value"] }) : new Normalize(Options(row["options"]!.AsObject()));
        var meant = last.After(row["before"] is { } before ? new ToFloat(new ToFloatOptions { MaxValue = (double?)before["max_value"] }).After(null) : null);
        var (image, channels) = (Image(row), row["channels"]!.AsArray());
        var planes = new float[channels.Count * image.Frame.Area];
        NetworkInput.Write(image, image.Frame, channels.Count, planes, normalize: meant);
        for (var c = 0; c < channels.Count; c++)
        {
            foreach (var (i, place) in row["places"]!.AsArray().Index())
            {
                Assert.Equal((double)channels[c]![i]!, planes[(c * image.Frame.Area) + (int)place!], tolerance: 2e-5);
            }
        }
    }

    [Fact]
    public void Levels_are_measured_after_ToFloat_only_where_that_says_something()
    {
        var floats = new ToFloat(new ToFloatOptions()).After(null);
        Assert.Contains("max_pixel_value: 1", Refusal(() => new Normalize(new NormalizeTransformOptions()).After(floats)), StringComparison.Ordinal);
        Assert.Contains("Leave ToFloat out", Refusal(() => new Normalize(new NormalizeTransformOptions { Normalization = NormalizationKind.Image }).After(floats)), StringComparison.Ordinal);
        Assert.Contains("another Normalize", Refusal(() => new Normalize(new NormalizeTransformOptions()).After(new Normalize(new NormalizeTransformOptions()).After(null))), StringComparison.Ordinal);
        Assert.Contains("before Normalize", Refusal(() => new ToFloat(new ToFloatOptions()).After(floats)), StringComparison.Ordinal);
    }

    [Fact]
    public void It_always_applies_and_means_go_with_deviations()
    {
        Assert.Contains("in one way", Refusal(() => new ToFloat(new ToFloatOptions { P = 0.5 })), StringComparison.Ordinal);
        Assert.Contains("2 means and 3 deviations", Refusal(() => new Normalize(new NormalizeTransformOptions { Mean = [0.1, 0.2] })), StringComparison.Ordinal);
        Assert.Contains("not below upper", Refusal(() => new Normalize(new NormalizeTransformOptions { Normalization = NormalizationKind.Percentile, Percentiles = new(9, 9) })), StringComparison.Ordinal);
    }

    private static string Refusal(Func<object> action) => Assert.Throws<ConfigurationException>(action).Message;

    private static NormalizeTransformOptions Options(JsonObject written)
    {
        var options = new NormalizeTransformOptions();
        foreach (var (key, value) in written)
        {
            options = key switch
            {
                "mean" => options with { Mean = value.Deserialize<double[]>()! },
                "std" => options with { Std = value.Deserialize<double[]>()! },
                "max_pixel_value" => options with { MaxPixelValue = (double?)value },
                "normalization" => options with { Normalization = Enum.Parse<NormalizationKind>(((string)value!).Replace("_", "", StringComparison.Ordinal), ignoreCase: true) },
                "percentiles" => options with { Percentiles = new((double)value![0]!, (double)value[1]!) },
                "clip" => options with { Clip = new Interval((double)value![0]!, (double)value[1]!) },
                _ => throw new NotSupportedException(key),
            };
        }

        return options;
    }

    private static Image Image(JsonObject row)
    {
        var image = new Image(new Frame((int)row["height"]!, (int)row["width"]!), (int)row["bits"]! / 8);
        for (var i = 0; i < image.Frame.Area; i++)
        {
            var level = row["levels"] is JsonArray levels ? (int)levels[i]! : i == 1700 ? 255 : 3;
            if (image.BytesPerPixel == 1)
            {
                image.Bytes[i] = (byte)level;
            }
            else
            {
                image.Pixels<ushort>()[i] = (ushort)level;
            }
        }

        return image;
    }
}
