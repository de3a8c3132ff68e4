using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.Coco;
using Osteon.Plugins.Nifti;
using Osteon.Plugins.NnUnet;
using Osteon.Testing;
using Osteon.Volumes;

namespace Osteon.Formats.Tests;

/// <summary>Other people's labels and volumes, written by us and read again.</summary>
public sealed class RealDataExportTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-real-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Each of 839 masks of COCO's, crowds among them, has cocoapi's area and box, and comes back to the pixel in every form.</summary>
    [Fact]
    public void Masks_of_COCO_keep_their_pixels_areas_and_boxes()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("data/coco/golden.json")));
        var expected = golden.RootElement.GetProperty("files").GetProperty("instances_val2014_100.json").GetProperty("annotations").EnumerateArray().ToArray();
        var coco = CocoFile.Open(SharedData.Path("data/coco/instances_val2014_100.json"), "a.json");
        CocoWriter[] writers = [.. Enum.GetValues<SegmentationForm>().Select(f => new CocoWriter(new CocoWriterOptions { Segmentation = f }))];
        var seen = 0;
        foreach (var image in coco.Images)
        {
            foreach (var (index, json) in coco.AnnotationsOf(image))
            {
                using (json)
                {
                    var frame = image.Frame!.Value;
                    var mask = Drawn.Union(CocoShapes.Read(json.RootElement, "a", frame, frame, PolygonRaster.Coco, Assert.Fail), frame);
                    foreach (var writer in writers)
                    {
                        using var written = JsonDocument.Parse("{" + writer.AnnotationsOf([mask]));
                        Assert.Equal(expected[index].GetProperty("area").GetInt64(), written.RootElement.GetProperty("area").GetInt64());
                        Assert.Equal(expected[index].GetProperty("bbox").EnumerateArray().Select(n => n.GetDouble()), written.RootElement.GetProperty("bbox").EnumerateArray().Select(n => n.GetDouble()));
                        Assert.Equal(expected[index].GetProperty("mask_sha256").GetString(), Drawn.Digest(Drawn.Union(CocoShapes.Read(written.RootElement, "a", frame, frame, PolygonRaster.Coco, Assert.Fail), frame)));
                    }

                    Assert.Equal(mask, Outlines.ThroughCentres(mask).Select(o => Polygons.FillPoly(o, frame)).Aggregate(Mask.Empty(frame), (all, one) => all.Union(one)));
                    seen++;
                }
            }
        }

        Assert.Equal(839, seen);
    }

    /// <summary>A volume of other people's goes through slices and comes back as the volume it was: affine and spacing as nibabel reads them of the source.</summary>
    [Theory]
    [InlineData("anatomical.nii", 25)]
    [InlineData("example_nifti2.nii.gz", 12)]
    public void A_volume_lies_where_it_lay(string file, int slices)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("data/nifti/golden.json")));
        var facts = golden.RootElement.GetProperty("files").GetProperty(file);
        var source = Path.Combine(_root, "images", "v" + file[file.IndexOf('.')..]);
        Directory.CreateDirectory(Path.GetDirectoryName(source)!);
        File.Copy(SharedData.Path($"data/nifti/{file}"), source);
        File.SetAttributes(source, FileAttributes.Normal);
        var format = new NiftiFormat(new NiftiOptions { Labels = "" });
        var cases = format.Index(_root).Cases;
        Assert.Equal(slices, cases.Count);
        var images = cases.Select(c => format.ReadImage(_root, c)).ToArray();
        Mask[][] truths = [.. images.Select(i => new[] { Bright(i, 20_000), Bright(i, 40_000) })];        // the brighter inside the bright: a region
        var set = ExportedSets.Of(truths, "bright", "brighter");
        set = set with { Cases = [.. set.Cases.Select((c, k) => c with { Name = cases[k].Id, Source = cases[k], ReadImage = () => images[k] })] };
        set = set with { Folds = [] };
        var folder = Path.Combine(_root, "out");
        ExportedSets.Write(new NnUnetWriter(new NnUnetWriterOptions { DatasetName = "V", Volumes = VolumeForm.Join }), folder, set);

        var written = NiftiFile.Read(Path.Combine(folder, "Dataset501_V/labelsTr/v.nii.gz"));
        var affine = facts.GetProperty("affine").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(n => n.GetDouble())).ToArray();
        Assert.All(written.Geometry.Affine.Zip(affine), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.All(written.Geometry.Zooms.Zip(facts.GetProperty("zooms").EnumerateArray().Select(n => n.GetDouble())), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        var back = new NnUnetFormat(new NnUnetOptions { Intensity = IntensityScale.Full });
        foreach (var (c, k) in back.Index(folder).Cases.Select((c, k) => (c, k)))
        {
            Assert.Equal(cases[k].Id, c.Id);
            Assert.Equal(truths[k], ExportedSets.Back(back, folder, c, set.Classes));
            Assert.Equal(images[k].Bytes.ToArray(), back.ReadImage(folder, c).Bytes.ToArray());
        }
    }

    private static Mask Bright(Image image, int level) => Mask.FromDense([.. image.Pixels<ushort>().ToArray().Select(v => (byte)(v > level ? 1 : 0))], image.Frame);
}
