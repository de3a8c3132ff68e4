using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DaViT;

/// <summary>Attention of some kind, then a feed-forward network, positions told before each by a depthwise convolution. Keys: cpe1, norm1, attn, cpe2, norm2, mlp.</summary>
internal sealed class DualBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly PositionConvolution cpe1;
    private readonly LayerNorm norm1;
    private readonly Module<Tensor, Tensor> attn;
    private readonly PositionConvolution cpe2;
    private readonly LayerNorm norm2;
    private readonly Mlp mlp;

    /// <param name="channels">Channels in and out.</param>
    /// <param name="attention">Of (N, H, W, C).</param>
    public DualBlock(int channels, Module<Tensor, Tensor> attention) : base(nameof(DualBlock))
    {
        cpe1 = new PositionConvolution(channels);
        norm1 = LayerNorm(channels, eps: DaViTVariant.Eps);
        attn = attention;
        cpe2 = new PositionConvolution(channels);
        norm2 = LayerNorm(channels, eps: DaViTVariant.Eps);
        mlp = new Mlp(channels, Expansion * channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = cpe1.forward(input).permute(0, 2, 3, 1);
        x += attn.forward(norm1.forward(x));
        x = cpe2.forward(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1);
        return (x + mlp.forward(norm2.forward(x))).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Key: proj.</summary>
    private sealed class PositionConvolution : Module<Tensor, Tensor>
    {
        private readonly Conv2d proj;

        public PositionConvolution(int channels) : base(nameof(PositionConvolution))
        {
            proj = Conv2d(channels, channels, 3, padding: 1, groups: channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return (input + proj.forward(input)).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Attention among the pixels of each window of (N, H, W, C). Keys: qkv, proj.</summary>
internal sealed class WindowAttention : Module<Tensor, Tensor>
{
    private readonly Linear qkv, proj;
    private readonly int _heads, _side;

    public WindowAttention(int channels, int heads, int side) : base(nameof(WindowAttention))
    {
        (_heads, _side) = (heads, side);
        qkv = Linear(channels, 3 * channels);
        proj = Linear(channels, channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, height, width, channels) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        var (rows, columns) = ((height + _side - 1) / _side, (width + _side - 1) / _side);
        var filled = functional.pad(input, [0, 0, 0, (columns * _side) - width, 0, (rows * _side) - height]);
        var windows = filled.reshape(images, rows, _side, columns, _side, channels).permute(0, 1, 3, 2, 4, 5).reshape(-1, _side * _side, channels);
        var parts = qkv.forward(windows).reshape(-1, _side * _side, 3, _heads, channels / _heads).permute(2, 0, 3, 1, 4).unbind();
        var x = proj.forward(functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]).transpose(1, 2).reshape(-1, _side * _side, channels));
        return x.reshape(images, rows, columns, _side, _side, channels).permute(0, 1, 3, 2, 4, 5).reshape(images, rows * _side, columns * _side, channels)
            .narrow(1, 0, height).narrow(2, 0, width).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention among the channels of each head, over all pixels of (N, H, W, C). Keys: qkv, proj.</summary>
internal sealed class ChannelAttention : Module<Tensor, Tensor>
{
    private readonly Linear qkv, proj;
    private readonly int _heads;
    private readonly bool _isFlorence;

    public ChannelAttention(int channels, int heads, bool isFlorence) : base(nameof(ChannelAttention))
    {
        (_heads, _isFlorence) = (heads, isFlorence);
        qkv = Linear(channels, 3 * channels);
        proj = Linear(channels, channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, pixels, channels) = (input.shape[0], input.shape[1] * input.shape[2], input.shape[3]);
        var parts = qkv.forward(input).reshape(images, pixels, 3, _heads, channels / _heads).permute(2, 0, 3, 4, 1).unbind();       // (N, heads, C/heads, pixels)
        var (first, second, third, scale) = _isFlorence ? (parts[0], parts[1], parts[2], pixels) : (parts[1], parts[2], parts[0], channels / _heads);
        var shares = functional.softmax((first * Math.Pow(scale, -0.5)).matmul(second.transpose(-1, -2)), -1);
        return proj.forward(shares.matmul(third).permute(0, 3, 1, 2).reshape(input.shape)).MoveToOuterDisposeScope();
    }
}
