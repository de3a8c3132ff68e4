using System.Security.Cryptography;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Testing;

namespace Osteon.Masks.Tests;

/// <summary>The rule against cocoapi's own numbers, against arithmetic, and against a walk that keeps every point.</summary>
public sealed class CocoRasterTests
{
    [Fact]
    public void Polygons_have_the_runs_that_cocoapi_gives_them()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "tests/Masks.Tests/Golden/coco_polygons.json")));
        foreach (var one in golden.RootElement.EnumerateArray())
        {
            var frame = new Frame(one.GetProperty("size")[0].GetInt32(), one.GetProperty("size")[1].GetInt32());
            var mask = CocoRaster.Fill(new Polygon(frame, Vertices(one.GetProperty("xy"))), frame);
            Assert.Equal((one.GetProperty("xy").GetRawText(), one.GetProperty("counts").GetString()), (one.GetProperty("xy").GetRawText(), Rle.Encode(mask, RleConvention.CocoString)));
        }

        Assert.Equal(103, golden.RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData("instances_val2014_100.json", 830)]
    [InlineData("fce_gt_dataset.json", 9)]
    [InlineData("fce_dt_dataset.json", 9)]
    [InlineData("datumaro_instances_val.json", 1)]
    [InlineData("sahi_terrain1_coco.json", 7)]
    public void Real_annotations_have_the_areas_and_pixels_that_cocoapi_found(string file, int count)
    {
        using var golden = Golden("data/coco/golden.json");
        using var json = Golden($"data/coco/{file}");
        var (annotations, images) = json.RootElement.ValueKind == JsonValueKind.Array
            ? (json.RootElement, Golden("data/coco/fce_gt_dataset.json").RootElement.GetProperty("images"))
            : (json.RootElement.GetProperty("annotations"), json.RootElement.GetProperty("images"));
        var frames = images.EnumerateArray().ToDictionary(i => i.GetProperty("id").GetInt64(), i => new Frame(i.GetProperty("height").GetInt32(), i.GetProperty("width").GetInt32()));
        var seen = 0;
        foreach (var (annotation, truth) in annotations.EnumerateArray().Zip(golden.RootElement.GetProperty("files").GetProperty(file).GetProperty("annotations").EnumerateArray()))
        {
            if (truth.GetProperty("kind").GetString() == "polygon")
            {
                var frame = frames[annotation.GetProperty("image_id").GetInt64()];
                var mask = annotation.GetProperty("segmentation").EnumerateArray()
                    .Aggregate(Mask.Empty(frame), (all, part) => all.Union(CocoRaster.Fill(new Polygon(frame, Vertices(part)), frame)));
                Assert.Equal((truth.GetProperty("area").GetInt64(), truth.GetProperty("mask_sha256").GetString()), (mask.Area, Digest(mask)));
                seen++;
            }
        }

        Assert.Equal(count, seen);
    }

    // Whole numbers are edges: columns 2 to 5, rows 1 to 3, as numpy's mask[1:4, 2:6].
    [Fact]
    public void A_box_from_edge_to_edge_is_its_pixels()
    {
        var mask = CocoRaster.Fill(Box(2, 1, 6, 4), new Frame(10, 10));
        Assert.Equal([new Run(12, 4), new Run(22, 4), new Run(32, 4)], mask.Runs.ToArray());
    }

    [Fact]
    public void A_box_that_covers_the_frame_is_the_whole_frame() =>
        Assert.Equal(Mask.Full(new Frame(7, 9)), CocoRaster.Fill(Box(-5, -5, 30, 30), new Frame(7, 9)));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(2e6)]
    public void Refuses_a_vertex_that_is_no_pixel(double x) =>
        Assert.Throws<ArgumentException>(() => CocoRaster.Fill(new Polygon(new Frame(9, 9), [new(x, 0), new(1, 1), new(2, 0)]), new Frame(9, 9)));

    [Fact]
    public void Agrees_with_a_walk_that_keeps_every_point() =>
        Prop.ForAll(Outlines(10), p => CocoRaster.Fill(p, p.Frame).Equals(Walk.Fill(p))).QuickCheckThrowOnFailure();

    // A walk back over an edge is the same walk.
    [Fact]
    public void The_way_round_and_the_first_vertex_decide_nothing() =>
        Prop.ForAll(Outlines(10), p =>
        {
            var other = p with { Vertices = [.. p.Vertices.Skip(1).Append(p.Vertices[0]).Reverse()] };
            return CocoRaster.Fill(p, p.Frame).Equals(CocoRaster.Fill(other, p.Frame));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_outline_moved_by_whole_pixels_gives_the_same_pixels_moved() =>
        Prop.ForAll(Outlines(0), p =>
        {
            var large = new Frame(p.Frame.Height + 7, p.Frame.Width + 4);
            var moved = CocoRaster.Fill(p with { Vertices = [.. p.Vertices.Select(v => new Vertex(v.X + 4, v.Y + 7))] }, large);
            var still = CocoRaster.Fill(p, p.Frame).ToDense();
            var dense = moved.ToDense();
            return Enumerable.Range(0, p.Frame.Height).All(y =>
                dense.AsSpan(((y + 7) * large.Width) + 4, p.Frame.Width).SequenceEqual(still.AsSpan(y * p.Frame.Width, p.Frame.Width)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_thousand_times_round_keeps_no_more_than_the_frame()
    {
        var frame = new Frame(300, 2000);
        var round = Enumerable.Range(0, 1001).SelectMany(_ => Box(-1e5, 3, 1e5, 200).Vertices).ToArray();
        Assert.Equal(197 * 2000, CocoRaster.Fill(new Polygon(frame, round), frame).Area);
    }

    private static Polygon Box(double left, double top, double right, double bottom) =>
        new(new Frame(10, 10), [new(left, top), new(right, top), new(right, bottom), new(left, bottom)]);

    // Tenths of a pixel: multiples of half a fifth, where rounding decides most.
    private static Arbitrary<Polygon> Outlines(int margin) =>
        (from height in Gen.Choose(1, 30)
         from width in Gen.Choose(1, 40)
         from count in Gen.Choose(1, 9)
         from x in Gen.Choose(-10 * margin, 10 * (width + margin)).ArrayOf(count)
         from y in Gen.Choose(-10 * margin, 10 * (height + margin)).ArrayOf(count)
         select new Polygon(new Frame(height, width), [.. x.Zip(y, (a, b) => new Vertex(a / 10.0, b / 10.0))])).ToArbitrary();

    private static Vertex[] Vertices(JsonElement numbers) => [.. numbers.EnumerateArray().Select(n => n.GetDouble()).Chunk(2).Select(p => new Vertex(p[0], p[1]))];

    private static string Digest(Mask mask) => Convert.ToHexStringLower(SHA256.HashData(mask.ToDense()));

    private static JsonDocument Golden(string path) => JsonDocument.Parse(File.ReadAllBytes(SharedData.Path(path)));

    /// <summary>Every fifth of a pixel on the outline, and after it every pixel of every column.</summary>
    private static class Walk
    {
        public static Mask Fill(Polygon polygon)
        {
            var (height, width) = polygon.Frame;
            var pixels = new byte[height * width];
            var points = Points([.. polygon.Vertices.Append(polygon.Vertices[0]).Select(v => ((int)Math.Truncate((v.X * 5) + 0.5), (int)Math.Truncate((v.Y * 5) + 0.5)))]).ToArray();
            foreach (var (from, to) in points.Zip(points.Skip(1)))
            {
                var column = (Math.Min(from.X, to.X) - 2) / 5.0;
                if (from.X != to.X && column == Math.Floor(column) && column >= 0 && column < width)
                {
                    for (var y = 0; y < height; y++)
                    {
                        pixels[(y * width) + (int)column] ^= (5 * y) + 2 >= Math.Min(from.Y, to.Y) ? (byte)1 : (byte)0;
                    }
                }
            }

            return Slow.Runs(pixels, polygon.Frame);
        }

        private static IEnumerable<(int X, int Y)> Points((int X, int Y)[] corners)
        {
            for (var i = 0; i + 1 < corners.Length; i++)
            {
                var (a, b) = (corners[i], corners[i + 1]);
                var (dx, dy) = (b.X - a.X, b.Y - a.Y);
                var steps = Math.Max(Math.Abs(dx), Math.Abs(dy));
                for (var t = 0; t <= steps; t++)
                {
                    // From the end with the smaller coordinate along the longer side, whichever way the outline goes.
                    var back = Math.Abs(dx) >= Math.Abs(dy) ? dx < 0 : dy < 0;
                    var (start, end, step) = back ? (b, a, steps - t) : (a, b, t);
                    yield return steps == 0 ? a
                        : Math.Abs(dx) >= Math.Abs(dy) ? (start.X + step, (int)(start.Y + ((double)(end.Y - start.Y) / steps * step) + 0.5))
                        : ((int)(start.X + ((double)(end.X - start.X) / steps * step) + 0.5), start.Y + step);
                }
            }
        }
    }
}
