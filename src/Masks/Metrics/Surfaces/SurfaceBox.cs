namespace Osteon.Masks;

/// <summary>The smallest box of rows and columns that holds every set pixel of some masks: outside it nothing needs to be looked at.</summary>
internal readonly record struct SurfaceBox(int Top, int Left, int Height, int Width)
{
    public static SurfaceBox Around(params ReadOnlySpan<Mask> masks)
    {
        var (top, bottom, left, right) = (int.MaxValue, -1, int.MaxValue, -1);
        foreach (var mask in masks)
        {
            var width = mask.Frame.Width;
            foreach (var run in mask.Runs)
            {
                var (first, last) = (run.Start / width, (run.End - 1) / width);
                top = Math.Min(top, first);
                bottom = Math.Max(bottom, last);
                left = Math.Min(left, first == last ? run.Start % width : 0);
                right = Math.Max(right, first == last ? (run.End - 1) % width : width - 1);
            }
        }

        return new SurfaceBox(top, left, bottom - top + 1, right - left + 1);
    }

    /// <summary>The mask within the box, a byte a pixel; set pixels must all lie in it.</summary>
    public byte[] Draw(Mask mask)
    {
        var pixels = new byte[Height * Width];
        var width = mask.Frame.Width;
        foreach (var run in mask.Runs)
        {
            for (var at = run.Start; at < run.End;)
            {
                var (row, column) = (at / width, at % width);
                var length = Math.Min(run.End - at, width - column);
                pixels.AsSpan(((row - Top) * Width) + column - Left, length).Fill(1);
                at += length;
            }
        }

        return pixels;
    }

    /// <summary>
    /// Linear indices in the box of the set pixels that have an unset one above, below, left or right; what is outside the frame
    /// is unset: a mask without its erosion by a cross.
    /// </summary>
    public List<int> Surface(byte[] pixels)
    {
        var surface = new List<int>();
        for (var y = 0; y < Height; y++)
        {
            var row = y * Width;
            for (var x = 0; x < Width; x++)
            {
                var i = row + x;
                if (pixels[i] != 0 && (y == 0 || y == Height - 1 || x == 0 || x == Width - 1
                    || (pixels[i - Width] & pixels[i + Width] & pixels[i - 1] & pixels[i + 1]) == 0))
                {
                    surface.Add(i);
                }
            }
        }

        return surface;
    }
}
