using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>Where a case is cut so that some classes fill it.</summary>
internal static class FocusBox
{
    /// <summary>The box around classes with its margin, moved by the drawn jitter, inside the image; null where none of them has a pixel.</summary>
    public static Box? Of(IReadOnlyList<Mask> truth, IReadOnlyList<int> classes, ExtraCasesPlan recipe, RandomStream random)
    {
        var frame = truth[0].Frame;
        var (top, left, bottom, right) = (int.MaxValue, int.MaxValue, -1, -1);
        foreach (var run in classes.SelectMany(k => truth[k].Runs.ToArray()))
        {
            var (row, column) = Math.DivRem(run.Start, frame.Width);
            var (lastRow, lastColumn) = Math.DivRem(run.End - 1, frame.Width);
            (top, bottom) = (Math.Min(top, row), Math.Max(bottom, lastRow));
            (left, right) = row == lastRow ? (Math.Min(left, column), Math.Max(right, lastColumn)) : (0, frame.Width - 1);
        }

        if (bottom < 0)
        {
            return null;
        }

        var longer = Math.Max(bottom - top + 1, right - left + 1);
        var margin = (int)Math.Round(longer * recipe.Margin);
        var (dy, dx) = (random.NextDouble(-1, 1) * recipe.Jitter * longer, random.NextDouble(-1, 1) * recipe.Jitter * longer);
        var (fromRow, toRow) = Within(top - margin + dy, bottom + 1 + margin + dy, frame.Height);
        var (fromColumn, toColumn) = Within(left - margin + dx, right + 1 + margin + dx, frame.Width);
        return new Box(fromRow, fromColumn, new Frame(toRow - fromRow, toColumn - fromColumn));
    }

    /// <summary>The frame of the same shape with this longer side; the frame itself for 0.</summary>
    public static Frame Scaled(Frame frame, int size)
    {
        var longer = Math.Max(frame.Height, frame.Width);
        return size == 0 ? frame : new Frame(Side(frame.Height), Side(frame.Width));

        int Side(int side) => Math.Max(1, (int)Math.Round((double)side * size / longer));
    }

    private static (int From, int To) Within(double from, double to, int length)
    {
        var first = Math.Clamp((int)Math.Round(from), 0, length - 1);
        return (first, Math.Clamp((int)Math.Round(to), first + 1, length));
    }
}
