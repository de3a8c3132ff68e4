using Osteon.Masks;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EfficientFormer;

/// <summary>An average of 3×3, less the pixel itself, then two pointwise convolutions. Keys: ls1, mlp (fc1, norm1, fc2, norm2), ls2.</summary>
internal sealed class PoolingBlock : Module<Tensor, Tensor>
{
    /// <summary>First value of learnt factors.</summary>
    public const double FirstScale = 1e-5;

    private const int Expansion = 4;

    private readonly LayerScale ls1;
    private readonly Sequential mlp;
    private readonly LayerScale ls2;

    public PoolingBlock(int channels) : base(nameof(PoolingBlock))
    {
        ls1 = new LayerScale(channels, FirstScale, map: true);
        mlp = Sequential(
            ("fc1", Conv2d(channels, Expansion * channels, 1)), ("norm1", BatchNorm2d(Expansion * channels)), ("act", GELU()),
            ("fc2", Conv2d(Expansion * channels, channels, 1)), ("norm2", BatchNorm2d(channels)));
        ls2 = new LayerScale(channels, FirstScale, map: true);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + ls1.forward(functional.avg_pool2d(input, 3, 1, 1, ceil_mode: false, count_include_pad: false) - input);
        return (x + ls2.forward(mlp.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention, then a network; of (N, L, C). Keys: norm1, token_mixer, ls1, norm2, mlp, ls2.</summary>
internal sealed class AttentionBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly LayerNorm norm1;
    private readonly Attention token_mixer;
    private readonly LayerScale ls1;
    private readonly LayerNorm norm2;
    private readonly Mlp mlp;
    private readonly LayerScale ls2;

    public AttentionBlock(int channels) : base(nameof(AttentionBlock))
    {
        norm1 = LayerNorm(channels);
        token_mixer = new Attention(channels);
        ls1 = new LayerScale(channels, PoolingBlock.FirstScale);
        norm2 = LayerNorm(channels);
        mlp = new Mlp(channels, Expansion * channels);
        ls2 = new LayerScale(channels, PoolingBlock.FirstScale);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + ls1.forward(token_mixer.forward(norm1.forward(input)));
        return (x + ls2.forward(mlp.forward(norm2.forward(x)))).MoveToOuterDisposeScope();
    }

    /// <summary>Each pair's score is moved by a learnt number of how far apart they are. Keys: attention_biases, attention_bias_idxs, qkv, proj.</summary>
    private sealed class Attention : Module<Tensor, Tensor>
    {
        private const int Heads = 8, Keys = 32, Values = 4 * Keys;
        private static readonly Frame s_map = new(7, 7);

        private readonly Parameter attention_biases;
        private readonly Tensor attention_bias_idxs;                // by timm's rule saved
        private readonly Linear qkv, proj;

        public Attention(int channels) : base(nameof(Attention))
        {
            attention_biases = new Parameter(zeros(Heads, s_map.Height * s_map.Width));
            attention_bias_idxs = tensor(Distances.Between(s_map, 1), [s_map.Height * s_map.Width, s_map.Height * s_map.Width]);
            qkv = Linear(channels, Heads * ((2 * Keys) + Values));
            proj = Linear(Heads * Values, channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (images, length) = (input.shape[0], input.shape[1]);
            var parts = qkv.forward(input).reshape(images, length, Heads, -1).transpose(1, 2);
            var (query, key, value) = (parts.narrow(-1, 0, Keys), parts.narrow(-1, Keys, Keys), parts.narrow(-1, 2 * Keys, Values));
            var scores = attention_biases.index_select(1, attention_bias_idxs.flatten()).reshape(Heads, length, length);
            var x = functional.scaled_dot_product_attention(query, key, value, scores);
            return proj.forward(x.transpose(1, 2).reshape(images, length, Heads * Values)).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>How far pixels lie apart.</summary>
internal static class Distances
{
    /// <summary>For each pair, rows apart times the map's width, and columns apart, of those of each so-many-th pixel that ask and all that are asked.</summary>
    public static long[] Between(Frame map, int step) =>
    [
        .. from row in Enumerable.Range(0, map.Height).Where(i => i % step == 0)
           from column in Enumerable.Range(0, map.Width).Where(i => i % step == 0)
           from asked in Enumerable.Range(0, map.Height * map.Width)
           select ((long)Math.Abs(row - (asked / map.Width)) * map.Width) + Math.Abs(column - (asked % map.Width)),
    ];
}
