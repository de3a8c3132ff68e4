using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Layer normalisation over the channels of each pixel of (N, C, H, W); timm's LayerNorm2d. Keys: weight, bias.</summary>
public sealed class LayerNorm2d : Module<Tensor, Tensor>
{
    private readonly double _eps;
    private readonly long[] _channels;
    private readonly Parameter? weight;
    private readonly Parameter? bias;

    /// <summary>For maps of this many channels.</summary>
    public LayerNorm2d(int channels, double eps = 1e-6, bool affine = true) : base(nameof(LayerNorm2d))
    {
        (_eps, _channels) = (eps, [channels]);
        weight = affine ? new Parameter(ones(channels)) : null;
        bias = affine ? new Parameter(zeros(channels)) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return functional.layer_norm(input.permute(0, 2, 3, 1), _channels, weight, bias, _eps).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
