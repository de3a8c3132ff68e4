using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The transpose of a convolution: strides enlarge.</summary>
public abstract class ConvolutionTranspose : Convolution
{
    private protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(name, in_channels, out_channels, kernel_size, stride, Border.Even(padding), dilation, PaddingModes.Zeros, groups, bias, transposed: true, device, dtype) => this.output_padding = output_padding;

    public long[] output_padding { get; }

    public override Tensor forward(Tensor input) => forward(input, null);

    /// <summary>Convolves to a size, of those that a stride makes equal on the way back.</summary>
    /// <param name="input">(N, C, …), or without N.</param>
    /// <param name="output_size">Lengths of the axes, N and C before them or not; null for what <see cref="output_padding"/> makes.</param>
    /// <exception cref="ArgumentException">No output padding below the stride makes this size.</exception>
    public abstract Tensor forward(Tensor input, long[]? output_size);

    public Tensor call(Tensor input, long[]? output_size) => forward(input, output_size);

    private protected Tensor ConvolveTo(string op, Tensor input, long[]? output_size) =>
        functional.ConvolveTransposed(op, input, weight, bias, stride, padding, output_size is null ? output_padding : PaddingFor(input, output_size), dilation, groups);

    private long[] PaddingFor(Tensor input, long[] output_size)
    {
        var axes = stride.Length;
        var before = (int)input.ndim - axes;
        if (output_size.Length != axes && output_size.Length != before + axes)
        {
            throw new ArgumentException($"output_size has {output_size.Length} lengths; give {axes}, or {before + axes} with those before the axes.", nameof(output_size));
        }

        var wanted = output_size[^axes..];
        long[] least = [.. stride.Select((s, i) => ((input.size(before + i) - 1) * s) - (2 * padding[i]) + (dilation[i] * (kernel_size[i] - 1)) + 1)];
        long[] found = [.. wanted.Zip(least, (w, l) => w - l)];
        return found.Zip(stride).All(p => p.First >= 0 && p.First < p.Second) ? found
            : throw new ArgumentException($"output_size [{string.Join(", ", wanted)}] must be from [{string.Join(", ", least)}] to [{string.Join(", ", least.Zip(stride, (l, s) => l + s - 1))}].", nameof(output_size));
    }
}

/// <summary>The transpose of a convolution over (N, C, L).</summary>
public sealed class ConvTranspose1d : ConvolutionTranspose
{
    internal ConvTranspose1d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(ConvTranspose1d), in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, groups, bias, device, dtype)
    {
    }

    public override Tensor forward(Tensor input, long[]? output_size) => ConvolveTo("conv_transpose1d", input, output_size);
}

/// <summary>The transpose of a convolution over (N, C, H, W).</summary>
public sealed class ConvTranspose2d : ConvolutionTranspose
{
    internal ConvTranspose2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(ConvTranspose2d), in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, groups, bias, device, dtype)
    {
    }

    public override Tensor forward(Tensor input, long[]? output_size) => ConvolveTo("conv_transpose2d.input", input, output_size);
}

/// <summary>The transpose of a convolution over (N, C, D, H, W).</summary>
public sealed class ConvTranspose3d : ConvolutionTranspose
{
    internal ConvTranspose3d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(ConvTranspose3d), in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, groups, bias, device, dtype)
    {
    }

    public override Tensor forward(Tensor input, long[]? output_size) => ConvolveTo("conv_transpose3d.input", input, output_size);
}
