using System.Security.Cryptography;
using System.Text.Json;
using Osteon.Testing;

namespace Osteon.Masks.Tests;

/// <summary>Real files, and numbers that NumPy, OpenCV and cocoapi computed from them.</summary>
public sealed class ReferenceDataTests
{
    private static readonly string[] Organs = ["Right Lung", "Left Lung", "Heart"];

    [Theory]
    [InlineData("model", "ChestX-Ray8.csv")]
    [InlineData("julia", "ChestX-Ray8_julia_annotations.csv")]
    [InlineData("martina", "ChestX-Ray8_martina_annotations.csv")]
    public void Chest_masks_have_the_areas_runs_and_pixels_that_NumPy_found(string who, string file)
    {
        using var golden = Golden("data/xray-chest-rle/golden.json");
        var masks = Chest(file);
        Assert.Equal(150, masks.Count);
        foreach (var ((image, organ), mask) in masks)
        {
            var expected = golden.RootElement.GetProperty("images").GetProperty(image).GetProperty(who).GetProperty(organ);
            Assert.Equal((expected.GetProperty("area").GetInt64(), expected.GetProperty("runs").GetInt32()), (mask.Area, mask.Runs.Length));
            Assert.Equal(expected.GetProperty("sha256").GetString(), Digest(mask));
        }
    }

    [Theory]
    [InlineData("model", "julia")]
    [InlineData("model", "martina")]
    [InlineData("julia", "martina")]
    public void Chest_masks_have_the_Dice_that_NumPy_found(string a, string b)
    {
        using var golden = Golden("data/xray-chest-rle/golden.json");
        var files = new Dictionary<string, string> { ["model"] = "ChestX-Ray8.csv", ["julia"] = "ChestX-Ray8_julia_annotations.csv", ["martina"] = "ChestX-Ray8_martina_annotations.csv" };
        var (left, right) = (Chest(files[a]), Chest(files[b]));
        foreach (var organ in Organs)
        {
            var dice = left.Keys.Where(k => k.Organ == organ).Select(k => MaskMetrics.Dice(left[k], right[k])).ToArray();
            Assert.Equal(golden.RootElement.GetProperty("mean_dice").GetProperty($"{a}_{b}").GetProperty(organ).GetDouble(), MaskMetrics.Mean(dice), 1e-12);
        }
    }

    [Fact]
    public void A_submission_of_others_is_read_and_written_byte_for_byte()
    {
        var path = SharedData.Path("data/xray-chest-rle/derived_submission_model.csv");
        var stream = new MemoryStream();
        using (var writer = new SubmissionWriter(stream))
        {
            foreach (var row in SubmissionReader.Read(path, new Frame(1024, 1024)))
            {
                writer.Write(row.Image, row.Class, row.Mask);
            }
        }

        Assert.Equal(File.ReadAllBytes(path), stream.ToArray());
    }

    [Theory]
    [InlineData("instances_val2014_100.json", 9)]
    [InlineData("fakesegm100_first250.json", 250)]
    [InlineData("panoptic_detection_format.json", 50)]
    [InlineData("datumaro_stuff_val.json", 1)]
    public void Coco_masks_have_the_areas_and_pixels_that_cocoapi_found_and_are_written_back_alike(string file, int count)
    {
        using var golden = Golden("data/coco/golden.json");
        using var json = Golden($"data/coco/{file}");
        var annotations = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement : json.RootElement.GetProperty("annotations");
        var expected = golden.RootElement.GetProperty("files").GetProperty(file).GetProperty("annotations").EnumerateArray().ToArray();
        var seen = 0;
        foreach (var (annotation, truth) in annotations.EnumerateArray().Zip(expected))
        {
            var segmentation = annotation.GetProperty("segmentation");
            if (segmentation.ValueKind == JsonValueKind.Object)
            {
                var mask = ReadAndWriteBack(segmentation);
                Assert.Equal((truth.GetProperty("area").GetInt64(), truth.GetProperty("mask_sha256").GetString()), (mask.Area, Digest(mask)));
                seen++;
            }
        }

        Assert.Equal(count, seen);
    }

    private static Mask ReadAndWriteBack(JsonElement segmentation)
    {
        var size = segmentation.GetProperty("size");
        var frame = new Frame(size[0].GetInt32(), size[1].GetInt32());
        var counts = segmentation.GetProperty("counts");
        Mask mask;
        if (counts.ValueKind == JsonValueKind.String)
        {
            var text = counts.GetString()!;
            mask = Rle.Decode(text.AsSpan(), RleConvention.CocoString, frame);
            Assert.Equal(text, Rle.Encode(mask, RleConvention.CocoString));
        }
        else
        {
            var list = counts.EnumerateArray().Select(c => c.GetInt32()).ToArray();
            mask = Rle.FromCounts(list, frame);
            Assert.Equal(list, Rle.ToCounts(mask));
        }

        return mask;
    }

    private static Dictionary<(string Image, string Organ), Mask> Chest(string file)
    {
        var lines = File.ReadAllLines(SharedData.Path($"data/xray-chest-rle/{file}"));
        var header = lines[0].Split(',');
        var masks = new Dictionary<(string, string), Mask>();
        foreach (var line in lines.Skip(1))
        {
            // Only the landmarks are quoted: cut them out and the rest has no comma inside a field.
            var (open, close) = (line.IndexOf('"', StringComparison.Ordinal), line.LastIndexOf('"'));
            var fields = $"{line[..open]}{line[(close + 1)..]}".Split(',');
            foreach (var organ in Organs)
            {
                masks[(fields[0], organ)] = Rle.Decode(fields[Array.IndexOf(header, organ)].AsSpan(), RleConvention.HandBone, new Frame(1024, 1024));
            }
        }

        return masks;
    }

    private static string Digest(Mask mask) => Convert.ToHexStringLower(SHA256.HashData(mask.ToDense()));

    private static JsonDocument Golden(string path) => JsonDocument.Parse(File.ReadAllBytes(SharedData.Path(path)));
}
