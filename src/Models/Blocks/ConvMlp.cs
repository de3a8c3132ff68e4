using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Two 1×1 convolutions, an activation between them, under timm's names. Keys: fc1, norm where it has one, fc2.</summary>
public sealed class ConvMlp : Module<Tensor, Tensor>
{
    private readonly Conv2d fc1;
    private readonly Module<Tensor, Tensor>? norm;
    private readonly Conv2d fc2;
    private readonly Func<Tensor, Tensor> _activation;

    /// <summary>For (N, C, H, W).</summary>
    /// <param name="channels">Channels in and out.</param>
    /// <param name="hidden">Channels between the two layers.</param>
    /// <param name="activation">Null: GELU.</param>
    /// <param name="hasBias">Whether biases are added.</param>
    /// <param name="norm">What comes before the activation.</param>
    public ConvMlp(int channels, int hidden, Func<Tensor, Tensor>? activation = null, bool hasBias = true, Module<Tensor, Tensor>? norm = null) : base(nameof(ConvMlp))
    {
        fc1 = Conv2d(channels, hidden, 1, bias: hasBias);
        this.norm = norm;
        fc2 = Conv2d(hidden, channels, 1, bias: hasBias);
        _activation = activation ?? functional.gelu;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = fc1.forward(input);
        return fc2.forward(_activation(norm?.forward(x) ?? x)).MoveToOuterDisposeScope();
    }
}
