using System.Buffers;

namespace Osteon.Masks;

/// <summary>Adds counts of unset and set pixels up to boundaries.</summary>
internal sealed class CountsReader(Frame frame) : IDisposable
{
    private readonly BoundaryList _boundaries = new();
    private readonly int _area = frame.Area;
    private int _sum;
    private bool _odd;

    public void Add(long count, long offset)
    {
        if (count < 0 || count > _area - _sum)
        {
            throw new MaskFormatException(
                count < 0 ? $"count {count} is negative" : $"count {count} leaves the frame {frame}: {_sum} of {_area} pixels were counted before it", offset);
        }

        _sum += (int)count;
        _odd = !_odd;
        _boundaries.Toggle(_sum);
    }

    public Mask Finish(long offset)
    {
        if (_sum != _area)
        {
            throw new MaskFormatException($"the counts add up to {_sum}; the frame {frame} has {_area} pixels", offset);
        }

        // Each count ended in a boundary; the end of unset pixels at the frame's end is none.
        if (_odd)
        {
            _boundaries.Toggle(_area);
        }

        return _boundaries.ToMask(frame);
    }

    public void Dispose() => _boundaries.Dispose();
}

/// <summary>COCO's two ways to write counts.</summary>
internal static unsafe class Counts
{
    public static Mask ReadText(byte* text, int length, Frame frame)
    {
        using var reader = new CountsReader(frame);
        var cursor = new DecimalCursor(text, length, length);
        while (cursor.TryNext(out var count))
        {
            reader.Add(count, cursor.Offset);
        }

        return reader.Finish(length);
    }

    /// <summary>Five bits a character from '0' on, the sixth says that more follow; the third count on is a difference to the one two before.</summary>
    public static Mask ReadString(ReadOnlySpan<byte> text, Frame frame)
    {
        using var reader = new CountsReader(frame);
        var (before, last, index) = (0L, 0L, 0);
        for (var at = 0; at < text.Length; index++)
        {
            var (value, shift, start) = (0L, 0, at);
            for (var more = true; more;)
            {
                if (at == text.Length)
                {
                    throw new MaskFormatException("the last count is cut off", at);
                }

                var bits = text[at] - '0';
                if (bits is < 0 or > 63 || shift > 35)
                {
                    throw new MaskFormatException(shift > 35 ? "a count has more than 40 bits" : $"byte 0x{text[at]:X2} is outside '0' to 'o'", at);
                }

                value |= (long)(bits & 0x1F) << shift;
                shift += 5;
                at++;
                more = (bits & 0x20) != 0;
                if (!more && (bits & 0x10) != 0)
                {
                    value |= -1L << shift;
                }
            }

            var count = index > 2 ? value + before : value;
            reader.Add(count, start);
            (before, last) = (last, count);
        }

        return reader.Finish(text.Length);
    }

    /// <summary>Counts in scan order, unset first; the last run of unset pixels is left out when it has none.</summary>
    public static int[] Of(Mask mask)
    {
        var runs = mask.Runs;
        var (at, area) = (0, mask.Frame.Area);
        var open = runs.IsEmpty || runs[^1].End < area;
        var counts = new int[(runs.Length * 2) + (open ? 1 : 0)];
        for (var i = 0; i < runs.Length; i++)
        {
            counts[2 * i] = runs[i].Start - at;
            counts[(2 * i) + 1] = runs[i].Length;
            at = runs[i].End;
        }

        if (open)
        {
            counts[^1] = area - at;
        }

        return counts;
    }

    public static void WriteText(ReadOnlySpan<int> counts, IBufferWriter<byte> output)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            fixed (byte* first = output.GetSpan(DecimalText.RunRoom))
            {
                var at = DecimalText.Write(first, (uint)counts[i]);
                *at = (byte)' ';
                output.Advance((int)(at - first) + (i == counts.Length - 1 ? 0 : 1));
            }
        }
    }

    public static void WriteString(ReadOnlySpan<int> counts, IBufferWriter<byte> output)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            var value = (long)counts[i] - (i > 2 ? counts[i - 2] : 0);
            var room = output.GetSpan(8);
            var written = 0;
            for (var more = true; more; written++)
            {
                var bits = (int)(value & 0x1F);
                value >>= 5;
                more = (bits & 0x10) != 0 ? value != -1 : value != 0;
                room[written] = (byte)('0' + bits + (more ? 0x20 : 0));
            }

            output.Advance(written);
        }
    }
}
