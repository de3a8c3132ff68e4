using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.NextViT;

/// <summary>Parts that blocks share.</summary>
internal static class Parts
{
    /// <summary>Channels of a head, and of a group of convolutions.</summary>
    public const int Head = 32;

    /// <summary>An average where the size halves, and a pointwise convolution; nothing where neither changes. Keys: conv, norm.</summary>
    public static Sequential Embedding(int inChannels, int outChannels, bool halves)
    {
        (string, Module<Tensor, Tensor>)[] pool = halves ? [("pool", AvgPool2d(2, 2, ceil_mode: true, count_include_pad: false))] : [];
        (string, Module<Tensor, Tensor>)[] layers = halves || inChannels != outChannels ? [("conv", Conv2d(inChannels, outChannels, 1, bias: false)), ("norm", BatchNorm2d(outChannels))] : [];
        return Sequential([.. pool, .. layers]);
    }

    /// <summary>A convolution in groups as wide as heads, and a pointwise one. Keys: group_conv3x3, norm, projection.</summary>
    public static Sequential ConvolutionalAttention(int channels) => Sequential(
        ("group_conv3x3", Conv2d(channels, channels, 3, padding: 1, groups: channels / Head, bias: false)), ("norm", BatchNorm2d(channels)),
        ("act", ReLU(inplace: true)), ("projection", Conv2d(channels, channels, 1, bias: false)));

    /// <summary>Two pointwise convolutions.</summary>
    public static ConvMlp Mlp(int channels, int expansion) => new(channels, expansion * channels, x => functional.relu(x));
}

/// <summary>Keys: patch_embed, mhca, norm, mlp.</summary>
internal sealed class ConvolutionBlock : Module<Tensor, Tensor>
{
    private readonly Sequential patch_embed, mhca;
    private readonly DropPath attn_drop_path;
    private readonly BatchNorm2d norm;
    private readonly ConvMlp mlp;
    private readonly DropPath mlp_drop_path;

    public ConvolutionBlock(int inChannels, int outChannels, bool halves, double dropPath) : base(nameof(ConvolutionBlock))
    {
        patch_embed = Parts.Embedding(inChannels, outChannels, halves);
        mhca = Parts.ConvolutionalAttention(outChannels);
        attn_drop_path = new DropPath(dropPath);
        norm = BatchNorm2d(outChannels);
        mlp = Parts.Mlp(outChannels, 3);
        mlp_drop_path = new DropPath(dropPath);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = patch_embed.Count == 0 ? input : patch_embed.forward(input);
        x = x + attn_drop_path.forward(mhca.forward(x));
        return (x + mlp_drop_path.forward(mlp.forward(norm.forward(x)))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention for three quarters of the channels, convolutions for the others. Keys: patch_embed, norm1, e_mhsa, projection, mhca, norm2, mlp.</summary>
internal sealed class MixedBlock : Module<Tensor, Tensor>
{
    private const double Share = 0.75;

    private readonly Sequential patch_embed;
    private readonly BatchNorm2d norm1;
    private readonly ReducedAttention e_mhsa;
    private readonly DropPath mhsa_drop_path;
    private readonly Sequential projection, mhca;
    private readonly DropPath mhca_drop_path;
    private readonly BatchNorm2d norm2;
    private readonly ConvMlp mlp;
    private readonly DropPath mlp_drop_path;

    public MixedBlock(int inChannels, int outChannels, bool halves, int reduction, double dropPath) : base(nameof(MixedBlock))
    {
        var attended = Blocks.MakeDivisible((int)(outChannels * Share), Parts.Head);
        patch_embed = Parts.Embedding(inChannels, attended, halves);
        norm1 = BatchNorm2d(attended);
        e_mhsa = new ReducedAttention(attended, reduction);
        mhsa_drop_path = new DropPath(dropPath * Share);
        projection = Parts.Embedding(attended, outChannels - attended, halves: false);
        mhca = Parts.ConvolutionalAttention(outChannels - attended);
        mhca_drop_path = new DropPath(dropPath * (1 - Share));
        norm2 = BatchNorm2d(outChannels);
        mlp = Parts.Mlp(outChannels, 2);
        mlp_drop_path = new DropPath(dropPath);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = patch_embed.Count == 0 ? input : patch_embed.forward(input);
        var rows = e_mhsa.forward(norm1.forward(x).flatten(2).transpose(1, 2));
        x = x + mhsa_drop_path.forward(rows).transpose(1, 2).reshape(x.shape);
        var y = projection.forward(x);
        y = y + mhca_drop_path.forward(mhca.forward(y));
        x = cat([x, y], 1);
        return (x + mlp_drop_path.forward(mlp.forward(norm2.forward(x)))).MoveToOuterDisposeScope();
    }

    /// <summary>Attention of (N, L, C) to averages of pixels that follow each other. Keys: q, k, v, proj, norm.</summary>
    private sealed class ReducedAttention : Module<Tensor, Tensor>
    {
        private readonly Linear q, k, v, proj;
        private readonly BatchNorm1d? norm;
        private readonly int _reduction;

        public ReducedAttention(int channels, int reduction) : base(nameof(ReducedAttention))
        {
            _reduction = reduction * reduction;
            (q, k, v, proj) = (Linear(channels, channels), Linear(channels, channels), Linear(channels, channels), Linear(channels, channels));
            norm = reduction > 1 ? BatchNorm1d(channels) : null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var reduced = norm is null ? input : norm.forward(functional.avg_pool1d(input.transpose(1, 2), _reduction, _reduction)).transpose(1, 2);
            Tensor Heads(Tensor rows) => rows.reshape(rows.shape[0], rows.shape[1], -1, Parts.Head).transpose(1, 2);
            var x = functional.scaled_dot_product_attention(Heads(q.forward(input)), Heads(k.forward(reduced)), Heads(v.forward(reduced)));
            return proj.forward(x.transpose(1, 2).reshape(input.shape)).MoveToOuterDisposeScope();
        }
    }
}
