using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Twins;

/// <summary>Attention, then a feed-forward network; of (N, H, W, C). Keys: norm1, attn, norm2, mlp.</summary>
internal sealed class TwinsBlock : Module<Tensor, Tensor>
{
    private const double Eps = 1e-6;

    private readonly LayerNorm norm1;
    private readonly Module<Tensor, Tensor> attn;
    private readonly LayerNorm norm2;
    private readonly Mlp mlp;

    public TwinsBlock(TwinsVariant variant, int stage, bool windows) : base(nameof(TwinsBlock))
    {
        var (channels, heads) = (variant.Channels[stage], variant.Heads[stage]);
        norm1 = LayerNorm(channels, eps: Eps);
        attn = windows ? new WindowAttention(channels, heads) : new ReducedAttention(channels, heads, TwinsVariant.Reductions[stage]);
        norm2 = LayerNorm(channels, eps: Eps);
        mlp = new Mlp(channels, variant.Expansions[stage] * channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + attn.forward(norm1.forward(input));
        return (x + mlp.forward(norm2.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention within windows of 7×7 pixels. Keys: qkv, proj.</summary>
internal sealed class WindowAttention : Module<Tensor, Tensor>
{
    private const int Side = 7;

    private readonly Linear qkv, proj;
    private readonly int _heads;

    public WindowAttention(int channels, int heads) : base(nameof(WindowAttention))
    {
        _heads = heads;
        qkv = Linear(channels, 3 * channels);
        proj = Linear(channels, channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, height, width, channels) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        var (rows, columns) = ((height + Side - 1) / Side, (width + Side - 1) / Side);
        var filled = functional.pad(input, [0, 0, 0, (columns * Side) - width, 0, (rows * Side) - height]);
        var windows = filled.reshape(images, rows, Side, columns, Side, channels).transpose(2, 3).reshape(-1, Side * Side, channels);
        var parts = qkv.forward(windows).reshape(-1, Side * Side, 3, _heads, channels / _heads).permute(2, 0, 3, 1, 4).unbind();
        var x = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]).transpose(1, 2)
            .reshape(images, rows, columns, Side, Side, channels).transpose(2, 3).reshape(images, rows * Side, columns * Side, channels);
        return proj.forward(x.narrow(1, 0, height).narrow(2, 0, width)).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention to a map that a strided convolution has reduced. Keys: q, kv, proj, and sr, norm where it is reduced.</summary>
internal sealed class ReducedAttention : Module<Tensor, Tensor>
{
    private readonly Linear q, kv, proj;
    private readonly Conv2d? sr;
    private readonly LayerNorm? norm;
    private readonly int _heads;

    public ReducedAttention(int channels, int heads, int reduction) : base(nameof(ReducedAttention))
    {
        _heads = heads;
        q = Linear(channels, channels);
        kv = Linear(channels, 2 * channels);
        proj = Linear(channels, channels);
        sr = reduction > 1 ? Conv2d(channels, channels, reduction, stride: reduction) : null;
        norm = reduction > 1 ? LayerNorm(channels) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, channels) = (input.shape[0], input.shape[3]);
        var query = q.forward(input).reshape(images, -1, _heads, channels / _heads).transpose(1, 2);
        var reduced = sr is null ? input : norm!.forward(sr.forward(input.permute(0, 3, 1, 2)).permute(0, 2, 3, 1));
        var pairs = kv.forward(reduced).reshape(images, -1, 2, _heads, channels / _heads).permute(2, 0, 3, 1, 4).unbind();
        return proj.forward(functional.scaled_dot_product_attention(query, pairs[0], pairs[1]).transpose(1, 2).reshape(input.shape)).MoveToOuterDisposeScope();
    }
}
