using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Dropout;

/// <summary>Connected pieces of a mask; pixels are neighbours at a side or a corner.</summary>
internal static class Pieces
{
    /// <summary>The runs of each piece, pieces in the order of their first run. Runs that go on in the next row are cut at the row's end.</summary>
    public static IEnumerable<IReadOnlyList<Run>> Of(Mask mask)
    {
        var runs = Rows(mask).ToArray();
        var parent = Enumerable.Range(0, runs.Length).ToArray();
        var width = mask.Frame.Width;
        var above = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            var (row, left) = (runs[i].Start / width, runs[i].Start % width);
            while (above < i && runs[above].Start / width < row - 1)
            {
                above++;
            }

            for (var k = above; k < i && runs[k].Start / width == row - 1; k++)
            {
                var start = runs[k].Start % width;
                if (start <= left + runs[i].Length && left <= start + runs[k].Length)
                {
                    var (a, b) = (Root(parent, i), Root(parent, k));
                    (parent[Math.Max(a, b)], parent[Math.Min(a, b)]) = (Math.Min(a, b), Math.Min(a, b));
                }
            }
        }

        return Enumerable.Range(0, runs.Length).GroupBy(i => Root(parent, i)).Select(g => g.Select(i => runs[i]).ToArray());
    }

    private static IEnumerable<Run> Rows(Mask mask)
    {
        var width = mask.Frame.Width;
        foreach (var run in mask.Runs.ToArray())
        {
            for (var (start, left) = (run.Start, run.Length); left > 0;)
            {
                var here = Math.Min(left, width - (start % width));
                yield return new Run(start, here);
                (start, left) = (start + here, left - here);
            }
        }
    }

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i)
        {
            i = parent[i] = parent[parent[i]];
        }

        return i;
    }
}
