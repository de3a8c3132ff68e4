using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// A convolution whose kernels are made to have mean 0 and deviation 1 before they are used, and maybe a learnt size. Keys: weight, bias,
/// gain. Pads by dilation × half the kernel, or as TensorFlow's "same" does.
/// </summary>
/// <remarks>Qiao et al. 2019, arXiv:1903.10520; with a gain: Brock, De, Smith 2021, arXiv:2101.08692.</remarks>
public sealed class StandardizedConv2d : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly Parameter? gain;
    private readonly long _kernel, _stride, _dilation, _groups;
    private readonly double _eps, _scale;
    private readonly bool _same;

    /// <summary>Drawn by fan in.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="kernel">Side of the kernel, odd.</param>
    /// <param name="stride">Pixels from one place to the next.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="dilation">Pixels between a kernel's taps.</param>
    /// <param name="eps">Added to a kernel's variance.</param>
    /// <param name="scaled">What kernels are multiplied with, over the root of their size, beside a learnt gain, and a bias is added; null for neither.</param>
    /// <param name="firstGain">Where gains start.</param>
    /// <param name="same">Whether it pads as TensorFlow does.</param>
    public StandardizedConv2d(int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1, int dilation = 1, double eps = 1e-6, double? scaled = null, double firstGain = 1, bool same = false)
        : base(nameof(StandardizedConv2d))
    {
        (_kernel, _stride, _groups, _dilation, _eps, _same) = (kernel, stride, groups, dilation, eps, same);
        var fan = inChannels / groups * kernel * kernel;
        weight = new Parameter(init.normal_(empty(outChannels, inChannels / groups, kernel, kernel), std: Math.Sqrt(1.0 / fan)));
        bias = scaled is null ? null : new Parameter(zeros(outChannels));
        gain = scaled is null ? null : new Parameter(full([outChannels, 1, 1, 1], firstGain));
        _scale = (scaled ?? 1) / Math.Sqrt(fan);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var centred = weight - weight.mean([1, 2, 3], keepdim: true);
        var kernel = centred * (centred.square().mean([1, 2, 3], keepdim: true) + _eps).rsqrt();
        kernel = gain is null ? kernel : kernel * (gain * _scale);
        var (vertical, horizontal) = (Padding(input.shape[2]), Padding(input.shape[3]));
        var even = vertical % 2 == 0 && horizontal % 2 == 0;
        var padded = even ? input : functional.pad(input, [horizontal / 2, horizontal - (horizontal / 2), vertical / 2, vertical - (vertical / 2)]);
        return functional.conv2d(padded, kernel, bias, [_stride, _stride], even ? [vertical / 2, horizontal / 2] : [0, 0], [_dilation, _dilation], _groups).MoveToOuterDisposeScope();
    }

    // Of both sides together.
    private long Padding(long side) => _same
        ? Math.Max((((side + _stride - 1) / _stride) - 1) * _stride + ((_kernel - 1) * _dilation) + 1 - side, 0)
        : _kernel / 2 * _dilation * 2;
}
