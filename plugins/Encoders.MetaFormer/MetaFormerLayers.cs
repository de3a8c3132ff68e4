using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MetaFormer;

/// <summary>Normalises over channels, of each pixel or of a map as a whole, with a factor and no bias. Key: weight.</summary>
internal sealed class BareNorm : Module<Tensor, Tensor>
{
    private const double Eps = 1e-6;
    private readonly Parameter weight;
    private readonly bool _whole, _tokens;

    /// <param name="channels">Channels.</param>
    /// <param name="whole">Over the pixels of a map too.</param>
    /// <param name="tokens">Whether channels come last.</param>
    public BareNorm(int channels, bool whole, bool tokens) : base(nameof(BareNorm))
    {
        (weight, _whole, _tokens) = (new Parameter(ones(channels)), whole, tokens);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = (_whole, _tokens) switch
        {
            (true, _) => functional.group_norm(input, 1, weight, null, Eps),
            (_, true) => functional.layer_norm(input, weight.shape, weight, null, Eps),
            _ => functional.layer_norm(input.permute(0, 2, 3, 1), weight.shape, weight, null, Eps).permute(0, 3, 1, 2),
        };
        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>scale · ReLU(x)² + bias. Keys: scale, bias.</summary>
internal sealed class StarReLU : Module<Tensor, Tensor>
{
    private readonly Parameter scale, bias;

    public StarReLU() : base(nameof(StarReLU))
    {
        (scale, bias) = (new Parameter(ones(1)), new Parameter(zeros(1)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return ((functional.relu(input).square() * scale) + bias).MoveToOuterDisposeScope();
    }
}

/// <summary>A learnt factor for each channel. Key: scale.</summary>
internal sealed class Scale : Module<Tensor, Tensor>
{
    private readonly Parameter scale;
    private readonly bool _tokens;

    public Scale(int channels, double start, bool tokens) : base(nameof(Scale))
    {
        (scale, _tokens) = (new Parameter(full(channels, start)), tokens);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (input * (_tokens ? scale : scale.view(-1, 1, 1))).MoveToOuterDisposeScope();
    }
}

/// <summary>A depthwise convolution between two of 1×1. Keys: pwconv1, act1, dwconv, pwconv2.</summary>
internal sealed class SeparableMixer : Module<Tensor, Tensor>
{
    private readonly Conv2d pwconv1;
    private readonly StarReLU act1;
    private readonly Conv2d dwconv;
    private readonly Conv2d pwconv2;

    public SeparableMixer(int channels) : base(nameof(SeparableMixer))
    {
        pwconv1 = Conv2d(channels, 2 * channels, 1, bias: false);
        act1 = new StarReLU();
        dwconv = Conv2d(2 * channels, 2 * channels, 7, padding: 3, groups: 2 * channels, bias: false);
        pwconv2 = Conv2d(2 * channels, channels, 1, bias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return pwconv2.forward(dwconv.forward(act1.forward(pwconv1.forward(input)))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention of (N, L, C) in heads of 32 channels. Keys: qkv, proj.</summary>
internal sealed class AttentionMixer : Module<Tensor, Tensor>
{
    private const int Head = 32;
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly int _heads;

    public AttentionMixer(int channels) : base(nameof(AttentionMixer))
    {
        _heads = Math.Max(channels / Head, 1);
        qkv = Linear(channels, 3 * _heads * Head, hasBias: false);
        proj = Linear(_heads * Head, channels, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, length) = (input.shape[0], input.shape[1]);
        var parts = qkv.forward(input).reshape(images, length, 3, _heads, Head).permute(2, 0, 3, 1, 4).unbind();
        var x = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        return proj.forward(x.transpose(1, 2).reshape(images, length, _heads * Head)).MoveToOuterDisposeScope();
    }
}

/// <summary>An average of 3×3 pixels, of those that there are, less the pixel itself.</summary>
internal sealed class PoolingMixer() : Module<Tensor, Tensor>(nameof(PoolingMixer))
{
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (functional.avg_pool2d(input, 3, 1, 1, ceil_mode: false, count_include_pad: false) - input).MoveToOuterDisposeScope();
    }
}
