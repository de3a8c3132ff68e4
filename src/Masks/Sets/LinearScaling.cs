using System.Buffers;
using System.Numerics;

namespace Osteon.Masks;

/// <summary>One class's values, e.g. logits, height × width, row-major.</summary>
/// <param name="k">The class.</param>
public delegate ReadOnlySpan<float> PlaneSource(int k);

/// <summary>
/// Judges values at another frame, between pixels bilinearly, without making the plane at that frame: a value between four that are not
/// above the threshold is not above it either, so that only what lies around a class costs anything.
/// </summary>
/// <remarks>The grid of OpenCV's INTER_LINEAR (pixel centres at half, edges repeated). Safe to use from several threads.</remarks>
public sealed class LinearScaling
{
    private const int Word = 64;

    private readonly Frame _from, _to;
    private readonly int[] _rows, _columns;
    private readonly float[] _rowShares, _columnShares;

    /// <summary>For each source column, and one past the last, the first target column between it, or a later one, and the next.</summary>
    private readonly int[] _firstTargets;

    /// <summary>Prepares for planes of one frame.</summary>
    public LinearScaling(Frame from, Frame to)
    {
        (_from, _to) = (from, to);
        (_rows, _rowShares) = Places(from.Height, to.Height);
        (_columns, _columnShares) = Places(from.Width, to.Width);
        _firstTargets = new int[from.Width + 1];
        for (int source = 0, target = 0; source <= from.Width; source++)
        {
            while (target < to.Width && _columns[target] < source)
            {
                target++;
            }

            _firstTargets[source] = target;
        }
    }

    /// <summary>Pixels of the target frame whose value is above the threshold.</summary>
    /// <param name="plane">As many values as the source frame has pixels.</param>
    /// <param name="threshold">In the values' own unit: 0 for logits is 0.5 for probabilities.</param>
    /// <exception cref="ArgumentException">The span's length is not the source frame's area.</exception>
    public Mask Above(ReadOnlySpan<float> plane, float threshold)
    {
        DenseScan.Demand(plane.Length, _from);
        if (_from == _to)
        {
            return DenseScan.Above(plane, _to, threshold);
        }

        var spans = ArrayPool<(int Begin, int End)>.Shared.Rent(_from.Height);
        var pair = new RowPair(this, ArrayPool<float>.Shared.Rent(2 * Stride));
        using var boundaries = new BoundaryList();
        try
        {
            for (var row = 0; row < _from.Height; row++)
            {
                spans[row] = Targets(Active(plane.Slice(row * _from.Width, _from.Width), threshold));
            }

            for (var y = 0; y < _to.Height; y++)
            {
                var (above, below) = (_rows[y], Math.Min(_rows[y] + 1, _from.Height - 1));
                var span = Hull(spans[above], spans[below]);
                if (span.End > span.Begin)
                {
                    // What the rows on both sides will ask of these two, too, so that each is made once.
                    pair.Move(plane, above, below, Hull(Hull(spans[Math.Max(above - 1, 0)], span), spans[Math.Min(below + 1, _from.Height - 1)]));
                    AddRow(boundaries, pair.Above, pair.Below, _rowShares[y], threshold, y * _to.Width, span);
                }
            }

            return boundaries.ToMask(_to);
        }
        finally
        {
            ArrayPool<(int, int)>.Shared.Return(spans);
            ArrayPool<float>.Shared.Return(pair.Memory);
        }
    }

    /// <summary>Gives each pixel of the target frame the class with the largest value, the first of equals.</summary>
    /// <param name="classes">1 to 64.</param>
    /// <param name="plane">Each class's values; asked from several threads.</param>
    /// <returns>One mask a class, which together hold each pixel once.</returns>
    public Mask[] Largest(int classes, PlaneSource plane) => Winners(_to, classes, (begin, end, winners) => Judge(classes, plane, begin, end, winners));

    /// <summary>Pixels of the target frame at which the sum of planes of any frames is above the threshold. Nothing is made at the target frame but a row at a time.</summary>
    /// <param name="planes">Each with its scaling; all have one target.</param>
    /// <param name="threshold">In the values' own unit.</param>
    public static Mask SumAbove(IReadOnlyList<(LinearScaling Scaling, float[] Plane)> planes, float threshold)
    {
        var first = planes[0].Scaling;
        if (planes.Count == 1)
        {
            return first.Above(planes[0].Plane, threshold);
        }

        RowPair[] pairs = [.. planes.Select(p => new RowPair(p.Scaling, new float[2 * p.Scaling.Stride]))];
        var sums = new float[first.Stride];
        using var boundaries = new BoundaryList();
        for (var y = 0; y < first._to.Height; y++)
        {
            sums.AsSpan().Clear();
            for (var p = 0; p < pairs.Length; p++)
            {
                pairs[p].AddRow(planes[p].Plane, y, sums);
            }

            AddRow(boundaries, sums, sums, 0, threshold, y * first._to.Width, (0, first._to.Width));
        }

        return boundaries.ToMask(first._to);
    }

