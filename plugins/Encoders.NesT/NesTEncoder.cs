using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.NesT;

/// <summary>What timm's constructor takes, and SMP passes on.</summary>
public sealed record NesTOptions : EncoderOptions
{
    /// <summary>Side of the images, which are square; null for 224.</summary>
    public JsonNode? ImgSize { get; init; }
}

/// <summary>Nested transformers as timm builds them: attention within blocks of the image, which are joined by fours. They have three maps, so that the depth is 4 at most; jx pads as TensorFlow does.</summary>
/// <remarks>Zhang et al. 2021, arXiv:2105.12723.</remarks>
[Encoder("tu-nest_base")]
[Encoder("tu-nest_base_jx")]
[Encoder("tu-nest_small")]
[Encoder("tu-nest_small_jx")]
[Encoder("tu-nest_tiny")]
[Encoder("tu-nest_tiny_jx")]
public sealed class NesTEncoder(NesTOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private const int Nominal = 224, Patch = 4, FirstGrid = 4;
    private const double DropPathRate = 0.5;

    private readonly Frame _size = Size(options);

    /// <inheritdoc/>
    public override Frame? OnlySize => _size;

    private static TimmFeatures Features(EncoderOptions options)
    {
        var channels = Numbers(options.Name).Channels;
        return new(Patch, channels, 2 * channels, 4 * channels) { Dilates = false };
    }

    private static (int Channels, int Heads, int Depth) Numbers(string encoder) => encoder["tu-nest_".Length..].Replace("_jx", "", StringComparison.Ordinal) switch
    {
        "tiny" => (96, 3, 8),
        "small" => (96, 3, 20),
        "base" => (128, 4, 20),
        var name => throw new ConfigurationException($"encoder 'tu-nest_{name}' is no nested transformer that is known here."),
    };

    private static Frame Size(NesTOptions options)
    {
        var size = ImageSize.Of(options.Name, options.ImgSize, Nominal, Patch * FirstGrid);
        return size.Height == size.Width ? size : throw new ConfigurationException($"encoder {options.Name}: img_size {size} must be square.");
    }

    // Keys: patch_embed (proj), then levels_0 ….
    private static FeatureList Model(NesTOptions options)
    {
        var (channels, heads, depth) = Numbers(options.Name);
        var rates = Blocks.DropPathRates(DropPathRate, 2, 2, depth);
        var model = new FeatureList().Add("patch_embed", Sequential(("proj", Conv2d(options.InChannels, channels, Patch, stride: Patch))), isMap: false);
        foreach (var level in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"levels_{level}", new Level(channels << level, heads << level, FirstGrid >> level, Size(options).Height / Patch / FirstGrid, rates[level], halves: level > 0, same: options.Name.EndsWith("_jx", StringComparison.Ordinal)));
        }

        Initialization.TruncatedNormal(model);
        return model;
    }

    /// <summary>Keys: pos_embed, pool, transformer_encoder.</summary>
    private sealed class Level : Module<Tensor, Tensor>
    {
        private readonly Parameter pos_embed;
        private readonly Pooling? pool;
        private readonly Sequential transformer_encoder;
        private readonly int _grid, _side;

        public Level(int channels, int heads, int grid, int side, IReadOnlyList<double> dropPath, bool halves, bool same) : base(nameof(Level))
        {
            (_grid, _side) = (grid, side);
            pos_embed = new Parameter(init.trunc_normal_(empty(1, grid * grid, side * side, channels), std: Initialization.TransformerDeviation));
            pool = halves ? new Pooling(channels / 2, channels, same) : null;
            transformer_encoder = Sequential(dropPath.Select(rate => new TransformerLayer(channels, heads, rate)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = (pool?.forward(input) ?? input).permute(0, 2, 3, 1);
            var (images, channels) = (x.shape[0], x.shape[3]);
            x = x.reshape(images, _grid, _side, _grid, _side, channels).transpose(2, 3).reshape(images, _grid * _grid, _side * _side, channels);
            x = transformer_encoder.forward(x + pos_embed);
            return x.reshape(images, _grid, _grid, _side, _side, channels).transpose(2, 3).reshape(images, _grid * _side, _grid * _side, channels).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Keys: conv, norm.</summary>
    private sealed class Pooling : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;
        private readonly LayerNorm2d norm;
        private readonly bool _same;

        public Pooling(int inChannels, int outChannels, bool same) : base(nameof(Pooling))
        {
            _same = same;
            conv = Conv2d(inChannels, outChannels, 3, padding: 1);
            norm = new LayerNorm2d(outChannels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = norm.forward(conv.forward(input));
            // TensorFlow's padding of an even side lies below and to the right.
            return (_same ? functional.max_pool2d(functional.pad(x, [0, 1, 0, 1], value: double.NegativeInfinity), 3, 2) : functional.max_pool2d(x, 3, 2, 1)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Of (N, blocks, pixels, C). Keys: norm1, attn (qkv, proj), norm2, mlp.</summary>
    private sealed class TransformerLayer : Module<Tensor, Tensor>
    {
        private const int Expansion = 4;
        private const double Eps = 1e-6;

        private readonly LayerNorm norm1;
        private readonly Attention attn;
        private readonly DropPath drop_path1;
        private readonly LayerNorm norm2;
        private readonly Mlp mlp;
        private readonly DropPath drop_path2;

        public TransformerLayer(int channels, int heads, double dropPath) : base(nameof(TransformerLayer))
        {
            norm1 = LayerNorm(channels, eps: Eps);
            attn = new Attention(channels, heads);
            drop_path1 = new DropPath(dropPath);
            norm2 = LayerNorm(channels, eps: Eps);
            mlp = new Mlp(channels, Expansion * channels);
            drop_path2 = new DropPath(dropPath);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = input + drop_path1.forward(attn.forward(norm1.forward(input)));
            return (x + drop_path2.forward(mlp.forward(norm2.forward(x)))).MoveToOuterDisposeScope();
        }
    }

    private sealed class Attention : Module<Tensor, Tensor>
    {
        private readonly Linear qkv, proj;
        private readonly int _heads;

        public Attention(int channels, int heads) : base(nameof(Attention))
        {
            _heads = heads;
            qkv = Linear(channels, 3 * channels);
            proj = Linear(channels, channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (images, blocks, pixels, channels) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
            var parts = qkv.forward(input).reshape(images, blocks, pixels, 3, _heads, channels / _heads).permute(3, 0, 1, 4, 2, 5).unbind();
            var x = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);          // (N, blocks, heads, pixels, C/heads)
            // timm's order of channels in a head: the head's number runs fastest.
            return proj.forward(x.permute(0, 1, 3, 4, 2).reshape(input.shape)).MoveToOuterDisposeScope();
        }
    }
}
