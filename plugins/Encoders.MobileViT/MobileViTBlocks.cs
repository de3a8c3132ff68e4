using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MobileViT;

/// <summary>Keys: conv1_1x1, conv2_kxk, conv3_1x1.</summary>
internal sealed class InvertedBottleneck : Module<Tensor, Tensor>
{
    private readonly ConvNormAct conv1_1x1, conv2_kxk, conv3_1x1;
    private readonly bool _shortcut;

    public InvertedBottleneck(int inChannels, int outChannels, int expansion, int stride, int dilation, bool shortcut) : base(nameof(InvertedBottleneck))
    {
        var inner = Blocks.MakeDivisible(inChannels * expansion);
        _shortcut = shortcut;
        conv1_1x1 = new ConvNormAct(inChannels, inner, 1, activation: SiLU(inplace: true));
        conv2_kxk = new ConvNormAct(inner, inner, 3, stride, inner, dilation, SiLU(inplace: true));
        conv3_1x1 = new ConvNormAct(inner, outChannels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv3_1x1.forward(conv2_kxk.forward(conv1_1x1.forward(input)));
        return (_shortcut ? x + input : x).MoveToOuterDisposeScope();
    }
}

/// <summary>Maps cut into squares.</summary>
internal static class Squares
{
    private const int Side = MobileViTDesign.Patch;

    /// <summary>The least size of whole squares that holds this one.</summary>
    public static long[] Filled(Tensor map) => [(map.shape[2] + Side - 1) / Side * Side, (map.shape[3] + Side - 1) / Side * Side];

    /// <returns>(N, C, pixels of a square, squares) of (N, C, H, W).</returns>
    public static Tensor Cut(Tensor map) =>
        map.reshape(map.shape[0], map.shape[1], map.shape[2] / Side, Side, map.shape[3] / Side, Side).permute(0, 1, 3, 5, 2, 4).reshape(map.shape[0], map.shape[1], Side * Side, -1);

    /// <returns>(N, C, H, W) of (N, C, pixels of a square, squares).</returns>
    public static Tensor Joined(Tensor squares, long height, long width) =>
        squares.reshape(squares.shape[0], squares.shape[1], Side, Side, height / Side, width / Side).permute(0, 1, 4, 2, 5, 3).reshape(squares.shape[0], squares.shape[1], height, width);
}

/// <summary>A vision transformer's blocks over pixels of the same place in their squares. Keys: conv_kxk, conv_1x1, transformer, norm, conv_proj, conv_fusion.</summary>
internal sealed class PatchAttentionBlock : Module<Tensor, Tensor>
{
    private readonly ConvNormAct conv_kxk;
    private readonly Conv2d conv_1x1;
    private readonly Sequential transformer;
    private readonly LayerNorm norm;
    private readonly ConvNormAct conv_proj, conv_fusion;

