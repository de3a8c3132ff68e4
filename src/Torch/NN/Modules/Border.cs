namespace TorchSharp.Modules;

/// <summary>What a convolution adds around its input: elements before and after each axis.</summary>
internal sealed record Border(long[] Before, long[] After)
{
    /// <summary>The same at both ends.</summary>
    public static Border Even(long[] width) => new(width, width);

    /// <summary>What keeps the size, or nothing. Of an uneven number the greater half comes after, as in PyTorch.</summary>
    public static Border Of(Padding padding, long[] kernel_size, long[] stride, long[] dilation)
    {
        if (padding == Padding.Valid)
        {
            return Even(new long[kernel_size.Length]);
        }

        if (stride.Any(s => s != 1))
        {
            throw new ArgumentException($"Padding.Same keeps the size, which strides of {string.Join(", ", stride)} do not; it takes a stride of 1.", nameof(padding));
        }

        long[] total = [.. kernel_size.Zip(dilation, (k, d) => d * (k - 1))];
        long[] before = [.. total.Select(t => t / 2)];
        return new(before, [.. total.Zip(before, (t, b) => t - b)]);
    }

    public bool IsEven => Before.AsSpan().SequenceEqual(After);

    /// <summary>Before and after, from the last axis backwards.</summary>
    public long[] Sides() => [.. Before.Zip(After, (b, a) => new[] { b, a }).Reverse().SelectMany(s => s)];
}
