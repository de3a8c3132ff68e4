using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DenseNet;

/// <summary>The network's body. Keys: conv0, norm0, denseblock1, transition1 … denseblock4, norm5.</summary>
internal sealed class DenseFeatures : Module
{
    private readonly Conv2d conv0;
    private readonly BatchNorm2d norm0;
    private readonly DenseBlock denseblock1;
    private readonly Transition transition1;
    private readonly DenseBlock denseblock2;
    private readonly Transition transition2;
    private readonly DenseBlock denseblock3;
    private readonly Transition transition3;
    private readonly DenseBlock denseblock4;
    private readonly BatchNorm2d norm5;

    public DenseFeatures(int inChannels, DenseNetVariant variant) : base(nameof(DenseFeatures))
    {
        var channels = variant.Channels;
        conv0 = Conv2d(inChannels, variant.Stem, 7, stride: 2, padding: 3, bias: false);
        norm0 = BatchNorm2d(variant.Stem);
        denseblock1 = new DenseBlock(variant.Stem, variant.Growth, variant.Layers[0]);
        transition1 = new Transition(channels[1]);
        denseblock2 = new DenseBlock(channels[1] / 2, variant.Growth, variant.Layers[1]);
        transition2 = new Transition(channels[2]);
        denseblock3 = new DenseBlock(channels[2] / 2, variant.Growth, variant.Layers[2]);
        transition3 = new Transition(channels[3]);
        denseblock4 = new DenseBlock(channels[3] / 2, variant.Growth, variant.Layers[3]);
        norm5 = BatchNorm2d(channels[4]);
        RegisterComponents();
    }

    public IEnumerable<Tensor> Maps(Tensor input)
    {
        var x = functional.relu(norm0.forward(conv0.forward(input)), inplace: true);
        yield return x;                                             // (N, stem, H/2, W/2)
        x = functional.max_pool2d(x, 3, 2, 1);
        foreach (var (block, transition) in new[] { (denseblock1, transition1), (denseblock2, transition2), (denseblock3, transition3) })
        {
            var gathered = transition.Normalise(block.forward(x));
            yield return gathered;                                  // (N, C, H/stride, W/stride)
            x = transition.Reduce(gathered);
        }

        yield return norm5.forward(denseblock4.forward(x));         // not rectified
    }
}
