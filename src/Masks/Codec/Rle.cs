using System.Buffers;
using System.Text;

namespace Osteon.Masks;

/// <summary>Masks to run-length text and back, in every convention of <see cref="RleConvention"/>.</summary>
public static unsafe class Rle
{
    /// <summary>Reads a mask.</summary>
    /// <param name="text">ASCII. Touching runs join; spaces may repeat.</param>
    /// <param name="convention">How it was written. A wrong one often reads without an error.</param>
    /// <param name="frame">The image's grid.</param>
    /// <exception cref="MaskFormatException">The text breaks the convention or leaves the frame; the message names the character.</exception>
    public static Mask Decode(ReadOnlySpan<byte> text, RleConvention convention, Frame frame)
    {
        Demand(frame);
        var scanned = convention.Order == ScanOrder.Row ? frame : new Frame(frame.Width, frame.Height);
        var mask = Scanned(text, convention, scanned);
        return convention.Order == ScanOrder.Row ? mask : mask.Transpose();
    }

    /// <inheritdoc cref="Decode(ReadOnlySpan{byte}, RleConvention, Frame)"/>
    public static Mask Decode(ReadOnlySpan<char> text, RleConvention convention, Frame frame)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            return Ascii.FromUtf16(text, bytes, out var written) == OperationStatus.Done
                ? Decode(bytes.AsSpan(0, written), convention, frame)
                : throw new MaskFormatException($"U+{(int)text[written]:X4} is not ASCII", written);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Writes a mask.</summary>
    public static string Encode(Mask mask, RleConvention convention)
    {
        var output = new ArrayBufferWriter<byte>((mask.Runs.Length * 12) + DecimalText.RunRoom);
        Encode(mask, convention, output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }

    /// <summary>Writes a mask as ASCII.</summary>
    public static void Encode(Mask mask, RleConvention convention, IBufferWriter<byte> output)
    {
        var scanned = convention.Order == ScanOrder.Row ? mask : mask.Transpose();
        switch (convention.Form)
        {
            case RleForm.StartLength when mask.IsEmpty:
                Encoding.ASCII.GetBytes(convention.EmptyText, output);
                break;
            case RleForm.StartLength:
                WritePairs(scanned, convention.Base, output);
                break;
            case RleForm.Counts:
                Counts.WriteText(Counts.Of(scanned), output);
                break;
            default:
                Counts.WriteString(Counts.Of(scanned), output);
                break;
        }
    }

    /// <summary>Reads a list of counts, as COCO's JSON holds it.</summary>
    /// <param name="counts">Unset and set pixels in turn, unset first.</param>
    /// <param name="frame">The image's grid; COCO writes it beside the list as <c>size: [height, width]</c>.</param>
    /// <param name="order">COCO's order is by columns.</param>
    /// <exception cref="MaskFormatException">A count is negative or leaves the frame, or they do not add up to it.</exception>
    public static Mask FromCounts(ReadOnlySpan<int> counts, Frame frame, ScanOrder order = ScanOrder.Column)
    {
        Demand(frame);
        using var reader = new CountsReader(order == ScanOrder.Row ? frame : new Frame(frame.Width, frame.Height));
        for (var i = 0; i < counts.Length; i++)
        {
            reader.Add(counts[i], i);
        }

        var mask = reader.Finish(counts.Length);
        return order == ScanOrder.Row ? mask : mask.Transpose();
    }

    /// <summary>A list of counts for COCO's JSON; an empty mask is one count, the whole frame.</summary>
    public static int[] ToCounts(Mask mask, ScanOrder order = ScanOrder.Column) =>
        Counts.Of(order == ScanOrder.Row ? mask : mask.Transpose());

    /// <summary>Frames come from files as well.</summary>
    private static void Demand(Frame frame)
    {
        if (frame.Height < 1 || frame.Width < 1 || (long)frame.Height * frame.Width > int.MaxValue)
        {
            throw new MaskFormatException($"The frame {frame} is outside 1 to 2147483647 pixels.");
        }
    }

    private static Mask Scanned(ReadOnlySpan<byte> text, RleConvention convention, Frame frame)
    {
        fixed (byte* first = text)
        {
            return convention.Form switch
            {
                RleForm.CocoString => Counts.ReadString(text, frame),
                RleForm.Counts => Counts.ReadText(first, text.Length, frame),
                _ => ReadPairs(first, text, convention, frame),
            };
        }
    }

    private static Mask ReadPairs(byte* first, ReadOnlySpan<byte> text, RleConvention convention, Frame frame)
    {
        if (convention.EmptyText.Length > 0 && Ascii.Equals(text.Trim((byte)' '), convention.EmptyText))
        {
            return Mask.Empty(frame);
        }

        var buffer = ArrayPool<int>.Shared.Rent(StartLength.Room(text.Length));
        try
        {
            fixed (int* boundaries = buffer)
            {
                var limit = (int)Math.Min(int.MaxValue, (long)convention.Base + frame.Area);
                var count = StartLength.Read(first, text.Length, text.Length, convention.Base, limit, boundaries);
                foreach (ref var boundary in buffer.AsSpan(0, count))
                {
                    boundary -= convention.Base;
                }

                return Mask.FromBoundaries(frame, buffer.AsSpan(0, count));
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(buffer);
        }
    }

    private static void WritePairs(Mask mask, int origin, IBufferWriter<byte> output)
    {
        var buffer = ArrayPool<int>.Shared.Rent(mask.Runs.Length * 2);
        var count = 0;
        foreach (var run in mask.Runs)
        {
            buffer[count++] = run.Start + origin;
            buffer[count++] = run.End + origin;
        }

        StartLength.Write(buffer.AsSpan(0, count), output);
        ArrayPool<int>.Shared.Return(buffer);
    }
}
