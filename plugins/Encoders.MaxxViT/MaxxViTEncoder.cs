using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MaxxViT;

/// <summary>What timm's constructor takes, and SMP passes on.</summary>
public sealed record MaxxViTOptions : EncoderOptions
{
    /// <summary>Side of the images, or height and width; null for the side that the name promises. Windows are a thirty-second of it wide.</summary>
    public JsonNode? ImgSize { get; init; }
}

/// <summary>MaxViT, CoAtNet and their kin as timm builds them: convolutions, and attention within windows and across a grid, or among all pixels.</summary>
[Encoder("tu-coatnet_0_224")]
[Encoder("tu-coatnet_0_rw_224")]
[Encoder("tu-coatnet_1_224")]
[Encoder("tu-coatnet_1_rw_224")]
[Encoder("tu-coatnet_2_224")]
[Encoder("tu-coatnet_2_rw_224")]
[Encoder("tu-coatnet_3_224")]
[Encoder("tu-coatnet_3_rw_224")]
[Encoder("tu-coatnet_4_224")]
[Encoder("tu-coatnet_5_224")]
[Encoder("tu-coatnet_bn_0_rw_224")]
[Encoder("tu-coatnet_nano_cc_224")]
[Encoder("tu-coatnet_nano_rw_224")]
[Encoder("tu-coatnet_pico_rw_224")]
[Encoder("tu-coatnet_rmlp_0_rw_224")]
[Encoder("tu-coatnet_rmlp_1_rw2_224")]
[Encoder("tu-coatnet_rmlp_1_rw_224")]
[Encoder("tu-coatnet_rmlp_2_rw_224")]
[Encoder("tu-coatnet_rmlp_2_rw_384")]
[Encoder("tu-coatnet_rmlp_3_rw_224")]
[Encoder("tu-coatnet_rmlp_nano_rw_224")]
[Encoder("tu-coatnext_nano_rw_224")]
[Encoder("tu-maxvit_base_tf_224")]
[Encoder("tu-maxvit_base_tf_384")]
[Encoder("tu-maxvit_base_tf_512")]
[Encoder("tu-maxvit_large_tf_224")]
[Encoder("tu-maxvit_large_tf_384")]
[Encoder("tu-maxvit_large_tf_512")]
[Encoder("tu-maxvit_nano_rw_256")]
[Encoder("tu-maxvit_pico_rw_256")]
[Encoder("tu-maxvit_rmlp_base_rw_224")]
[Encoder("tu-maxvit_rmlp_base_rw_384")]
[Encoder("tu-maxvit_rmlp_nano_rw_256")]
[Encoder("tu-maxvit_rmlp_pico_rw_256")]
[Encoder("tu-maxvit_rmlp_small_rw_224")]
[Encoder("tu-maxvit_rmlp_small_rw_256")]
[Encoder("tu-maxvit_rmlp_tiny_rw_256")]
[Encoder("tu-maxvit_small_tf_224")]
[Encoder("tu-maxvit_small_tf_384")]
[Encoder("tu-maxvit_small_tf_512")]
[Encoder("tu-maxvit_tiny_pm_256")]
[Encoder("tu-maxvit_tiny_rw_224")]
[Encoder("tu-maxvit_tiny_rw_256")]
[Encoder("tu-maxvit_tiny_tf_224")]
[Encoder("tu-maxvit_tiny_tf_384")]
[Encoder("tu-maxvit_tiny_tf_512")]
[Encoder("tu-maxvit_xlarge_tf_224")]
[Encoder("tu-maxvit_xlarge_tf_384")]
[Encoder("tu-maxvit_xlarge_tf_512")]
[Encoder("tu-maxxvit_rmlp_nano_rw_256")]
[Encoder("tu-maxxvit_rmlp_small_rw_256")]
[Encoder("tu-maxxvit_rmlp_tiny_rw_256")]
[Encoder("tu-maxxvitv2_nano_rw_256")]
[Encoder("tu-maxxvitv2_rmlp_base_rw_224")]
[Encoder("tu-maxxvitv2_rmlp_base_rw_384")]
[Encoder("tu-maxxvitv2_rmlp_large_rw_224")]
public sealed class MaxxViTEncoder(MaxxViTOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private const int Smallest = 32;

    private readonly Frame _size = Size(options);
    private readonly bool _isWhole = MaxxViTDesigns.Named(options.Name).IsWhole;

    /// <inheritdoc/>
    public override Frame? OnlySize => _isWhole || _size.Height != _size.Width ? _size : null;

    /// <inheritdoc/>
    public override int SizeMultiple => _size.Height;               // whole windows at each scale

    private static TimmFeatures Features(EncoderOptions options)
    {
        var design = MaxxViTDesigns.Named(options.Name);
        return new TimmFeatures(2, [design.Stem[^1], .. design.Channels]) { Dilates = false };
    }

    private static Frame Size(MaxxViTOptions options) =>
        ImageSize.Of(options.Name, options.ImgSize, int.Parse(options.Name[(options.Name.LastIndexOf('_') + 1)..], System.Globalization.CultureInfo.InvariantCulture), Smallest);

    // Keys: stem, then stages_0 ….
    private static FeatureList Model(MaxxViTOptions options)
    {
        var (design, size) = (MaxxViTDesigns.Named(options.Name), Size(options));
        var model = new FeatureList().Add("stem", new Stem(design, options.InChannels));
        foreach (var stage in Enumerable.Range(0, Features(options).Used(options) - 1))
        {
            model.Add($"stages_{stage}", new MaxxViTStage(design, stage, size));
        }

        model.apply(part =>
        {
            switch (part)
            {
                case TorchSharp.Modules.Conv2d or TorchSharp.Modules.Linear when design.IsNormal:
                    init.normal_(part.get_parameter("weight")!, std: Initialization.TransformerDeviation);
                    break;
                case Linear linear:
                    init.xavier_uniform_(linear.weight);
                    break;
            }
        });
        if (!design.IsNormal)
        {
            Initialization.Convolutions(model, perGroup: true);
        }

        return model;
    }

    /// <summary>Keys: conv1, norm1, conv2.</summary>
    private sealed class Stem : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1;
        private readonly Module<Tensor, Tensor> norm1;
        private readonly Conv2d conv2;
        private readonly Func<Tensor, Tensor> _activation;

        public Stem(MaxxViTDesign design, int inChannels) : base(nameof(Stem))
        {
            var (first, second) = (design.Stem[0], design.Stem[1]);
            conv1 = design.Convolution.Same
                ? new SameConv2d(inChannels, first, 3, stride: 2, hasBias: design.StemBias)
                : Conv2d(inChannels, first, 3, stride: 2, padding: 1, bias: design.StemBias);
            norm1 = design.Convolution.IsNext ? new LayerNorm2d(first, design.Convolution.Eps) : BatchNorm2d(first, eps: design.Convolution.Eps);
            conv2 = Conv2d(first, second, 3, padding: 1, bias: design.StemBias);
            _activation = design.Convolution.Activation;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return conv2.forward(_activation(norm1.forward(conv1.forward(input)))).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Blocks at one resolution, the first of which halves. Key: blocks.</summary>
internal sealed class MaxxViTStage : Module<Tensor, Tensor>
{
    private readonly Sequential blocks;

    public MaxxViTStage(MaxxViTDesign design, int stage, Frame size) : base(nameof(MaxxViTStage))
    {
        var (map, window) = (new Frame(size.Height >> (stage + 2), size.Width >> (stage + 2)), new Frame(size.Height / 32, size.Width / 32));
        var (channels, before) = (design.Channels[stage], stage == 0 ? design.Stem[^1] : design.Channels[stage - 1]);
        blocks = Sequential(Enumerable.Range(0, design.Depths[stage]).Select<int, Module<Tensor, Tensor>>(block =>
        {
            var (inChannels, stride) = block == 0 ? (before, 2) : (channels, 1);
            return design.Kind(stage, block) switch
            {
                BlockKind.Convolution => Convolutions(design.Convolution, inChannels, channels, stride),
                BlockKind.Transformer => new TransformerBlock(design.Attention, inChannels, channels, stride, map),
                BlockKind.MultiAxis => new MultiAxisBlock(design, inChannels, channels, stride, window),
                _ => new ParallelBlock(design, inChannels, channels, stride, window),
            };
        }));
        RegisterComponents();
    }

    /// <summary>A block of convolutions.</summary>
    public static Module<Tensor, Tensor> Convolutions(ConvolutionDesign design, int inChannels, int outChannels, int stride) =>
        design.IsNext ? new NextBlock(design, inChannels, outChannels, stride) : new BottleneckBlock(design, inChannels, outChannels, stride);

    public override Tensor forward(Tensor input) => blocks.forward(input);
}