    /// <summary>Gives each pixel of the target frame the class with the largest sum of planes of any frames, the first of equals.</summary>
    /// <param name="classes">1 to 64.</param>
    /// <param name="planes">A plane a class, each set with its scaling; all have one target.</param>
    /// <returns>One mask a class, which together hold each pixel once.</returns>
    public static Mask[] LargestSum(int classes, IReadOnlyList<(LinearScaling Scaling, float[][] Planes)> planes)
    {
        var (to, stride) = (planes[0].Scaling._to, planes[0].Scaling.Stride);
        return planes.Count == 1 ? planes[0].Scaling.Largest(classes, k => planes[0].Planes[k]) : Winners(to, classes, (begin, end, winners) =>
        {
            RowPair[][] pairs = [.. planes.Select(set => set.Planes.Select(_ => new RowPair(set.Scaling, new float[2 * set.Scaling.Stride])).ToArray())];
            var (sums, best) = (new float[stride], new float[stride]);
            for (var y = begin; y < end; y++)
            {
                for (var k = 0; k < classes; k++)
                {
                    sums.AsSpan().Clear();
                    for (var set = 0; set < pairs.Length; set++)
                    {
                        pairs[set][k].AddRow(planes[set].Planes[k], y, sums);
                    }

                    Compare(sums, sums, 0, best, winners.AsSpan(y * to.Width, to.Width), (byte)k);
                }
            }
        });
    }

    private int Stride => _to.Width + Word;

