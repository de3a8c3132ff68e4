using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Torchvision;

/// <summary>torchvision's arguments.</summary>
public sealed record ResNetSegmentationOptions
{
    /// <summary>The name asked for.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Whether a second head learns from layer3; torchvision's published weights have it.</summary>
    public bool? AuxLoss { get; init; }
}

/// <summary>FCN and DeepLabV3 over a ResNet of output stride 8, as torchvision builds them, with its key names.</summary>
/// <remarks>
/// Long, Shelhamer, Darrell 2015, arXiv:1411.4038; Chen et al. 2017, arXiv:1706.05587. The second head counts half, as in torchvision's
/// training script.
/// </remarks>
[Architecture("fcn_resnet50")]
[Architecture("fcn_resnet101")]
[Architecture("deeplabv3_resnet50")]
[Architecture("deeplabv3_resnet101")]
public sealed class ResNetSegmentation(ResNetSegmentationOptions options) : Architecture
{
    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder) => new SegmentationNetwork(shape, options);

    private sealed class SegmentationNetwork : Network
    {
        private readonly DilatedResNet backbone;
        private readonly Sequential classifier;
        private readonly Sequential? aux_classifier;

        public SegmentationNetwork(NetworkShape shape, ResNetSegmentationOptions options) : base(options.Name)
        {
            var (head, resnet) = options.Name.Split('_') is [var first, var second] ? (first, second) : throw new ConfigurationException($"architecture '{options.Name}' is none of torchvision's.");
            backbone = new DilatedResNet(ResNetVariant.Named(resnet), shape.InChannels, withLayer3: options.AuxLoss == true);
            classifier = head == "fcn" ? ResNetHeads.Fcn(DilatedResNet.Layer4Channels, shape.Classes) : ResNetHeads.DeepLab(DilatedResNet.Layer4Channels, shape.Classes);
            aux_classifier = options.AuxLoss == true ? ResNetHeads.Fcn(DilatedResNet.Layer3Channels, shape.Classes) : null;
            RegisterComponents();
            Initialization.Logits(((Conv2d)classifier[^1]).bias, shape);
        }

        public override InputSizes Sizes => new(1);

        public override IReadOnlyList<NetworkOutput> Outputs =>
            aux_classifier is null ? [NetworkOutput.Main] : [NetworkOutput.Main, new(OutputKind.Logits, 0.5)];

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return Enlarged(classifier.forward(backbone.forward(input)[^1]), input).MoveToOuterDisposeScope();
        }

        public override IReadOnlyList<Tensor> ForwardAll(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = backbone.forward(input);
            var logits = Enlarged(classifier.forward(maps[^1]), input).MoveToOuterDisposeScope();
            return aux_classifier is null ? [logits] : [logits, Enlarged(aux_classifier.forward(maps[0]), input).MoveToOuterDisposeScope()];
        }

        private static Tensor Enlarged(Tensor logits, Tensor input) =>
            functional.interpolate(logits, size: input.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);
    }
}
