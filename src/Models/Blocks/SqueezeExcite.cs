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

    /// <summary>For maps of this many channels.</summary>
    /// <param name="channels">Channels in and out.</param>
    /// <param name="squeezed">Channels between the two layers.</param>
    public SqueezeExcite(int channels, int squeezed) : base(nameof(SqueezeExcite))
    {
        fc1 = Conv2d(channels, squeezed, 1);
        fc2 = Conv2d(squeezed, channels, 1);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var gate = functional.relu(fc1.forward(input.mean([2, 3], keepdim: true)), inplace: true);
        return (input * fc2.forward(gate).sigmoid()).MoveToOuterDisposeScope();
    }
}
