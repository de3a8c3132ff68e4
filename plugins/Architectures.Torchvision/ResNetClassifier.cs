using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Torchvision;

/// <summary>torchvision's arguments.</summary>
public sealed record ResNetClassifierOptions
{
    /// <summary>The name asked for.</summary>
    public string Name { get; init; } = string.Empty;
}

/// <summary>ResNet, ResNeXt and Wide ResNet with their classifier, as torchvision builds them, with its key names: one logit for each class of the whole image.</summary>
/// <remarks>He et al. 2016, arXiv:1512.03385, table 1; Xie et al. 2017, arXiv:1611.05431; Zagoruyko, Komodakis 2016, arXiv:1605.07146.</remarks>
[Architecture("resnet18")]
[Architecture("resnet34")]
[Architecture("resnet50")]
[Architecture("resnet101")]
[Architecture("resnet152")]
[Architecture("resnext50_32x4d")]
[Architecture("resnext101_32x8d")]
[Architecture("resnext101_64x4d")]
[Architecture("wide_resnet50_2")]
[Architecture("wide_resnet101_2")]
public sealed class ResNetClassifier(ResNetClassifierOptions options) : Architecture
{
    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder) => new ClassificationNetwork(shape, options.Name);

    private sealed class ClassificationNetwork : Network
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly Sequential layer1, layer2, layer3, layer4;
        private readonly Linear fc;

        public ClassificationNetwork(NetworkShape shape, string name) : base(name)
        {
            var variant = ResNetVariant.Named(name);
            conv1 = Conv2d(shape.InChannels, 64, 7, stride: 2, padding: 3, bias: false);
            bn1 = BatchNorm2d(64);
            layer1 = variant.Stage(0, stride: 1);
            layer2 = variant.Stage(1, stride: 2);
            layer3 = variant.Stage(2, stride: 2);
            layer4 = variant.Stage(3, stride: 2);
            fc = Linear(variant.Channels(3), shape.Classes);
            RegisterComponents();
            Initialization.Encoder(this);
            Initialization.Logits(fc.bias, shape);
        }

        public override InputSizes Sizes => new(1);

        public override IReadOnlyList<NetworkOutput> Outputs => [new(OutputKind.ImageLogits)];

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
            x = functional.max_pool2d(x, 3, 2, 1);                                              // (N, 64, H/4, W/4)
            x = layer4.forward(layer3.forward(layer2.forward(layer1.forward(x))));              // (N, C, H/32, W/32)
            return fc.forward(x.mean([2, 3])).MoveToOuterDisposeScope();                        // (N, K)
        }
    }
}
