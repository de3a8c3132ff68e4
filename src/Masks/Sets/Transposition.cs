namespace Osteon.Masks;

/// <summary>
/// Row order to column order without a bit plane. Along a column a run opens or closes where a pixel differs from the one above,
/// that is in the symmetric difference of the mask and the mask moved down a row: a merge of two boundary lists. Sorting
/// those pixels by column (a counting sort, rows are ascending already) leaves the boundaries of the result.
/// </summary>
internal static class Transposition
{
    public static Mask Of(Mask mask)
    {
        var (height, width) = mask.Frame;
        var to = new Frame(width, height);
        if (mask.IsEmpty)
        {
            return Mask.Empty(to);
        }

        using var differing = new BoundaryList((mask.Runs.Length * 4) + 4);
        DifferFromAbove(mask.Runs, width, differing);
        var (low, high) = Columns(differing.Items, width);
        var starts = new int[high - low + 1];
        foreach (var piece in new Pieces(differing.Items, width))
        {
            foreach (ref var count in starts.AsSpan(piece.Column - low + 1, piece.Length))
            {
                count++;
            }
        }

        for (var x = 1; x < starts.Length; x++)
        {
            starts[x] += starts[x - 1];
        }

        var rows = new int[starts[^1]];
        foreach (var piece in new Pieces(differing.Items, width))
        {
            foreach (ref var next in starts.AsSpan(piece.Column - low, piece.Length))
            {
                rows[next++] = piece.Row;
            }
        }

        // Filling has moved each start to where the next column's were.
        using var boundaries = new BoundaryList(rows.Length + 1);
        for (int x = low, i = 0; x < high; x++)
        {
            for (; i < starts[x - low]; i++)
            {
                boundaries.Toggle(checked((x * height) + rows[i]));
            }
        }

        return boundaries.ToMask(to);
    }

    /// <summary>Intervals of pixels unlike the pixel above; the row below the frame counts, since there runs close.</summary>
    private static void DifferFromAbove(ReadOnlySpan<Run> runs, int width, BoundaryList differing)
    {
        // Two readers of one list: boundary n is the start (even n) or end (odd n) of run n / 2.
        for (int here = 0, above = 0; above < runs.Length * 2;)
        {
            var moved = checked(At(runs, above) + width);
            if (here < runs.Length * 2 && At(runs, here) <= moved)
            {
                differing.Toggle(At(runs, here++));
            }
            else
            {
                differing.Toggle(moved);
                above++;
            }
        }
    }

    private static int At(ReadOnlySpan<Run> runs, int boundary) =>
        (boundary & 1) == 0 ? runs[boundary >> 1].Start : runs[boundary >> 1].End;

    private static (int Low, int High) Columns(ReadOnlySpan<int> differing, int width)
    {
        var (low, high) = (width, 0);
        foreach (var piece in new Pieces(differing, width))
        {
            low = Math.Min(low, piece.Column);
            high = Math.Max(high, piece.Column + piece.Length);
        }

        return (low, high);
    }

    private readonly record struct Piece(int Row, int Column, int Length);

    /// <summary>Cuts linear intervals where a row ends.</summary>
    private ref struct Pieces(ReadOnlySpan<int> boundaries, int width)
    {
        private readonly ReadOnlySpan<int> _boundaries = boundaries;
        private int _next;
        private int _at;
        private int _end;

        public Piece Current { get; private set; }

        public readonly Pieces GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_at == _end)
            {
                if (_next == _boundaries.Length)
                {
                    return false;
                }

                _at = _boundaries[_next++];
                _end = _boundaries[_next++];
            }

            var row = _at / width;
            var column = _at - (row * width);
            var length = Math.Min(_end - _at, width - column);
            Current = new Piece(row, column, length);
            _at += length;
            return true;
        }
    }
}
