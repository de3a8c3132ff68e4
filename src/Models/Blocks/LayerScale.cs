using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>A learnt factor for each channel at the end of a branch; timm's LayerScale and LayerScale2d. Key: gamma.</summary>
/// <remarks>Touvron et al. 2021, arXiv:2103.17239.</remarks>
public sealed class LayerScale : Module<Tensor, Tensor>
{
    private readonly Parameter gamma;
    private readonly bool _map;

    /// <summary>For this many channels.</summary>
    /// <param name="channels">Channels.</param>
    /// <param name="start">First value of all factors.</param>
    /// <param name="map">Whether it takes (N, C, H, W); else channels come last.</param>
    public LayerScale(int channels, double start, bool map = false) : base(nameof(LayerScale))
    {
        (gamma, _map) = (new Parameter(full(channels, start)), map);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (input * (_map ? gamma.view(-1, 1, 1) : gamma)).MoveToOuterDisposeScope();
    }
}