    // The judge writes the class of each pixel of rows begin to end; several work at a time.
    private static Mask[] Winners(Frame to, int classes, Action<int, int, byte[]> judge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, LabelMap.MaxClasses);
        var winners = ArrayPool<byte>.Shared.Rent(to.Area);
        try
        {
            var bands = Math.Clamp(Environment.ProcessorCount, 1, to.Height);
            Parallel.For(0, bands, band => judge((int)((long)band * to.Height / bands), (int)((band + 1L) * to.Height / bands), winners));
            return Runs(winners.AsSpan(0, to.Area), classes, to);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(winners);
        }
    }

    private void Judge(int classes, PlaneSource plane, int begin, int end, byte[] winners)
    {
        var pairs = new RowPair[classes];
        var best = new float[Stride];
        for (var k = 0; k < classes; k++)
        {
            pairs[k] = new RowPair(this, new float[2 * Stride]);
        }

        for (var y = begin; y < end; y++)
        {
            var won = winners.AsSpan(y * _to.Width, _to.Width);
            for (var k = 0; k < classes; k++)
            {
                pairs[k].Move(plane(k), _rows[y], Math.Min(_rows[y] + 1, _from.Height - 1), (0, _to.Width));
                Compare(pairs[k].Above, pairs[k].Below, _rowShares[y], best, won, (byte)k);
            }
        }
    }

    private static void Compare(ReadOnlySpan<float> above, ReadOnlySpan<float> below, float share, Span<float> best, Span<byte> won, byte k)
    {
        for (var x = 0; x < won.Length; x++)
        {
            var value = (above[x] * (1 - share)) + (below[x] * share);
            if (k == 0 || value > best[x])
            {
                (best[x], won[x]) = (value, k);
            }
        }
    }

    private static Mask[] Runs(ReadOnlySpan<byte> winners, int classes, Frame to)
    {
        var runs = new List<Run>[classes];
        for (var k = 0; k < classes; k++)
        {
            runs[k] = [];
        }

        for (var start = 0; start < winners.Length;)
        {
            var length = winners[start..].IndexOfAnyExcept(winners[start]);
            length = length < 0 ? winners.Length - start : length;
            runs[winners[start]].Add(new Run(start, length));
            start += length;
        }

        return [.. runs.Select(r => new Mask(to, [.. r]))];
    }

    private static void AddRow(BoundaryList boundaries, ReadOnlySpan<float> above, ReadOnlySpan<float> below, float share, float threshold, int origin, (int Begin, int End) span)
    {
        var (upper, lower, limit) = (new Vector<float>(1 - share), new Vector<float>(share), new Vector<float>(threshold));
        for (var x = span.Begin; x < span.End; x += Word)
        {
            var set = 0UL;
            for (var lane = 0; lane < Word; lane += Vector<float>.Count)
            {
                var value = (new Vector<float>(above[(x + lane)..]) * upper) + (new Vector<float>(below[(x + lane)..]) * lower);
                set |= Bits(Vector.GreaterThan(value, limit)) << lane;
            }

            if (span.End - x < Word)
            {
                set &= (1UL << (span.End - x)) - 1;
            }

            for (var changes = set ^ (set << 1); changes != 0; changes &= changes - 1)
            {
                boundaries.Toggle(origin + x + BitOperations.TrailingZeroCount(changes));
            }

            if (set >> (Word - 1) != 0)
            {
                boundaries.Toggle(origin + x + Word);
            }
        }
    }

    private static ulong Bits(Vector<int> mask) => Vector<int>.Count switch
    {
        4 => System.Runtime.Intrinsics.Vector128.ExtractMostSignificantBits(System.Runtime.Intrinsics.Vector128.AsVector128(mask)),
        8 => System.Runtime.Intrinsics.Vector256.ExtractMostSignificantBits(System.Runtime.Intrinsics.Vector256.AsVector256(mask)),
        _ => System.Runtime.Intrinsics.Vector512.ExtractMostSignificantBits(System.Runtime.Intrinsics.Vector512.AsVector512(mask)),
    };

    /// <summary>The source columns outside of which nothing is above; empty where nothing is.</summary>
    private static (int Begin, int End) Active(ReadOnlySpan<float> row, float threshold)
    {
        var limit = new Vector<float>(threshold);
        var (begin, end, x) = (row.Length, 0, 0);
        for (; x <= row.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            if (Vector.GreaterThanAny(new Vector<float>(row[x..]), limit))
            {
                (begin, end) = (Math.Min(begin, x), x + Vector<float>.Count);
            }
        }

        for (; x < row.Length; x++)
        {
            if (row[x] > threshold)
            {
                (begin, end) = (Math.Min(begin, x), x + 1);
            }
        }

        return (begin, end);
    }

    // A target column lies between a source column and the next, and either may be the one that is above.
    private (int Begin, int End) Targets((int Begin, int End) active) => active.End > active.Begin
        ? (_firstTargets[Math.Max(active.Begin - 1, 0)], _firstTargets[active.End])
        : (_to.Width, 0);

    private static (int Begin, int End) Hull((int Begin, int End) a, (int Begin, int End) b) => (Math.Min(a.Begin, b.Begin), Math.Max(a.End, b.End));

    private static (int[] Sources, float[] Shares) Places(int from, int to)
    {
        var step = (double)from / to;
        var (sources, shares) = (new int[to], new float[to]);
        for (var i = 0; i < to; i++)
        {
            var at = (float)(((i + 0.5) * step) - 0.5);
            var source = (int)MathF.Floor(at);
            (sources[i], shares[i]) = source < 0 ? (0, 0) : source >= from - 1 ? (from - 1, 0) : (source, at - source);
        }

        return (sources, shares);
    }

    /// <summary>Two source rows at the target's columns; moving down by one makes one of them anew.</summary>
    private sealed class RowPair(LinearScaling scaling, float[] memory)
    {
        private int _above = -1, _below = -1;
        private (int Begin, int End) _aboveSpan, _belowSpan;
        private bool _swapped;

        public float[] Memory => memory;

        public ReadOnlySpan<float> Above => memory.AsSpan(_swapped ? scaling.Stride : 0, scaling.Stride);

        public ReadOnlySpan<float> Below => memory.AsSpan(_swapped ? 0 : scaling.Stride, scaling.Stride);

        public void Move(ReadOnlySpan<float> plane, int above, int below, (int Begin, int End) span)
        {
            if (above == _below && above != _above)
            {
                (_swapped, _above, _aboveSpan, _below) = (!_swapped, _below, _belowSpan, -1);
            }

            if (_above != above || span.Begin < _aboveSpan.Begin || span.End > _aboveSpan.End)
            {
                Fill(plane, above, span, _swapped ? scaling.Stride : 0);
                (_above, _aboveSpan) = (above, span);
            }

            if (_below != below || span.Begin < _belowSpan.Begin || span.End > _belowSpan.End)
            {
                Fill(plane, below, span, _swapped ? 0 : scaling.Stride);
                (_below, _belowSpan) = (below, span);
            }
        }

        /// <summary>Adds the target's row y of a plane.</summary>
        public void AddRow(ReadOnlySpan<float> plane, int y, Span<float> sums)
        {
            Move(plane, scaling._rows[y], Math.Min(scaling._rows[y] + 1, scaling._from.Height - 1), (0, scaling._to.Width));
            var share = scaling._rowShares[y];
            ReadOnlySpan<float> above = Above, below = Below;
            for (var x = 0; x < scaling._to.Width; x++)
            {
                sums[x] += (above[x] * (1 - share)) + (below[x] * share);
            }
        }

        private void Fill(ReadOnlySpan<float> plane, int row, (int Begin, int End) span, int at)
        {
            var source = plane.Slice(row * scaling._from.Width, scaling._from.Width);
            var target = memory.AsSpan(at, scaling._to.Width);
            var (columns, shares, last) = (scaling._columns, scaling._columnShares, source.Length - 1);
            for (var x = span.Begin; x < span.End; x++)
            {
                var column = columns[x];
                target[x] = (source[column] * (1 - shares[x])) + (source[Math.Min(column + 1, last)] * shares[x]);
            }
        }
    }
}
