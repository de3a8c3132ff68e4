using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MixTransformer;

/// <summary>SegFormer's encoder: maps at a quarter of the size and below, an empty one at half; all four stages exist at any depth, as in SMP.</summary>
/// <remarks>Xie et al. 2021, arXiv:2105.15203. Member names are the authors', which SMP keeps.</remarks>
[Encoder("mit_b0")]
[Encoder("mit_b1")]
[Encoder("mit_b2")]
[Encoder("mit_b3")]
[Encoder("mit_b4")]
[Encoder("mit_b5")]
public sealed class MixTransformerEncoder : Encoder
{
    private const double DropPathRate = 0.1;

    private readonly PatchEmbedding patch_embed1, patch_embed2, patch_embed3, patch_embed4;
    private readonly Sequential block1;
    private readonly LayerNorm2d norm1;
    private readonly Sequential block2;
    private readonly LayerNorm2d norm2;
    private readonly Sequential block3;
    private readonly LayerNorm2d norm3;
    private readonly Sequential block4;
    private readonly LayerNorm2d norm4;
    private readonly int _depth;

    /// <summary>Builds the variant that the options name.</summary>
    /// <exception cref="ConfigurationException">A depth outside 1–5, or an output stride other than 8, 16 and 32.</exception>
    public MixTransformerEncoder(EncoderOptions options)
        : base(options.Name, ChannelsOf(options), [.. Enumerable.Range(0, options.Depth + 1).Select(stage => Math.Min(1 << stage, options.OutputStride))])
    {
        var variant = MixTransformerVariant.Named(options.Name);
        var (channels, rates) = (variant.Channels, Blocks.DropPathRates(DropPathRate, variant.Depths));
        _depth = options.Depth;
        patch_embed1 = new PatchEmbedding(options.InChannels, channels[0], kernel: 7, stride: 4);
        patch_embed2 = new PatchEmbedding(channels[0], channels[1], kernel: 3, stride: 2);
        patch_embed3 = new PatchEmbedding(channels[1], channels[2], kernel: 3, stride: 2);
        patch_embed4 = new PatchEmbedding(channels[2], channels[3], kernel: 3, stride: 2);
        (block1, block2, block3, block4) = (Stage(0), Stage(1), Stage(2), Stage(3));
        (norm1, norm2, norm3, norm4) = (new LayerNorm2d(channels[0]), new LayerNorm2d(channels[1]), new LayerNorm2d(channels[2]), new LayerNorm2d(channels[3]));
        RegisterComponents();
        Initialization.Transformer(this);
        apply(InitializeConvolution);
        Dilation.Apply(options.OutputStride, (16, patch_embed3), (16, block3), (32, patch_embed4), (32, block4));

        Sequential Stage(int stage) => Sequential(rates[stage].Select(rate =>
            new MixTransformerBlock(channels[stage], MixTransformerVariant.Heads[stage], MixTransformerVariant.Reductions[stage], rate)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = new List<Tensor> { empty([input.shape[0], 0, input.shape[2] / 2, input.shape[3] / 2], input.dtype, input.device) };
        var x = input;
        foreach (var (embedding, blocks, norm) in Stages().Take(_depth - 1))
        {
            x = norm.forward(blocks.forward(embedding.forward(x)));
            maps.Add(x);                                            // (N, C, H/stride, W/stride)
        }

        return [input, .. maps.MoveToOuterDisposeScope()];
    }

    private (PatchEmbedding Embedding, Sequential Blocks, LayerNorm2d Norm)[] Stages() =>
        [(patch_embed1, block1, norm1), (patch_embed2, block2, norm2), (patch_embed3, block3, norm3), (patch_embed4, block4, norm4)];

    // Normal by fan out, which counts the outputs that one input reaches within its group.
    private static void InitializeConvolution(nn.Module part)
    {
        if (part is Conv2d convolution)
        {
            var fan = convolution.weight.numel() / convolution.weight.shape[1] / convolution.groups;
            init.normal_(convolution.weight, 0, Math.Sqrt(2.0 / fan));
            init.zeros_(convolution.bias!);
        }
    }

    private static int[] ChannelsOf(EncoderOptions options)
    {
        int[] all = [options.InChannels, 0, .. MixTransformerVariant.Named(options.Name).Channels];
        return options switch
        {
            { InChannels: < 1 } => throw new ConfigurationException($"encoder {options.Name}: in_channels {options.InChannels} must be at least 1."),
            { Depth: < 1 or > 5 } => throw new ConfigurationException($"encoder {options.Name}: depth {options.Depth} must be 1 to 5."),
            { OutputStride: not (8 or 16 or 32) } => throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} must be 8, 16 or 32."),
            _ => all[..(options.Depth + 1)],
        };
    }
}
