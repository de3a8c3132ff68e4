using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>
/// Masks as bytes: for each class the number of runs, then for each run the gap since the last one's end and the length, all as
/// LEB128. A bone of 40,000 pixels takes about a kilobyte.
/// </summary>
internal static class TruthCodec
{
    public static byte[] Encode(IReadOnlyList<Mask> masks)
    {
        var bytes = new List<byte>(1024);
        foreach (var mask in masks)
        {
            Leb128.Append(bytes, mask.Runs.Length);
            var end = 0;
            foreach (var run in mask.Runs)
            {
                Leb128.Append(bytes, run.Start - end);
                Leb128.Append(bytes, run.Length);
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
            if (!Leb128.Next(ref bytes, out var count) || count > bytes.Length / 2)
            {
                return null;
            }

            var runs = new Run[count];
            var end = 0L;
            for (var i = 0; i < count; i++)
            {
                if (!Leb128.Next(ref bytes, out var gap) || !Leb128.Next(ref bytes, out var length) || length == 0 || (i > 0 && gap == 0)
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
}
