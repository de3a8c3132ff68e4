using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>What both convolutions share: weight, bias and PyTorch's initialisation.</summary>
public abstract class Convolution : Module<Tensor, Tensor>
{
    private protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] dilation, long groups, bool bias, bool transposed, Device? device, ScalarType? dtype)
        : base(name)
    {
        if (in_channels % groups != 0 || out_channels % groups != 0)
        {
            throw new ArgumentException($"{in_channels} and {out_channels} channels must be multiples of {groups} groups.", nameof(groups));
        }

        (this.in_channels, this.out_channels, this.groups) = (in_channels, out_channels, groups);
        (this.kernel_size, this.stride, this.padding, this.dilation) = (kernel_size, stride, padding, dilation);
        long[] shape = transposed
            ? [in_channels, out_channels / groups, .. kernel_size]
            : [out_channels, in_channels / groups, .. kernel_size];
        weight = new Parameter(empty(shape, dtype, device));
        this.bias = bias ? new Parameter(empty(out_channels, dtype, device)) : null;
        reset_parameters();
        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), this.bias);
    }

    public long in_channels { get; }

    public long out_channels { get; }

    public long[] kernel_size { get; }

    public long[] stride { get; }

    public long[] padding { get; }

    public long[] dilation { get; }

    public long groups { get; }

    /// <summary>(out, in / groups, h, w); transposed: (in, out / groups, h, w).</summary>
    public Parameter weight { get; }

    public Parameter? bias { get; }

    /// <summary>Draws anew, as PyTorch does: the weight, then the bias, uniform within ±1/√fan-in.</summary>
    public void reset_parameters() => LinearInitialisation.Draw(weight, bias);
}

/// <summary>Slides kernels over (N, C, H, W).</summary>
public sealed class Conv2d : Convolution
{
    private readonly PaddingModes _mode;

    internal Conv2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(Conv2d), in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, transposed: false, device, dtype) => _mode = padding_mode;

    public PaddingModes padding_mode => _mode;

    public override Tensor forward(Tensor input)
    {
        if (_mode is PaddingModes.Zeros)
        {
            return functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
        }

        using var padded = functional.pad(input, [padding[1], padding[1], padding[0], padding[0]], _mode);
        return functional.conv2d(padded, weight, bias, stride, null, dilation, groups);
    }
}

/// <summary>The transpose of a convolution: strides enlarge.</summary>
public sealed class ConvTranspose2d : Convolution
{
    internal ConvTranspose2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(ConvTranspose2d), in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, transposed: true, device, dtype) => this.output_padding = output_padding;

    public long[] output_padding { get; }

    public override Tensor forward(Tensor input) =>
        functional.conv_transpose2d(input, weight, bias, stride, padding, output_padding, dilation, groups);
}
