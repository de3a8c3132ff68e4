using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Weighs each channel by what all channels' means say, in one layer behind a hard sigmoid. Key: fc.</summary>
/// <remarks>Lee, Park 2020, arXiv:1911.06667, section 3.2.</remarks>
public sealed class EffectiveSqueezeExcite : Module<Tensor, Tensor>
{
    private readonly Conv2d fc;

    /// <summary>For maps of this many channels.</summary>
    public EffectiveSqueezeExcite(int channels) : base(nameof(EffectiveSqueezeExcite))
    {
        fc = Conv2d(channels, channels, 1);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (input * functional.hardsigmoid(fc.forward(input.mean([2, 3], keepdim: true)))).MoveToOuterDisposeScope();
    }
}
