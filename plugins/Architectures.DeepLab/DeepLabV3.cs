using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.DeepLab;

/// <summary>SMP's options and defaults.</summary>
public sealed record DeepLabV3Options : AtrousOptions
{
    /// <summary>The encoder dilates to a stride of 8.</summary>
    public DeepLabV3Options() => EncoderOutputStride = 8;

    /// <summary>How much logits are enlarged at last; null: to the image's size.</summary>
    public int? Upsampling { get; init; }
}

/// <summary>An atrous pyramid over the deepest map, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>
/// Chen et al. 2017, arXiv:1706.05587. The encoder should dilate. One that keeps its strides, such as Swin, is taken as well; SMP enlarges
/// logits by the output stride even then, which gives a quarter of the image's size, and here by the stride that there is.
/// </remarks>
[Architecture("DeepLabV3")]
public sealed class DeepLabV3(DeepLabV3Options options) : Architecture
{
    private readonly AtrousPyramidOptions _pyramid = options.Checked();

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(DeepLabV3), options, shape, options.EncoderOutputStride, keptStrides: true);
        var head = Heads.Segmentation(_pyramid.Channels, shape.Classes, kernel: 1, upsampling: options.Upsampling ?? maps.Strides[^1], activation: options.Activation);
        return new SegmentationModel(nameof(DeepLabV3), maps, new Decoder(maps.Channels[^1], _pyramid), head, options, shape);
    }

    private sealed class Decoder : Module<IReadOnlyList<Tensor>, Tensor>
    {
        private readonly AtrousPyramid aspp;
        private readonly Conv2d conv;
        private readonly BatchNorm2d bn;

        public Decoder(int inChannels, AtrousPyramidOptions options) : base(nameof(Decoder))
        {
            aspp = new AtrousPyramid(inChannels, options);
            conv = Conv2d(options.Channels, options.Channels, 3, padding: 1, bias: false);
            bn = BatchNorm2d(options.Channels);
            RegisterComponents();
        }

        public override Tensor forward(IReadOnlyList<Tensor> input)
        {
            using var scope = NewDisposeScope();
            return functional.relu(bn.forward(conv.forward(aspp.forward(input[^1]))), inplace: true).MoveToOuterDisposeScope();
        }
    }
}
