using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MixTransformer;

/// <summary>Attention to a reduced map, then a feed-forward network with a convolution in it, which takes the place of position embeddings.</summary>
internal sealed class MixTransformerBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly LayerNorm norm1;
    private readonly ReducedAttention attn;
    private readonly DropPath drop_path;
    private readonly LayerNorm norm2;
    private readonly MixFeedForward mlp;

    public MixTransformerBlock(int channels, int heads, int reduction, double dropPath) : base(nameof(MixTransformerBlock))
    {
        norm1 = LayerNorm(channels, eps: 1e-6);
        attn = new ReducedAttention(channels, heads, reduction);
        drop_path = new DropPath(dropPath);
        norm2 = LayerNorm(channels, eps: 1e-6);
        mlp = new MixFeedForward(channels, Expansion * channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (input.shape[2], input.shape[3]);
        var x = Tokens.Of(input);                                   // (N, HW, C)
        x += drop_path.forward(attn.forward(norm1.forward(x), height, width));
        x += drop_path.forward(mlp.forward(norm2.forward(x), height, width));
        return Tokens.Map(x, height, width).MoveToOuterDisposeScope();
    }
}

/// <summary>Maps as rows of pixels and back, without a copy.</summary>
internal static class Tokens
{
    /// <returns>(N, HW, C) of (N, C, H, W).</returns>
    public static Tensor Of(Tensor map) => map.flatten(2).transpose(1, 2);

    /// <returns>(N, C, H, W) of (N, HW, C).</returns>
    public static Tensor Map(Tensor tokens, long height, long width) => tokens.transpose(1, 2).reshape(tokens.shape[0], tokens.shape[2], height, width);
}

/// <summary>Every pixel attends to a map that a strided convolution has reduced. Keys: q, kv, proj, and sr, norm where it is reduced.</summary>
internal sealed class ReducedAttention : Module
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
        if (reduction > 1)
        {
            sr = Conv2d(channels, channels, reduction, stride: reduction);
            norm = LayerNorm(channels);
        }

        RegisterComponents();
    }

    /// <param name="tokens">(N, HW, C).</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    public Tensor forward(Tensor tokens, long height, long width)
    {
        using var scope = NewDisposeScope();
        var (images, length, channels) = (tokens.shape[0], tokens.shape[1], tokens.shape[2]);
        var query = q.forward(tokens).reshape(images, length, _heads, channels / _heads).transpose(1, 2);
        var seen = sr is null ? tokens : norm!.forward(Tokens.Of(sr.forward(Tokens.Map(tokens, height, width))));
        var pairs = kv.forward(seen).reshape(images, -1, 2, _heads, channels / _heads).permute(2, 0, 3, 1, 4).unbind();
        var x = functional.scaled_dot_product_attention(query, pairs[0], pairs[1]);
        return proj.forward(x.transpose(1, 2).reshape(images, length, channels)).MoveToOuterDisposeScope();
    }
}

/// <summary>Two linear layers with a 3×3 convolution of each channel between them. Keys: fc1, dwconv.dwconv, fc2.</summary>
internal sealed class MixFeedForward : Module
{
    private readonly Linear fc1;
    private readonly Depthwise dwconv;
    private readonly Linear fc2;

    public MixFeedForward(int channels, int hidden) : base(nameof(MixFeedForward))
    {
        fc1 = Linear(channels, hidden);
        dwconv = new Depthwise(hidden);
        fc2 = Linear(hidden, channels);
        RegisterComponents();
    }

    /// <param name="tokens">(N, HW, C).</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    public Tensor forward(Tensor tokens, long height, long width)
    {
        using var scope = NewDisposeScope();
        var x = Tokens.Of(dwconv.forward(Tokens.Map(fc1.forward(tokens), height, width)));
        return fc2.forward(functional.gelu(x)).MoveToOuterDisposeScope();
    }

    private sealed class Depthwise : Module<Tensor, Tensor>
    {
        private readonly Conv2d dwconv;

        public Depthwise(int channels) : base(nameof(Depthwise))
        {
            dwconv = Conv2d(channels, channels, 3, padding: 1, groups: channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => dwconv.forward(input);
    }
}
