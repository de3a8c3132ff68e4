using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Weighs each channel by what all channels' means say. Keys: fc1, fc2, as SENet and timm's SEModule have them.</summary>
/// <remarks>Hu, Shen, Sun 2018, arXiv:1709.01507.</remarks>
public sealed class SqueezeExcite : Module<Tensor, Tensor>
{
    private readonly Conv2d fc1;
    private readonly Conv2d fc2;
    private readonly Module<Tensor, Tensor> _activation;

    /// <summary>For maps of this many channels.</summary>
    /// <param name="channels">Channels in and out.</param>
    /// <param name="squeezed">Channels between the two layers.</param>
    /// <param name="activation">Between the two layers, a module without parameters; null is ReLU.</param>
    public SqueezeExcite(int channels, int squeezed, Module<Tensor, Tensor>? activation = null) : base(nameof(SqueezeExcite))
    {
        fc1 = Conv2d(channels, squeezed, 1);
        fc2 = Conv2d(squeezed, channels, 1);
        _activation = activation ?? ReLU(inplace: true);
        register_module(nameof(fc1), fc1);
        register_module(nameof(fc2), fc2);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var gate = _activation.forward(fc1.forward(input.mean([2, 3], keepdim: true)));
        return (input * fc2.forward(gate).sigmoid()).MoveToOuterDisposeScope();
    }
}
