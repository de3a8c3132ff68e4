using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// A convolution whose kernels each image mixes for itself from several, by the shares it is given. At stride 1 it keeps the size. Key:
/// weight (experts, all of a kernel's numbers).
/// </summary>
/// <remarks>Yang et al. 2019, arXiv:1904.04971.</remarks>
internal sealed class CondConv2d : Module<Tensor, Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly int _outChannels, _kernel, _stride, _dilation, _groups;
    private readonly bool _same;

    /// <summary>Drawn as a mobile network's other convolutions: normal, by fan out and group.</summary>
    public CondConv2d(int experts, int inChannels, int outChannels, int kernel, int stride, int dilation, int groups, bool samePadding) : base(nameof(CondConv2d))
    {
        (_outChannels, _kernel, _stride, _dilation, _groups) = (outChannels, kernel, stride, dilation, groups);
        _same = samePadding && stride > 1;                          // at stride 1 it pads alike on all sides
        weight = new Parameter(empty(experts, outChannels * (inChannels / groups) * kernel * kernel));
        init.normal_(weight, 0, Math.Sqrt(2.0 / (kernel * kernel * outChannels / groups)));
        RegisterComponents();
    }

    /// <summary>The map of each image by its own kernels.</summary>
    /// <param name="input">(N, C, H, W).</param>
    /// <param name="shares">(N, experts).</param>
    public override Tensor forward(Tensor input, Tensor shares)
    {
        using var scope = NewDisposeScope();
        var (images, channels, height, width) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        var kernels = shares.matmul(weight).reshape(images * _outChannels, channels / _groups, _kernel, _kernel);
        var x = input.reshape(1, images * channels, height, width);  // an image's channels are a group beside the others'
        var padding = (long)(_kernel / 2) * _dilation;
        if (_same)
        {
            var (vertical, horizontal) = (Missing(height), Missing(width));
            (x, padding) = (functional.pad(x, [horizontal / 2, horizontal - (horizontal / 2), vertical / 2, vertical - (vertical / 2)]), 0);
        }

        var maps = functional.conv2d(x, kernels, null, [_stride, _stride], [padding, padding], [_dilation, _dilation], _groups * images);
        return maps.reshape(images, _outChannels, maps.shape[2], maps.shape[3]).MoveToOuterDisposeScope();
    }

    private long Missing(long side) => Math.Max((((side + _stride - 1) / _stride) - 1) * _stride + ((_kernel - 1) * _dilation) + 1 - side, 0);
}
