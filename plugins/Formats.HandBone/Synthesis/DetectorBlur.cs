namespace Osteon.Plugins.HandBone;

/// <summary>A Gaussian of small width, as a detector's cells spread light.</summary>
internal static class DetectorBlur
{
    /// <param name="pixels">A square image, changed in place.</param>
    /// <param name="size">Its side.</param>
    /// <param name="sigma">In pixels; below 0.3 the pixels' own width is more, and nothing is done.</param>
    public static void Apply(float[] pixels, int size, float sigma)
    {
        if (sigma < 0.3f)
        {
            return;
        }

        // Two taps a side hold more than 99 % up to sigma 1; wider ones are made of several passes.
        var passes = (int)MathF.Ceiling(sigma * sigma);
        var one = sigma / MathF.Sqrt(passes);
        var (near, far) = (MathF.Exp(-0.5f / (one * one)), MathF.Exp(-2 / (one * one)));
        var sum = 1 + (2 * near) + (2 * far);
        for (var pass = 0; pass < passes; pass++)
        {
            Rows(pixels, size, 1 / sum, near / sum, far / sum);
            Columns(pixels, size, 1 / sum, near / sum, far / sum);
        }
    }

    private static void Rows(float[] pixels, int size, float middle, float near, float far)
    {
        var copy = new float[size + 4];
        for (var y = 0; y < size; y++)
        {
            var row = pixels.AsSpan(y * size, size);
            row.CopyTo(copy.AsSpan(2));
            (copy[0], copy[1], copy[^2], copy[^1]) = (row[0], row[0], row[^1], row[^1]);
            Weigh(row, copy, copy.AsSpan(1), copy.AsSpan(2), copy.AsSpan(3), copy.AsSpan(4), middle, near, far);
        }
    }

    private static void Columns(float[] pixels, int size, float middle, float near, float far)
    {
        // Rows already written are needed as they were: the row itself and two above it.
        var kept = new[] { pixels[..size], pixels[..size], pixels[..size] };
        for (var y = 0; y < size; y++)
        {
            var own = kept[y % 3];
            pixels.AsSpan(y * size, size).CopyTo(own);
            Weigh(pixels.AsSpan(y * size, size), kept[(y + 1) % 3], kept[(y + 2) % 3], own, Below(1), Below(2), middle, near, far);

            ReadOnlySpan<float> Below(int rows) => Math.Min(y + rows, size - 1) is var row && row > y ? pixels.AsSpan(row * size, size) : own;
        }
    }

    private static void Weigh(Span<float> to, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d, ReadOnlySpan<float> e, float middle, float near, float far)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = (middle * c[i]) + (near * (b[i] + d[i])) + (far * (a[i] + e[i]));
        }
    }
}
