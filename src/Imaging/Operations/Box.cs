using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>A rectangle of pixels; all four sides belong to it.</summary>
internal readonly record struct Box(int Top, int Left, int Bottom, int Right)
{
    public int Height => Bottom - Top + 1;

    public int Width => Right - Left + 1;

    public bool IsEmpty => Bottom < Top || Right < Left;

    public Box Within(Frame frame) =>
        new(Math.Max(Top, 0), Math.Max(Left, 0), Math.Min(Bottom, frame.Height - 1), Math.Min(Right, frame.Width - 1));

    /// <summary>Larger by so many pixels on each side.</summary>
    public Box Grown(int pixels) => new(Top - pixels, Left - pixels, Bottom + pixels, Right + pixels);

    /// <summary>Draws a mask that lies in the box; other pixels become 0.</summary>
    /// <param name="mask">Its pixels outside the box are no one's.</param>
    /// <param name="canvas">Height × width bytes.</param>
    /// <param name="value">Of a set pixel.</param>
    public void Draw(Mask mask, Span<byte> canvas, byte value)
    {
        canvas.Clear();
        var width = mask.Frame.Width;
        foreach (var run in mask.Runs)
        {
            for (int start = run.Start, end; start < run.End; start = end)
            {
                var (y, x) = Math.DivRem(start, width);
                end = (int)Math.Min(run.End, (y + 1L) * width);
                canvas.Slice(((y - Top) * Width) + x - Left, end - start).Fill(value);
            }
        }
    }

    /// <summary>The pixels of a canvas that are 1, as runs of a frame.</summary>
    /// <param name="canvas">Height × width bytes, 0 or 1.</param>
    /// <param name="frame">Holds the box.</param>
    public Run[] Runs(ReadOnlySpan<byte> canvas, Frame frame)
    {
        var runs = new List<Run>(Height);
        for (var y = 0; y < Height; y++)
        {
            var row = canvas.Slice(y * Width, Width);
            var origin = ((Top + y) * frame.Width) + Left;
            for (var x = row.IndexOf((byte)1); x >= 0;)
            {
                var length = row[x..].IndexOf((byte)0);
                length = length < 0 ? row.Length - x : length;
                Append(runs, origin + x, length);

                var gap = row[(x + length)..].IndexOf((byte)1);
                x = gap < 0 ? -1 : x + length + gap;
            }
        }

        return [.. runs];
    }

    // In a box as wide as the frame, a run that ends a row touches one that starts the next.
    private static void Append(List<Run> runs, int start, int length)
    {
        if (runs.Count > 0 && runs[^1].End == start)
        {
            runs[^1] = new Run(runs[^1].Start, runs[^1].Length + length);
        }
        else
        {
            runs.Add(new Run(start, length));
        }
    }

    /// <summary>The smallest box around a mask's pixels; empty for an empty mask.</summary>
    public static Box Around(Mask mask)
    {
        var (width, box) = (mask.Frame.Width, new Box(int.MaxValue, int.MaxValue, -1, -1));
        foreach (var run in mask.Runs)
        {
            var (top, left) = Math.DivRem(run.Start, width);
            var (bottom, right) = Math.DivRem(run.End - 1, width);
            (left, right) = top == bottom ? (left, right) : (0, width - 1);
            box = new Box(Math.Min(box.Top, top), Math.Min(box.Left, left), Math.Max(box.Bottom, bottom), Math.Max(box.Right, right));
        }

        return box;
    }
}
