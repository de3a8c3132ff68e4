using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.Coco;
using Osteon.Plugins.ImageMask;
using Osteon.Plugins.RleCsv;
using Osteon.Runner;
using Osteon.Testing;

namespace Osteon.Checking.Tests;

/// <summary>Real data that is right is silent, and what is wrong with real data is found.</summary>
public sealed class RealDataTests
{
    [Fact]
    public void Electron_micrographs_are_silent()
    {
        var root = SharedData.Path("data/isbi-em");
        var format = new ImageMaskFormat(new ImageMaskOptions { Images = "images", Labels = "labels", Values = new Dictionary<string, int> { ["membrane"] = 0, ["cell"] = 255 } });
        Assert.Empty(Check(format, root, ["membrane", "cell"], LabelMode.Multiclass).Select(f => $"{f.Check} {f.Where}: {f.Message}"));
    }

    [Theory]
    [InlineData(255, 0)]
    [InlineData(0, 3)]
    public void Pixels_that_are_left_undecided_on_purpose_are_no_fault_and_a_forgotten_background_is_one(byte ignored, int faults)
    {
        var root = Directory.CreateTempSubdirectory("osteon-undecided-").FullName;
        try
        {
            foreach (var folder in new[] { "images", "labels" })
            {
                Directory.CreateDirectory(Path.Combine(root, folder));
                for (var i = 0; i < 3; i++)
                {
                    var image = new Image(new Frame(2, 4), 1, folder == "labels" ? [1, 1, 2, 2, ignored, 1, 2, ignored] : [(byte)i, 9, 8, 7, 6, 5, 4, 3]);
                    ImageFile.WritePng(Path.Combine(root, folder, $"{i}.png"), image);
                }
            }

            var format = new ImageMaskFormat(new ImageMaskOptions { Values = new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }, Ignore = [ignored] });
            Assert.Equal(faults, Check(format, root, ["a", "b"], LabelMode.Multiclass).Count(f => f.Check == "not-one-class"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    // The set has 59 truncated JPEGs that OpenCV reads without a word; its labels are drawn in the frame after EXIF rotation.
    [Fact]
    public void Of_fractures_only_the_truncated_pictures_block()
    {
        var root = SharedData.Path("data/xray-fracatlas");
        var findings = Check(new FracAtlasFormat(new FracAtlasOptions()), root, ["fractured"], LabelMode.Multilabel);
        var red = findings.Where(f => f.Severity == Severity.Red).ToArray();
        Assert.All(red, f => Assert.Equal("unreadable-image", f.Check));
        Assert.Equal(6, red.Length);
        Assert.Contains(red, f => f.Where.EndsWith("IMG0004028.jpg", StringComparison.Ordinal));
        Assert.DoesNotContain(findings, f => f.Check is "size-mismatch" or "polygon-outside-frame" or "claim-mismatch");

        // One is turned upside down by EXIF alone; others, on their sides, show that the tool drew on what it had turned.
        Assert.DoesNotContain(findings, f => f.Check == "exif-rotated");
    }

    [Fact]
    public void Of_chests_none_is_taken_for_another()
    {
        var root = SharedData.Path("data/xray-chest-multilabel");
        var format = new MaskTableFormat(new MaskTableOptions { Table = "structure.csv", ImageColumn = "Filename", ClassColumn = "Template Name", MaskColumn = "Mask", TopColumn = "Top", LeftColumn = "Left" });
        Silent("swapped-classes", Check(format, root, [], LabelMode.Multilabel));
    }

    [Fact]
    public void Of_lungs_and_hearts_none_is_taken_for_another()
    {
        var root = Directory.CreateTempSubdirectory("osteon-chests-").FullName;
        try
        {
            File.Copy(SharedData.Path("data/xray-chest-rle/derived_submission_model.csv"), Path.Combine(root, "train.csv"));
            foreach (var image in File.ReadLines(Path.Combine(root, "train.csv")).Skip(1).Select(line => line.Split(',')[0]).Distinct())
            {
                Directory.CreateDirectory(Path.Combine(root, "images"));
                ImageFile.WritePng(Path.Combine(root, "images", image), new Image(new Frame(1024, 1024)));
            }

            var format = new RleCsvFormat(new RleCsvOptions { Classes = ["Right Lung", "Left Lung", "Heart"], Order = RunOrder.Row, Base = "1" });
            Silent("swapped-classes", Check(format, root, [], LabelMode.Multilabel));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Silent(string rule, IReadOnlyList<Finding> findings)
    {
        string[] told = [.. findings.Where(f => f.Check == rule).Select(f => $"{f.Case}: {f.Message}")];
        Assert.True(told.Length == 0, string.Join('\n', told));
    }

    private static IReadOnlyList<Finding> Check(DatasetFormat format, string root, string[] classes, LabelMode mode)
    {
        var folder = Directory.CreateTempSubdirectory("osteon-real-").FullName;
        try
        {
            Conversion.Run(format, root, classes, 256, folder, null, CancellationToken.None);
            return DataCheck.Judge(DataCheck.Measure(folder, mode, new CheckThresholds(), null, CancellationToken.None));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
