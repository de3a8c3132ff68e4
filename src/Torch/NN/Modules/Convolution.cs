using Osteon.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>What all convolutions share: weight, bias and PyTorch's initialisation.</summary>
public abstract class Convolution : Module<Tensor, Tensor>
{
    private readonly long[] _sides;
    private readonly bool _pads;
    private readonly bool _transposed;

    private protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, Border border, long[] dilation, PaddingModes padding_mode, long groups, bool bias, bool transposed, Device? device, ScalarType? dtype)
        : base(name)
    {
        if (in_channels % groups != 0 || out_channels % groups != 0)
        {
            throw new ArgumentException($"{in_channels} and {out_channels} channels must be multiples of {groups} groups.", nameof(groups));
        }

        (this.in_channels, this.out_channels, this.groups, this.padding_mode) = (in_channels, out_channels, groups, padding_mode);
        (this.kernel_size, this.stride, padding, this.dilation) = (kernel_size, stride, border.Before, dilation);
        (_sides, _pads, _transposed) = (border.Sides(), padding_mode != PaddingModes.Zeros || !border.IsEven, transposed);
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

    /// <summary>Elements before each axis; with <see cref="Padding.Same"/> there may be one more after it.</summary>
    public long[] padding { get; }

    public PaddingModes padding_mode { get; }

    public long[] dilation { get; }

    public long groups { get; }

    /// <summary>(out, in / groups, h, w); transposed: (in, out / groups, h, w).</summary>
    public Parameter weight { get; }

    public Parameter? bias { get; private set; }

    /// <summary>Whether a border comes first that the operator itself cannot add.</summary>
    internal bool Pads => _pads;

    /// <summary>Draws anew, as PyTorch does: the weight, then the bias, uniform within ±1/√fan-in.</summary>
    public void reset_parameters() => LinearInitialisation.Draw(weight, bias);

    /// <summary>Multiplies what it gives by a number for each channel, and adds another.</summary>
    internal void FoldIn(Tensor scale, Tensor shift)
    {
        if (_transposed && groups > 1)
        {
            throw new ArgumentException("A transposed convolution in groups has its channels in two places; a scale does not fold into it.", nameof(scale));
        }

        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var shape = Enumerable.Repeat(1L, (int)weight.ndim).ToArray();
        shape[_transposed ? 1 : 0] = -1;
        weight.mul_(scale.reshape(shape));
        if (bias is not null)
        {
            bias.mul_(scale).add_(shift);
        }
        else
        {
            bias = new Parameter(shift.clone(), requires_grad: false);
            register_parameter(nameof(bias), bias);
        }
    }

    /// <summary>Convolves, after a border that the operator itself cannot add.</summary>
    private protected Tensor Convolve(string op, Tensor input)
    {
        if (!_pads)
        {
            return functional.Convolve(op, input, weight, bias, stride, padding, dilation, groups);
        }

        using var padded = functional.pad(input, _sides, padding_mode);
        return functional.Convolve(op, padded, weight, bias, stride, new long[stride.Length], dilation, groups);
    }
}

/// <summary>Slides kernels over (N, C, L).</summary>
public sealed class Conv1d : Convolution
{
    internal Conv1d(long in_channels, long out_channels, long[] kernel_size, long[] stride, Border border, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(Conv1d), in_channels, out_channels, kernel_size, stride, border, dilation, padding_mode, groups, bias, transposed: false, device, dtype)
    {
    }

    public override Tensor forward(Tensor input) => Convolve("conv1d", input);
}

/// <summary>Slides kernels over (N, C, H, W).</summary>
public sealed class Conv2d : Convolution
{
    internal Conv2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, Border border, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(Conv2d), in_channels, out_channels, kernel_size, stride, border, dilation, padding_mode, groups, bias, transposed: false, device, dtype)
    {
    }

    /// <summary>See <see cref="Osteon.Torch.FusedConvolution.GivingPlanes"/>.</summary>
    internal bool GivesPlanes { get; set; }

    public override Tensor forward(Tensor input) => (GivesPlanes ? FusedConvolution.TryPlanes(this, input) : null) ?? Convolve("conv2d", input);
}

/// <summary>Slides kernels over (N, C, D, H, W).</summary>
public sealed class Conv3d : Convolution
{
    internal Conv3d(long in_channels, long out_channels, long[] kernel_size, long[] stride, Border border, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(Conv3d), in_channels, out_channels, kernel_size, stride, border, dilation, padding_mode, groups, bias, transposed: false, device, dtype)
    {
    }

    public override Tensor forward(Tensor input) => Convolve("conv3d", input);
}
