using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ConvNeXt;

/// <summary>What a pixel's channels are divided by.</summary>
internal enum ChannelNormKind
{
    /// <summary>Layer normalisation: the deviation, after the mean has been taken off.</summary>
    Layer,

    /// <summary>The root of the mean square (timm's rmsnorm2d).</summary>
    RootMeanSquare,

    /// <summary>The deviation, the mean left on (timm's simplenorm).</summary>
    Deviation,
}

/// <summary>Normalises the channels of each pixel of (N, C, H, W). Keys: weight, and bias in layer normalisation.</summary>
internal sealed class ChannelNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly ChannelNormKind _kind;
    private readonly double _eps;
    private readonly long[] _channels;

    public ChannelNorm(int channels, ConvNeXtVariant variant) : base(nameof(ChannelNorm))
    {
        (_kind, _eps, _channels) = (variant.Norm, variant.NormEps, [channels]);
        weight = new Parameter(ones(channels));
        bias = _kind == ChannelNormKind.Layer ? new Parameter(zeros(channels)) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input.permute(0, 2, 3, 1);
        x = _kind switch
        {
            ChannelNormKind.Layer => functional.layer_norm(x, _channels, weight, bias, _eps),
            ChannelNormKind.RootMeanSquare => x * (x.square().mean([-1L], keepdim: true) + _eps).rsqrt() * weight,
            _ => x * (x.var(-1, keepdim: true) + _eps).rsqrt() * weight,
        };
        return x.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
