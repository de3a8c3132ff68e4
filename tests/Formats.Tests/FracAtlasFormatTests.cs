using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.Coco;
using Osteon.Testing;

namespace Osteon.Formats.Tests;

public sealed class FracAtlasFormatTests : IDisposable
{
    private readonly DataFolder _set = new();

    public void Dispose() => _set.Dispose();

    [Fact]
    public void Real_cases_have_the_frames_facts_and_pixels_that_others_found()
    {
        var root = SharedData.Path("data/xray-fracatlas");
        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "golden.json")))!["images"]!;
        var format = new FracAtlasFormat(new FracAtlasOptions());
        var index = format.Index(root);
        Assert.Equal((155, 85), (index.Cases.Count, index.Cases.Count(c => c.Metadata["fractured"] == "1")));
        Assert.Equal(85, index.Cases.Count(c => c.Metadata.GetValueOrDefault("split") == "train"));     // by the names in train.csv, valid.csv, test.csv
        var (outlines, refused) = (0, 0);
        foreach (var source in index.Cases)
        {
            var expected = golden[source.ImageName]!;
            Assert.Equal(expected["labels"]!.AsObject().Select(l => $"{l.Key} {l.Value}").Order(), source.Metadata.Where(m => m.Key != "split").Select(m => $"{m.Key} {m.Value}").Order());
            Image image;
            try
            {
                image = format.ReadImage(root, source);
            }
            catch (DataException)
            {
                refused++;                                          // truncated, as the set's own page says of 59
                continue;
            }

            Assert.Equal((int?)expected["exif_orientation"] ?? 1, image.Origin.Orientation);
            var shapes = format.ReadLabels(root, source, image.Frame).Cast<PolygonAnnotation>().ToArray();
            var truth = expected["annotations"]?.AsArray() ?? [];
            Assert.Equal(truth.Select(t => (string)t!["pycoco_mask_sha256"]!), shapes.Select(s => Drawn.Digest(Drawn.Of(s, image.Frame))));
            Assert.All(shapes, s => Assert.Equal(image.Frame, s.Polygon.Frame));
            Assert.Equal((long?)expected["union_pycoco_area"] ?? 0, Drawn.Union(shapes, image.Frame).Area);
            outlines += shapes.Length;
        }

        Assert.Equal((117, 6), (outlines, refused));
    }

    [Fact]
    public void Files_are_found_as_they_were_published()
    {
        Publish();
        var index = new FracAtlasFormat(new FracAtlasOptions()).Index(_set.Root);
        Assert.Empty(index.Findings);
        Assert.Equal(["IMG1", "IMG2", "IMG3", "IMG10"], index.Cases.Select(c => c.Id));
        Assert.Equal(["train", "validation", "test", ""], index.Cases.Select(c => c.Metadata.GetValueOrDefault("split", string.Empty)));
        Assert.Equal(["1", "1", "1", "0"], index.Cases.Select(c => c.Metadata["fractured"]));
        Assert.Equal("2", index.Cases[0].Metadata["fracture_count"]);
        Assert.Equal(["IMG1", "IMG2", "IMG3"], new FracAtlasFormat(new FracAtlasOptions { FracturedOnly = true }).Index(_set.Root).Cases.Select(c => c.Id));
    }

    [Fact]
    public void An_image_without_a_fracture_has_a_label_without_shapes() 
    {
        Publish();
        Assert.Empty(_set.Labels(new FracAtlasFormat(new FracAtlasOptions()), "IMG10"));
        Assert.Single(_set.Labels(new FracAtlasFormat(new FracAtlasOptions()), "IMG1"));
    }

    [Fact]
    public void Table_and_outlines_that_contradict_each_other_are_told()
    {
        Publish();
        _set.Text("dataset.csv", "image_id,fractured\nIMG1.jpg,0\nIMG2.jpg,1\nIMG3.jpg,1\nIMG10.jpg,1\nIMG10.jpg,1\n");
        var index = new FracAtlasFormat(new FracAtlasOptions()).Index(_set.Root);
        Assert.Equal(["duplicate-metadata dataset.csv", "fracture-mismatch images/Fractured/IMG1.jpg", "missing-label images/Non_fractured/IMG10.jpg"], index.Findings.Select(f => $"{f.Check} {f.Where}").Order());
        Assert.Null(index.Cases.Single(c => c.Id == "IMG10").LabelPath);
    }

    [Fact]
    public void What_is_no_FracAtlas_is_told()
    {
        _set.Image("images/a.png");
        Assert.Contains("COCO_fracture_masks.json", Assert.Throws<ConfigurationException>(() => new FracAtlasFormat(new FracAtlasOptions()).Index(_set.Root)).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<ConfigurationException>(() => new FracAtlasFormat(new FracAtlasOptions()).Index(Path.Combine(_set.Root, "nowhere"))).Message, StringComparison.Ordinal);
    }

    private void Publish()
    {
        foreach (var name in new[] { "Fractured/IMG1", "Fractured/IMG2", "Fractured/IMG3", "Non_fractured/IMG10" })
        {
            _set.Image($"images/{name}.jpg");
        }

        var images = string.Join(',', Enumerable.Range(1, 3).Select(i => $$"""{"id":{{i}},"width":10,"height":8,"file_name":"IMG{{i}}.jpg"}"""));
        var annotations = string.Join(',', Enumerable.Range(1, 3).Select(i => $$"""{"id":{{i}},"iscrowd":0,"image_id":{{i}},"category_id":0,"segmentation":[[1,1,5,1,5,4]],"bbox":[1,1,4,3],"area":6}"""));
        _set.Text("Annotations/COCO JSON/COCO_fracture_masks.json", $$"""{"info":{},"images":[{{images}}],"annotations":[{{annotations}}],"categories":[{"id":0,"name":"fractured"}]}""")
            .Text("dataset.csv", "image_id,hand,leg,fractured,fracture_count\nIMG1.jpg,1,0,1,2\nIMG2.jpg,1,0,1,1\nIMG3.jpg,0,1,1,1\nIMG10.jpg,0,1,0,0\n")
            .Text("Utilities/Fracture Split/train.csv", "image_id\nIMG1.jpg\nIMG0009.jpg\n").Text("Utilities/Fracture Split/valid.csv", "image_id\nIMG2.jpg\n").Text("Utilities/Fracture Split/test.csv", "image_id\nIMG3.jpg\n");
    }
}
