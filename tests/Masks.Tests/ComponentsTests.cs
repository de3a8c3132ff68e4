using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

/// <summary>Components on runs beside a flood fill of pixels.</summary>
public sealed class ComponentsTests
{
    [Fact]
    public void Components_on_runs_are_those_that_flooding_finds() => Prop.ForAll(
        MaskGenerator.One,
        mask => new[] { Connectivity.Four, Connectivity.Eight }.All(connectivity =>
        {
            var (found, components) = (Flooded(mask, connectivity), Components.Of(mask, connectivity));
            var ours = Enumerable.Range(0, components.Count).Select(k => components.Where(c => c == k)).ToArray();
            return ours.Select((m, k) => m.Area == components.Areas[k]).All(same => same)
                && found.Count == ours.Length && found.All(ours.Contains)
                && components.Where(_ => true).Equals(mask)
                && ours.Select((m, k) => (m, k)).All(c => components.IsOnEdge(c.k) == IsOnEdge(c.m));
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void A_run_that_goes_on_in_the_next_row_is_two_pieces_unless_they_touch()
    {
        var apart = new Mask(new Frame(3, 5), [new Run(4, 2)]);
        Assert.Equal([1L, 1L], Components.Of(apart, Connectivity.Eight).Areas);
        var corner = new Mask(new Frame(2, 2), [new Run(1, 2)]);
        Assert.Equal([2L], Components.Of(corner, Connectivity.Eight).Areas);
        Assert.Equal([1L, 1L], Components.Of(corner, Connectivity.Four).Areas);
    }

    private static bool IsOnEdge(Mask mask)
    {
        var (height, width) = mask.Frame;
        return mask.ToDense().Select((v, i) => v != 0 && (i / width == 0 || i / width == height - 1 || i % width == 0 || i % width == width - 1)).Any(on => on);
    }

    private static List<Mask> Flooded(Mask mask, Connectivity connectivity)
    {
        var ((height, width), left, found) = (mask.Frame, mask.ToDense(), new List<Mask>());
        for (var from = 0; from < left.Length; from++)
        {
            if (left[from] == 0)
            {
                continue;
            }

            var (piece, open) = (new byte[left.Length], new Stack<int>([from]));
            left[from] = 0;
            while (open.TryPop(out var at))
            {
                piece[at] = 1;
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        var (y, x) = ((at / width) + dy, (at % width) + dx);
                        if ((connectivity == Connectivity.Eight || dy == 0 || dx == 0) && y >= 0 && y < height && x >= 0 && x < width && left[(y * width) + x] != 0)
                        {
                            left[(y * width) + x] = 0;
                            open.Push((y * width) + x);
                        }
                    }
                }
            }

            found.Add(Mask.FromDense(piece, mask.Frame));
        }

        return found;
    }
}
