using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.DeepLab;

/// <summary>SMP's options and defaults.</summary>
public sealed record DeepLabV3PlusOptions : AtrousOptions
{
    /// <summary>The dilated convolutions are separable.</summary>
    public DeepLabV3PlusOptions() => DecoderAsppSeparable = true;

    /// <summary>How much logits are enlarged at last; 4 gives the image's size.</summary>
    public int Upsampling { get; init; } = 4;
}

/// <summary>An atrous pyramid over the deepest map, joined with that of a quarter of the image's size, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Chen et al. 2018, arXiv:1802.02611. The encoder has to dilate.</remarks>
[Architecture("DeepLabV3Plus")]
public sealed class DeepLabV3Plus(DeepLabV3PlusOptions options) : Architecture
{
    private readonly AtrousPyramidOptions _pyramid = options.Checked();

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(DeepLabV3Plus), options, shape, options.EncoderOutputStride);
        var head = Heads.Segmentation(_pyramid.Channels, shape.Classes, kernel: 1, upsampling: options.Upsampling, activation: options.Activation);
        return new SegmentationModel(nameof(DeepLabV3Plus), maps, new Decoder(maps.Channels, _pyramid), head, options, shape);
    }

    private sealed class Decoder : Module<IReadOnlyList<Tensor>, Tensor>
    {
        private const int LargeMap = 2;                             // of a quarter of the image's size
        private const int LargeChannels = 48;                       // the paper's section 3.2

        private readonly Sequential aspp, block1, block2;

        public Decoder(IReadOnlyList<int> encoderChannels, AtrousPyramidOptions options) : base(nameof(Decoder))
        {
            aspp = Sequential(
                new AtrousPyramid(encoderChannels[^1], options),
                AtrousPyramid.Separable(options.Channels, options.Channels),
                BatchNorm2d(options.Channels),
                ReLU());
            block1 = AtrousPyramid.NormReLU(Conv2d(encoderChannels[LargeMap], LargeChannels, 1, bias: false), LargeChannels);
            block2 = AtrousPyramid.NormReLU(AtrousPyramid.Separable(LargeChannels + options.Channels, options.Channels), options.Channels);
            RegisterComponents();
        }

        public override Tensor forward(IReadOnlyList<Tensor> input)
        {
            using var scope = NewDisposeScope();
            var large = block1.forward(input[LargeMap]);
            var deep = Resampling.To(aspp.forward(input[^1]), large.shape[2], large.shape[3], InterpolationMode.Bilinear, alignCorners: true);
            return block2.forward(cat([deep, large], 1)).MoveToOuterDisposeScope();
        }
    }
}
