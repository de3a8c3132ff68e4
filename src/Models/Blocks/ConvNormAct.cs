using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Convolution without bias, normalisation, activation, under timm's names. Keys: conv, bn.</summary>
public sealed class ConvNormAct : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly Module<Tensor, Tensor> bn;
    private readonly Module<Tensor, Tensor>? _activation;

    /// <summary>Pads by dilation × half the kernel, so that a stride of 1 keeps the size.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="kernel">Side of the kernel, odd.</param>
    /// <param name="stride">Pixels from one place to the next.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="dilation">Pixels between a kernel's taps.</param>
    /// <param name="activation">A module without parameters; null for none.</param>
    /// <param name="eps">Of the normalisation.</param>
    /// <param name="padding">Zeros on each side; null for dilation × half the kernel.</param>
    /// <param name="norm">Another normalisation; null for batch normalisation.</param>
    public ConvNormAct(int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1, int dilation = 1, Module<Tensor, Tensor>? activation = null, double eps = 1e-5, int? padding = null, Module<Tensor, Tensor>? norm = null)
        : base(nameof(ConvNormAct))
    {
        conv = Conv2d(inChannels, outChannels, kernel, stride: stride, padding: padding ?? (dilation * (kernel / 2)), dilation: dilation, groups: groups, bias: false);
        bn = norm ?? BatchNorm2d(outChannels, eps: eps);
        _activation = activation;
        register_module(nameof(conv), conv);
        register_module(nameof(bn), bn);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (_activation is ReLU _ && bn is BatchNorm2d rectified)
        {
            return ConvolutionLayers.Rectified(conv, rectified, input);
        }

        using var scope = NewDisposeScope();
        var x = bn is BatchNorm2d batch ? ConvolutionLayers.Normalised(conv, batch, input) : bn.forward(conv.forward(input));
        return (_activation?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}
