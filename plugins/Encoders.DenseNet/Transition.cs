using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DenseNet;

/// <summary>Halves channels and size between two blocks, in two steps, since the map between them is what a decoder is given. Keys: norm, conv.</summary>
internal sealed class Transition : Module
{
    private readonly BatchNorm2d norm;
    private readonly Conv2d conv;

    public Transition(int channels) : base(nameof(Transition))
    {
        norm = BatchNorm2d(channels);
        conv = Conv2d(channels, channels / 2, 1, bias: false);
        RegisterComponents();
    }

    public Tensor Normalise(Tensor input) => functional.relu(norm.forward(input), inplace: true);

    public Tensor Reduce(Tensor normalised)
    {
        using var reduced = conv.forward(normalised);
        return functional.avg_pool2d(reduced, 2, 2);
    }
}
