using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>
/// Masks as bytes: for each class the number of runs, then for each run the gap since the last one's end and the length, all as
/// LEB128 (seven bits a byte, low first). A bone of 40,000 pixels takes about a kilobyte.
/// </summary>
internal static class TruthCodec
{
    public static byte[] Encode(IReadOnlyList<Mask> masks)
    {
        var bytes = new List<byte>(1024);
        foreach (var mask in masks)
        {
            Append(bytes, mask.Runs.Length);
            var end = 0;
            foreach (var run in mask.Runs)
            {
                Append(bytes, run.Start - end);
                Append(bytes, run.Length);
                end = run.End;
            }
        }

        return [.. bytes];
    }

    /// <summary>The masks of all classes, or null when the bytes are not such a list.</summary>
    public static Mask[]? Decode(ReadOnlySpan<byte> bytes, Frame frame, int classes)
    {
        var masks = new Mask[classes];
        for (var k = 0; k < classes; k++)
        {
            // A run takes at least two bytes, so that a damaged count cannot ask for much memory.
            if (!Next(ref bytes, out var count) || count > bytes.Length / 2)
            {
                return null;
            }

            var runs = new Run[count];
            var end = 0L;
            for (var i = 0; i < count; i++)
            {
                if (!Next(ref bytes, out var gap) || !Next(ref bytes, out var length) || length == 0 || (i > 0 && gap == 0)
                    || end + gap + length > (long)frame.Height * frame.Width)
                {
                    return null;
                }

                runs[i] = new Run((int)(end + gap), length);
                end += gap + length;
            }

            masks[k] = new Mask(frame, runs);
        }

        return bytes.IsEmpty ? masks : null;
    }

    private static void Append(List<byte> bytes, int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }

    private static bool Next(ref ReadOnlySpan<byte> bytes, out int value)
    {
        var sum = 0L;
        for (var i = 0; i < Math.Min(bytes.Length, 5); i++)
        {
            sum |= (long)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                value = (int)sum;
                return sum <= int.MaxValue;
            }
        }

        value = 0;
        return false;
    }
}
