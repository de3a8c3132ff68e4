using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Torchvision;

/// <summary>A ResNet of bottlenecks whose last two stages are dilated instead of strided. Gives (N, 2048, H/8, W/8), and layer3's map before it where asked.</summary>
internal sealed class DilatedResNet : Module<Tensor, IReadOnlyList<Tensor>>
{
    public const int Layer3Channels = 1024;
    public const int Layer4Channels = 2048;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Sequential layer1, layer2, layer3, layer4;
    private readonly bool _withLayer3;

    public DilatedResNet(ResNetVariant variant, int inChannels, bool withLayer3) : base(nameof(DilatedResNet))
    {
        _withLayer3 = withLayer3;
        conv1 = Conv2d(inChannels, 64, 7, stride: 2, padding: 3, bias: false);
        bn1 = BatchNorm2d(64);
        var stages = variant.DilatedStages(outputStride: 8);
        (layer1, layer2, layer3, layer4) = (stages[0], stages[1], stages[2], stages[3]);
        RegisterComponents();
        Initialization.Encoder(this);
    }

    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        x = layer3.forward(layer2.forward(layer1.forward(functional.max_pool2d(x, 3, 2, 1))));
        IReadOnlyList<Tensor> maps = _withLayer3 ? [x, layer4.forward(x)] : [layer4.forward(x)];
        return maps.MoveToOuterDisposeScope();
    }
}