    public PatchAttentionBlock(int channels, int inner, int depth, int dilation) : base(nameof(PatchAttentionBlock))
    {
        conv_kxk = new ConvNormAct(channels, channels, 3, dilation: dilation, activation: SiLU(inplace: true));
        conv_1x1 = Conv2d(channels, inner, 1, bias: false);
        transformer = Sequential(Enumerable.Range(0, depth).Select(_ => new TransformerBlock(inner)));
        norm = LayerNorm(inner);
        conv_proj = new ConvNormAct(inner, channels, 1, activation: SiLU(inplace: true));
        conv_fusion = new ConvNormAct(2 * channels, channels, 3, activation: SiLU(inplace: true));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv_1x1.forward(conv_kxk.forward(input));
        var (size, filled) = ((long[])[x.shape[2], x.shape[3]], Squares.Filled(x));
        var resized = !size.SequenceEqual(filled);
        x = resized ? functional.interpolate(x, size: filled, mode: InterpolationMode.Bilinear, align_corners: false) : x;
        x = Squares.Cut(x).permute(0, 2, 3, 1);                     // (N, pixels of a square, squares, C)
        var shape = x.shape;
        x = norm.forward(transformer.forward(x.flatten(0, 1))).reshape(shape).permute(0, 3, 1, 2);
        x = Squares.Joined(x, filled[0], filled[1]);
        x = resized ? functional.interpolate(x, size: size, mode: InterpolationMode.Bilinear, align_corners: false) : x;
        return conv_fusion.forward(cat([input, conv_proj.forward(x)], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>Keys: norm1, attn (qkv, proj), norm2, mlp.</summary>
    private sealed class TransformerBlock : Module<Tensor, Tensor>
    {
        private const int Expansion = 2;

        private readonly LayerNorm norm1;
        private readonly Attention attn;
        private readonly LayerNorm norm2;
        private readonly Mlp mlp;

        public TransformerBlock(int channels) : base(nameof(TransformerBlock))
        {
            norm1 = LayerNorm(channels);
            attn = new Attention(channels);
            norm2 = LayerNorm(channels);
            mlp = new Mlp(channels, Expansion * channels, functional.silu);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = input + attn.forward(norm1.forward(input));
            return (x + mlp.forward(norm2.forward(x))).MoveToOuterDisposeScope();
        }
    }

    private sealed class Attention : Module<Tensor, Tensor>
    {
        private const int Heads = 4;
        private readonly Linear qkv, proj;

        public Attention(int channels) : base(nameof(Attention))
        {
            qkv = Linear(channels, 3 * channels);
            proj = Linear(channels, channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (images, length, channels) = (input.shape[0], input.shape[1], input.shape[2]);
            var parts = qkv.forward(input).reshape(images, length, 3, Heads, channels / Heads).permute(2, 0, 3, 1, 4).unbind();
            return proj.forward(functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]).transpose(1, 2).reshape(input.shape)).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Attention of one query a pixel, whose cost is linear, over squares. Keys: conv_kxk, conv_1x1, transformer, norm, conv_proj.</summary>
internal sealed class LinearAttentionBlock : Module<Tensor, Tensor>
{
    private readonly ConvNormAct conv_kxk;
    private readonly Conv2d conv_1x1;
    private readonly Sequential transformer;
    private readonly GroupNorm norm;
    private readonly ConvNormAct conv_proj;

    public LinearAttentionBlock(int channels, int depth, int dilation) : base(nameof(LinearAttentionBlock))
    {
        var inner = Blocks.MakeDivisible(channels / 2.0);
        conv_kxk = new ConvNormAct(channels, channels, 3, groups: channels, dilation: dilation, activation: SiLU(inplace: true));
        conv_1x1 = Conv2d(channels, inner, 1, bias: false);
        transformer = Sequential(Enumerable.Range(0, depth).Select(_ => new TransformerBlock(inner)));
        norm = GroupNorm(1, inner);
        conv_proj = new ConvNormAct(inner, channels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var filled = Squares.Filled(input);
        var x = input.shape[2] == filled[0] && input.shape[3] == filled[1] ? input : functional.interpolate(input, size: filled, mode: InterpolationMode.Bilinear, align_corners: true);
        x = norm.forward(transformer.forward(Squares.Cut(conv_1x1.forward(conv_kxk.forward(x)))));
        return conv_proj.forward(Squares.Joined(x, filled[0], filled[1])).MoveToOuterDisposeScope();
    }

    /// <summary>Keys: norm1, attn (qkv_proj, out_proj), norm2, mlp.</summary>
    private sealed class TransformerBlock : Module<Tensor, Tensor>
    {
        private const int Expansion = 2;

        private readonly GroupNorm norm1;
        private readonly LinearAttention attn;
        private readonly GroupNorm norm2;
        private readonly ConvMlp mlp;

        public TransformerBlock(int channels) : base(nameof(TransformerBlock))
        {
            norm1 = GroupNorm(1, channels);
            attn = new LinearAttention(channels);
            norm2 = GroupNorm(1, channels);
            mlp = new ConvMlp(channels, Expansion * channels, functional.silu);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = input + attn.forward(norm1.forward(input));
            return (x + mlp.forward(norm2.forward(x))).MoveToOuterDisposeScope();
        }
    }

    private sealed class LinearAttention : Module<Tensor, Tensor>
    {
        private readonly Conv2d qkv_proj, out_proj;
        private readonly int _channels;

        public LinearAttention(int channels) : base(nameof(LinearAttention))
        {
            _channels = channels;
            qkv_proj = Conv2d(channels, 1 + (2 * channels), 1);
            out_proj = Conv2d(channels, channels, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = qkv_proj.forward(input);
            var shares = functional.softmax(x.narrow(1, 0, 1), -1);
            var context = (x.narrow(1, 1, _channels) * shares).sum(-1, keepdim: true);
            return out_proj.forward(functional.relu(x.narrow(1, 1 + _channels, _channels)) * context).MoveToOuterDisposeScope();
        }
    }
}
