using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Transformers;

/// <summary>SMP's options and defaults.</summary>
public sealed record SegformerOptions : SegmentationModelOptions
{
    /// <summary>Channels that each map is turned into, and of the fused map.</summary>
    public int DecoderSegmentationChannels { get; init; } = 256;

    /// <summary>How much logits are enlarged at last; 4 gives the image's size.</summary>
    public int Upsampling { get; init; } = 4;
}

/// <summary>A linear layer for each of the encoder's maps, fused at a quarter of the image's size, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Xie et al. 2021, arXiv:2105.15203. The mit_ encoders are the paper's; others take part with their map of half the size too.</remarks>
[Architecture("Segformer")]
public sealed class Segformer : Architecture
{
    private readonly SegformerOptions _options;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public Segformer(SegformerOptions options)
    {
        _options = options;
        options.CheckedDepth();
        SegmentationModelOptions.CheckedChannels("decoder_segmentation_channels", options.DecoderSegmentationChannels);
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(Segformer), _options, shape, anySizes: true);
        var channels = _options.DecoderSegmentationChannels;
        var head = Heads.Segmentation(channels, shape.Classes, kernel: 1, upsampling: _options.Upsampling, activation: _options.Activation);
        return new SegmentationModel(nameof(Segformer), maps, new Decoder(maps.Channels, channels), head, _options, shape);
    }

    private sealed class Decoder : Module<IReadOnlyList<Tensor>, Tensor>
    {
        private readonly int _first;
        private readonly ModuleList<PixelLinear> mlp_stage;         // deepest first
        private readonly Sequential fuse_stage;

        public Decoder(IReadOnlyList<int> encoderChannels, int channels) : base(nameof(Decoder))
        {
            _first = encoderChannels[1] == 0 ? 2 : 1;
            mlp_stage = ModuleList([.. encoderChannels.Skip(_first).Reverse().Select(c => new PixelLinear(c, channels))]);
            fuse_stage = Blocks.Conv2dReLU(mlp_stage.Count * channels, channels, kernel: 1);
            RegisterComponents();
        }

        public override Tensor forward(IReadOnlyList<Tensor> input)
        {
            using var scope = NewDisposeScope();
            var (height, width) = (input[0].shape[2] / 4, input[0].shape[3] / 4);
            var maps = input.Skip(_first).Reverse().Select((map, i) => Resampling.To(mlp_stage[i].forward(map), height, width));
            return fuse_stage.forward(cat([.. maps], 1)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>A linear layer over the channels of each pixel. Key: linear.</summary>
    private sealed class PixelLinear : Module<Tensor, Tensor>
    {
        private readonly Linear linear;

        public PixelLinear(int inChannels, int outChannels) : base(nameof(PixelLinear))
        {
            linear = Linear(inChannels, outChannels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return linear.forward(input.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
        }
    }
}
