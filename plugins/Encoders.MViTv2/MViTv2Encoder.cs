using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MViTv2;

/// <summary>What timm's constructor takes, and SMP passes on.</summary>
public sealed record MViTv2Options : EncoderOptions
{
    /// <summary>Side of the images, which are square; null for 224.</summary>
    public JsonNode? ImgSize { get; init; }
}

/// <summary>Multiscale vision transformers of the second version as timm builds them: queries, keys and values are pooled by depthwise convolutions. All stages exist at any depth.</summary>
/// <remarks>Li et al. 2021, arXiv:2112.01526.</remarks>
[Encoder("tu-mvitv2_base")]
[Encoder("tu-mvitv2_base_cls")]
[Encoder("tu-mvitv2_huge_cls")]
[Encoder("tu-mvitv2_large")]
[Encoder("tu-mvitv2_large_cls")]
[Encoder("tu-mvitv2_small")]
[Encoder("tu-mvitv2_small_cls")]
[Encoder("tu-mvitv2_tiny")]
public sealed class MViTv2Encoder(MViTv2Options options) : TimmEncoder(options, Features(options), new FeatureGetter(new Model(options)))
{
    private const int Nominal = 224, Smallest = 32;

    private readonly Frame _size = Size(options);

    /// <inheritdoc/>
    public override Frame? OnlySize => _size;

    private static TimmFeatures Features(EncoderOptions options) => new(4, MViTv2Variant.Named(options.Name).Maps) { Dilates = false };

    private static Frame Size(MViTv2Options options)
    {
        var size = ImageSize.Of(options.Name, options.ImgSize, Nominal, Smallest);
        return size.Height == size.Width ? size : throw new ConfigurationException($"encoder {options.Name}: img_size {size} must be square.");
    }

    /// <summary>Keys: cls_token, patch_embed, stages.</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly Parameter? cls_token;
        private readonly Sequential patch_embed;
        private readonly ModuleList<Stage> stages;
        private readonly int _used;

        public Model(MViTv2Options options) : base("model")
        {
            var (variant, side) = (MViTv2Variant.Named(options.Name), Size(options).Height / 4);
            _used = Features(options).Used(options);
            cls_token = variant.HasToken ? new Parameter(init.trunc_normal_(empty(1, 1, variant.Channels), std: Initialization.TransformerDeviation)) : null;
            patch_embed = Sequential(("proj", Conv2d(options.InChannels, variant.Channels, 7, stride: 4, padding: 3)));
            stages = ModuleList([.. Enumerable.Range(0, 4).Select(stage => new Stage(variant, stage, side >> Math.Max(stage - 1, 0)))]);
            RegisterComponents();
            Initialization.Transformer(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var map = patch_embed.forward(input);
            var (images, height, width) = (map.shape[0], map.shape[2], map.shape[3]);
            var x = map.flatten(2).transpose(1, 2);
            x = cls_token is null ? x : cat([cls_token.expand(images, -1, -1), x], 1);
            var maps = new List<Tensor>();
            for (var stage = 0; stage < _used; stage++)
            {
                (x, height, width) = stages[stage].Pass(x, height, width);
                var tokens = cls_token is null ? x : x.narrow(1, 1, x.shape[1] - 1);
                maps.Add(tokens.reshape(images, height, width, -1).permute(0, 3, 1, 2));
            }

            return maps.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Key: blocks.</summary>
    private sealed class Stage : Module
    {
        private readonly ModuleList<MultiScaleBlock> blocks;

        public Stage(MViTv2Variant variant, int stage, int side) : base(nameof(Stage))
        {
            blocks = ModuleList([.. Enumerable.Range(0, variant.Depths[stage]).Select(i => new MultiScaleBlock(variant.Place(stage, i, side)))]);
            RegisterComponents();
        }

        public (Tensor Tokens, long Height, long Width) Pass(Tensor x, long height, long width)
        {
            foreach (var block in blocks)
            {
                (x, height, width) = block.Pass(x, height, width);
            }

            return (x, height, width);
        }
    }
}

/// <summary>A network by its numbers.</summary>
/// <param name="Channels">Of the first stage; each further one has twice as many.</param>
/// <param name="Heads">Of the first stage; each further one has twice as many.</param>
/// <param name="Depths">Blocks of each stage.</param>
/// <remarks>Li et al. 2021, arXiv:2112.01526, table 1.</remarks>
internal sealed record MViTv2Variant(int Channels, int Heads, IReadOnlyList<int> Depths)
{
    private static readonly int[] s_keyStrides = [4, 2, 1, 1];

    /// <summary>Whether a token of the class goes with the pixels.</summary>
    public bool HasToken { get; init; }

    /// <summary>Whether channels double in a stage's first attention, rather than in the last feed-forward network of the stage before.</summary>
    public bool ExpandsInAttention { get; init; } = true;

    /// <summary>Channels of the maps.</summary>
    public IReadOnlyList<int> Maps => [.. Enumerable.Range(0, 4).Select(stage => Channels << (ExpandsInAttention ? stage : Math.Min(stage + 1, 3)))];

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static MViTv2Variant Named(string encoder) => encoder["tu-mvitv2_".Length..] switch
    {
        "tiny" => new(96, 1, [1, 2, 5, 2]),
        "small" => new(96, 1, [1, 2, 11, 2]),
        "base" => new(96, 1, [2, 3, 16, 3]),
        "large" => new(144, 2, [2, 6, 36, 4]) { ExpandsInAttention = false },
        "small_cls" => new(96, 1, [1, 2, 11, 2]) { HasToken = true },
        "base_cls" => new(96, 1, [2, 3, 16, 3]) { HasToken = true },
        "large_cls" => new(144, 2, [2, 6, 36, 4]) { HasToken = true },
        "huge_cls" => new(192, 3, [4, 8, 60, 8]) { HasToken = true },
        var name => throw new ConfigurationException($"encoder 'tu-mvitv2_{name}' is no MViTv2 that is known here."),
    };

    /// <summary>Where a block stands.</summary>
    /// <param name="stage">0 to 3.</param>
    /// <param name="block">In the stage.</param>
    /// <param name="side">Of the map that comes to the stage.</param>
    public BlockPlace Place(int stage, int block, int side)
    {
        var (halves, own, last) = (block == 0 && stage > 0, Channels << stage, block == Depths[stage] - 1 && stage < 3);
        var (inChannels, outChannels) = ExpandsInAttention
            ? (halves ? own / 2 : own, own)
            : (own, last ? 2 * own : own);
        return new BlockPlace(inChannels, outChannels, ExpandsInAttention ? outChannels : inChannels, Heads << stage, block > 0 && stage > 0 ? side / 2 : side, halves ? 2 : 1, s_keyStrides[stage], HasToken);
    }
}

/// <summary>What a block is told about its place.</summary>
/// <param name="InChannels">Channels in.</param>
/// <param name="OutChannels">Channels out.</param>
/// <param name="Attended">Channels of attention.</param>
/// <param name="Heads">Of attention.</param>
/// <param name="Side">Of the map that comes.</param>
/// <param name="Stride">Of queries.</param>
/// <param name="KeyStride">Of keys and values.</param>
/// <param name="HasToken">Whether a token comes before the pixels.</param>
internal sealed record BlockPlace(int InChannels, int OutChannels, int Attended, int Heads, int Side, int Stride, int KeyStride, bool HasToken);
