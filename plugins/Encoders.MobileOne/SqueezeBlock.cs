using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MobileOne;

/// <summary>Squeeze-and-excitation to a sixteenth of the channels. Keys: reduce, expand.</summary>
internal sealed class SqueezeBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d reduce;
    private readonly Conv2d expand;

    public SqueezeBlock(int channels) : base(nameof(SqueezeBlock))
    {
        reduce = Conv2d(channels, channels / 16, 1);
        expand = Conv2d(channels / 16, channels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var gate = functional.relu(reduce.forward(input.mean([2, 3], keepdim: true)), inplace: true);
        return (input * expand.forward(gate).sigmoid()).MoveToOuterDisposeScope();
    }
}
