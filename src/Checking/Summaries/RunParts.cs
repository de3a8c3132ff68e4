using Osteon.Masks;

namespace Osteon.Checking;

/// <summary>Connected parts of a mask found on its runs, without drawing it.</summary>
public static class RunParts
{
    /// <summary>Parts that a summary keeps, so that noise of a million specks stays small.</summary>
    public const int Kept = 8;

    /// <summary>All of one class that the rules ask for.</summary>
    public static ClassSummary Summarize(Mask mask)
    {
        var parts = Find(mask, out var row, out var column);
        var ordered = parts.OrderByDescending(p => p.Area).ThenBy(p => p.Top).ThenBy(p => p.Left).ToArray();
        var area = mask.Area;
        return new ClassSummary(
            area, area > 0 ? row / area : double.NaN, area > 0 ? column / area : double.NaN, ordered.Length,
            [.. ordered.Take(Kept)], [.. ordered.Skip(1).TakeLast(Kept).Reverse().Select(p => p.Area)]);
    }

    /// <summary>The parts in no particular order, and the sums of rows and columns over all pixels.</summary>
    internal static IReadOnlyList<Part> Find(Mask mask, out double rows, out double columns)
    {
        var width = mask.Frame.Width;
        var pieces = new List<(int Row, int Left, int Right)>(mask.Runs.Length);
        (rows, columns) = (0, 0);
        foreach (var run in mask.Runs)
        {
            for (var start = run.Start; start < run.End;)             // a run may go on in the next row
            {
                var row = start / width;
                var end = (int)Math.Min(run.End, ((long)row + 1) * width);
                var (left, right) = (start - (row * width), end - 1 - (row * width));
                pieces.Add((row, left, right));
                rows += (double)row * (right - left + 1);
                columns += (left + right) * 0.5 * (right - left + 1);
                start = end;
            }
        }

        var parent = new int[pieces.Count];
        for (int i = 0, above = 0; i < parent.Length; i++)
        {
            parent[i] = i;
            var (row, left, right) = pieces[i];
            while (above < i && (pieces[above].Row < row - 1 || (pieces[above].Row == row - 1 && pieces[above].Right < left - 1)))
            {
                above++;
            }

            for (var j = above; j < i && pieces[j].Row == row - 1 && pieces[j].Left <= right + 1; j++)
            {
                parent[Root(parent, j)] = Root(parent, i);
            }
        }

        var found = new Dictionary<int, Part>();
        for (var i = 0; i < parent.Length; i++)
        {
            var (row, left, right) = pieces[i];
            var piece = new Part(right - left + 1, row, left, row, right);
            var root = Root(parent, i);
            found[root] = !found.TryGetValue(root, out var part) ? piece : new Part(
                part.Area + piece.Area, Math.Min(part.Top, row), Math.Min(part.Left, left), Math.Max(part.Bottom, row), Math.Max(part.Right, right));
        }

        return [.. found.Values];
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
