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
