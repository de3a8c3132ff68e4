using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Slides kernels over (N, C, L).</summary>
public sealed class Conv1d : Convolution
{
    internal Conv1d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(Conv1d), in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, transposed: false, device, dtype) => this.padding_mode = padding_mode;

    public PaddingModes padding_mode { get; }

    public override Tensor forward(Tensor input)
    {
        if (padding_mode is PaddingModes.Zeros)
        {
            return functional.Convolve("conv1d", input, weight, bias, stride, padding, dilation, groups);
        }

        using var padded = functional.pad(input, [padding[0], padding[0]], padding_mode);
        return functional.Convolve("conv1d", padded, weight, bias, stride, [0], dilation, groups);
    }
}

/// <summary>Slides kernels over (N, C, D, H, W).</summary>
public sealed class Conv3d : Convolution
{
    internal Conv3d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(Conv3d), in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, transposed: false, device, dtype) => this.padding_mode = padding_mode;

    public PaddingModes padding_mode { get; }

    public override Tensor forward(Tensor input)
    {
        if (padding_mode is PaddingModes.Zeros)
        {
            return functional.Convolve("conv3d", input, weight, bias, stride, padding, dilation, groups);
        }

        using var padded = functional.pad(input, [padding[2], padding[2], padding[1], padding[1], padding[0], padding[0]], padding_mode);
        return functional.Convolve("conv3d", padded, weight, bias, stride, [0, 0, 0], dilation, groups);
    }
}

/// <summary>The transpose of a convolution over (N, C, L).</summary>
public sealed class ConvTranspose1d : Convolution
{
    internal ConvTranspose1d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(ConvTranspose1d), in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, transposed: true, device, dtype) => this.output_padding = output_padding;

    public long[] output_padding { get; }

    public override Tensor forward(Tensor input) => functional.ConvolveTransposed("conv_transpose1d", input, weight, bias, stride, padding, output_padding, dilation, groups);
}

/// <summary>The transpose of a convolution over (N, C, D, H, W).</summary>
public sealed class ConvTranspose3d : Convolution
{
    internal ConvTranspose3d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(ConvTranspose3d), in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, transposed: true, device, dtype) => this.output_padding = output_padding;

    public long[] output_padding { get; }

    public override Tensor forward(Tensor input) => functional.ConvolveTransposed("conv_transpose3d.input", input, weight, bias, stride, padding, output_padding, dilation, groups);
}
