namespace Osteon.Masks;

/// <summary>A rectangle of a frame.</summary>
/// <param name="Top">Its first row.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Size">Its height and width.</param>
public readonly record struct Box(int Top, int Left, Frame Size)
{
    /// <summary>True where it lies within a frame and has pixels.</summary>
    public bool IsWithin(Frame frame) => Top >= 0 && Left >= 0 && Size is { Height: > 0, Width: > 0 } && Top <= frame.Height - Size.Height && Left <= frame.Width - Size.Width;

    /// <summary>What of a mask lies in it, as a mask of its size.</summary>
    /// <exception cref="ArgumentException">It leaves the mask's frame.</exception>
    public Mask Cut(Mask mask)
    {
        Demand(mask.Frame);
        if (Size == mask.Frame)
        {
            return mask;
        }

        var runs = new List<Run>();
        foreach (var run in mask.Runs)
        {
            for (var start = run.Start; start < run.End;)
            {
                var (y, x) = Math.DivRem(start, mask.Frame.Width);
                var end = (int)Math.Min(run.End, (y + 1L) * mask.Frame.Width);
                var (from, to) = (Math.Max(x - Left, 0), Math.Min(x + end - start - Left, Size.Width));
                if (y >= Top && y < Top + Size.Height && to > from)
                {
                    Append(runs, ((y - Top) * Size.Width) + from, to - from);
                }

                start = end;
            }
        }

        return new Mask(Size, [.. runs]);
    }

    /// <summary>A mask of its size where it lies in a frame; nothing is set around it.</summary>
    /// <exception cref="ArgumentException">The mask has another size, or the box leaves the frame.</exception>
    public Mask Place(Mask mask, Frame frame)
    {
        Demand(frame);
        if (mask.Frame != Size)
        {
            throw new ArgumentException($"The mask is {mask.Frame}, the box {Size}.", nameof(mask));
        }

        if (Size == frame)
        {
            return mask;
        }

        var runs = new List<Run>();
        foreach (var run in mask.Runs)
        {
            for (var start = run.Start; start < run.End;)
            {
                var (y, x) = Math.DivRem(start, Size.Width);
                var end = (int)Math.Min(run.End, (y + 1L) * Size.Width);
                Append(runs, ((y + Top) * frame.Width) + x + Left, end - start);
                start = end;
            }
        }

        return new Mask(frame, [.. runs]);
    }

    /// <summary>Reads Top, Left, Height×Width, as errors print it.</summary>
    public override string ToString() => $"{Size} at row {Top}, column {Left}";

    private void Demand(Frame frame)
    {
        if (!IsWithin(frame))
        {
            throw new ArgumentException($"The box {this} leaves the frame {frame}.", nameof(frame));
        }
    }

    // Rows of a box as wide as its frame touch.
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
}
