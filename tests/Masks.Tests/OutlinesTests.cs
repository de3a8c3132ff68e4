using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

public sealed class OutlinesTests
{
    /// <summary>By pycocotools' rule the joined outlines are the mask again: holes, islands in holes and touching corners too.</summary>
    [Fact]
    public void Outlines_along_edges_give_a_mask_back() =>
        Prop.ForAll(MaskGenerator.One, mask => Drawn(Outlines.AlongEdges(mask), mask.Frame).Equals(mask)).QuickCheckThrowOnFailure();

    [Fact]
    public void Nested_rings_give_themselves_back()
    {
        var frame = new Frame(21, 23);
        var pixels = new byte[frame.Area];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (y, x) = (i / frame.Width, i % frame.Width);
            pixels[i] = (byte)(Math.Min(Math.Min(x, y), Math.Min(frame.Width - 1 - x, frame.Height - 1 - y)) / 2 % 2 == 0 ? 1 : 0);
        }

        pixels[(10 * frame.Width) + 1] = 0;                          // a ring one pixel wide here, whose hole begins farthest to the left
        var rings = Mask.FromDense(pixels, frame);
        Assert.Equal(rings, Drawn(Outlines.AlongEdges(rings), frame));
    }

    [Fact]
    public void A_square_is_four_corners_and_one_with_a_hole_is_one_outline()
    {
        var frame = new Frame(4, 5);
        var square = Assert.Single(Outlines.AlongEdges(new Mask(frame, [new Run(6, 2), new Run(11, 2)])));
        Assert.Equal([new Vertex(1, 1), new Vertex(3, 1), new Vertex(3, 3), new Vertex(1, 3)], square.Vertices);
        var ring = Assert.Single(Outlines.AlongEdges(new Mask(frame, [new Run(1, 3), new Run(6, 1), new Run(8, 1), new Run(11, 3)])));

        // Twice the area by the shoelace formula: 3 × 3 without the pixel in the middle.
        Assert.Equal(2 * (9 - 1), ring.Vertices.Zip([.. ring.Vertices.Skip(1), ring.Vertices[0]]).Sum(e => (e.First.X * e.Second.Y) - (e.Second.X * e.First.Y)));
        Assert.Empty(Outlines.AlongEdges(Mask.Empty(frame)));
    }

    private static Mask Drawn(IReadOnlyList<Polygon> outlines, Frame frame) => outlines.Select(o => CocoRaster.Fill(o, frame)).Aggregate(Mask.Empty(frame), (all, one) => all.Union(one));
}
