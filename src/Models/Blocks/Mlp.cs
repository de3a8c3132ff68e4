using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>A transformer's two linear layers over the last dimension, an activation between them, under timm's names. Keys: fc1, fc2.</summary>
public sealed class Mlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly Func<Tensor, Tensor> _activation;

    /// <summary>For (…, C).</summary>
    /// <param name="channels">Channels in and out.</param>
    /// <param name="hidden">Channels between the two layers.</param>
    /// <param name="activation">Null: GELU.</param>
    public Mlp(int channels, int hidden, Func<Tensor, Tensor>? activation = null) : base(nameof(Mlp))
    {
        fc1 = Linear(channels, hidden);
        fc2 = Linear(hidden, channels);
        _activation = activation ?? functional.gelu;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return fc2.forward(_activation(fc1.forward(input))).MoveToOuterDisposeScope();
    }
}
