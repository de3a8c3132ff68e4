using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Osteon.Masks;
using Osteon.Testing;

namespace Osteon.Imaging.Tests;

public sealed class ShapesTests
{
    public static TheoryData<string> Names => [.. Formula.Golden["polygons"]!.AsObject().Select(p => p.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fills_what_fillPoly_fills(string name)
    {
        var expected = Formula.Golden["polygons"]![name]!;
        var mask = Polygons.FillPoly(Outline(expected), Formula.Frame);
        Assert.Equal((long)expected["area"]!, mask.Area);
        Assert.Equal((string)expected["sha256"]!, Formula.Digest(Formula.Rasterise(mask)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Follows_the_borders_that_findContours_follows(string name)
    {
        var expected = Formula.Golden["polygons"]![name]!;
        var mask = Polygons.FillPoly(Outline(expected), Formula.Frame);
        foreach (var mode in Enum.GetValues<ContourMode>())
        {
            var outlines = Contours.Find(mask, mode);
            var flat = outlines.SelectMany(o => o.Vertices).SelectMany(v => new[] { (int)v.X, (int)v.Y }).ToArray();
            Assert.Equal(expected["contours"]![mode.ToString()]!["lengths"]!.AsArray().Select(n => (int)n!), outlines.Select(o => o.Vertices.Count));
            Assert.Equal((string)expected["contours"]![mode.ToString()]!["sha256"]!, Formula.Digest(MemoryMarshal.AsBytes(flat.AsSpan())));
        }
    }

    [Fact]
    public void A_mask_as_wide_as_its_frame_is_one_run()
    {
        var mask = Polygons.FillPoly(new Polygon(Formula.Frame, [new(0, 3), new(130, 3), new(130, 9), new(0, 9)]), Formula.Frame);
        Assert.Equal([new Run(3 * 131, 7 * 131)], mask.Runs.ToArray());
    }

    [Fact]
    public void Rounds_half_pixels_to_even_as_numpy_does()
    {
        var mask = Polygons.FillPoly(new Polygon(Formula.Frame, [new(2.5, 0.5)]), Formula.Frame);
        Assert.Equal([new Run(2, 1)], mask.Runs.ToArray());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(2e6)]
    public void Refuses_a_vertex_that_is_no_pixel(double x) =>
        Assert.Throws<ArgumentException>(() => Polygons.FillPoly(new Polygon(Formula.Frame, [new(x, 0)]), Formula.Frame));

    [Fact]
    public void Refilling_an_outline_without_holes_gives_the_mask_back()
    {
        var mask = Polygons.FillPoly(Outline(Formula.Golden["polygons"]!["concave"]!), Formula.Frame);
        var again = Polygons.FillPoly(Contours.Find(mask).Single(), Formula.Frame);
        Assert.Equal(mask.Runs.ToArray(), again.Runs.ToArray());
    }

    [Fact]
    public void Landmarks_of_chest_radiographs_give_the_published_masks()
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.Path("data/xray-chest-rle/golden.json")))!["images"]!;
        var compared = 0;
        foreach (var line in File.ReadLines(SharedData.Path("data/xray-chest-rle/ChestX-Ray8.csv")).Skip(1))
        {
            var image = line[..line.IndexOf(',', StringComparison.Ordinal)];
            if (golden[image]?["model"] is not { } model)
            {
                continue;
            }

            var frame = new Frame((int)golden[image]!["h"]!, (int)golden[image]!["w"]!);
            var numbers = line.Split('"')[1].Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture)).ToArray();
            var vertices = numbers.Chunk(2).Select(p => new Vertex(p[0], p[1])).ToArray();
            foreach (var (organ, part) in new[] { ("Right Lung", ..44), ("Left Lung", 44..94), ("Heart", 94..120) })
            {
                var mask = Polygons.FillPoly(new Polygon(frame, vertices[part]), frame);
                Assert.Equal((string)model[organ]!["sha256"]!, Formula.Digest(Formula.Rasterise(mask)));
                compared++;
            }
        }

        Assert.Equal(150, compared);
    }

    // The two ways in which scripts make whole numbers of coordinates, and the third rule.
    [Fact]
    public void Fractures_have_the_areas_that_each_rule_gives_them()
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.Path("data/xray-fracatlas/golden.json")))!["images"]!.AsObject();
        var coco = JsonNode.Parse(File.ReadAllText(SharedData.Path("data/xray-fracatlas/annotations/coco_subset.json")))!["annotations"]!.AsArray().ToDictionary(a => (int)a!["id"]!);
        var compared = 0;
        foreach (var image in golden.Select(g => g.Value!).Where(g => g["coco_size_wh"] is JsonArray))
        {
            var frame = new Frame((int)image["coco_size_wh"]![1]!, (int)image["coco_size_wh"]![0]!);
            foreach (var expected in image["annotations"]!.AsArray())
            {
                var numbers = coco[(int)expected!["ann_id"]!]!["segmentation"]![0]!.AsArray().Select(n => (double)n!).Chunk(2).Select(p => new Vertex(p[0], p[1])).ToArray();
                var masks = Enum.GetValues<PolygonRaster>().Select(rule => Polygons.Fill(new Polygon(frame, numbers), frame, rule)).ToArray();
                Assert.Equal(
                    ((long)expected["cv2_fillpoly_round_area"]!, (long)expected["cv2_fillpoly_trunc_area"]!, (long)expected["pycoco_area"]!, (string)expected["pycoco_mask_sha256"]!),
                    (masks[0].Area, masks[1].Area, masks[2].Area, Formula.Digest(Formula.Rasterise(masks[2]))));
                compared++;
            }
        }

        Assert.Equal(117, compared);
    }

    private static Polygon Outline(JsonNode expected) =>
        new(Formula.Frame, [.. expected["points"]!.AsArray().Select(p => new Vertex((int)p![0]!, (int)p[1]!))]);
}
