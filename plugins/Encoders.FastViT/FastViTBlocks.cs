using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.FastViT;

/// <summary>Depthwise convolutions mix pixels, then a network mixes channels. Keys: token_mixer, mlp, layer_scale.</summary>
internal sealed class MixerBlock : Module<Tensor, Tensor>
{
    private readonly Mixer token_mixer;
    private readonly FeedForward mlp;
    private readonly MapScale layer_scale;

    public MixerBlock(int channels, int expansion) : base(nameof(MixerBlock))
    {
        token_mixer = new Mixer(channels);
        mlp = new FeedForward(channels, expansion * channels);
        layer_scale = new MapScale(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = token_mixer.forward(input);
        return (x + layer_scale.forward(mlp.forward(x))).MoveToOuterDisposeScope();
    }

    /// <summary>Keys: norm, mixer, layer_scale.</summary>
    private sealed class Mixer : Module<Tensor, Tensor>
    {
        private readonly BranchedConvolution norm;
        private readonly BranchedConvolution mixer;
        private readonly MapScale layer_scale;

        public Mixer(int channels) : base(nameof(Mixer))
        {
            norm = new BranchedConvolution(channels, channels, 0, groups: channels, active: false);
            mixer = new BranchedConvolution(channels, channels, 3, groups: channels, active: false);
            layer_scale = new MapScale(channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return (input + layer_scale.forward(mixer.forward(input) - norm.forward(input))).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Attention among all pixels, then a network. Keys: norm, token_mixer, layer_scale_1, mlp, layer_scale_2.</summary>
internal sealed class AttentionBlock : Module<Tensor, Tensor>
{
    private readonly BatchNorm2d norm;
    private readonly Attention token_mixer;
    private readonly MapScale layer_scale_1;
    private readonly FeedForward mlp;
    private readonly MapScale layer_scale_2;

    public AttentionBlock(int channels, int expansion) : base(nameof(AttentionBlock))
    {
        norm = BatchNorm2d(channels);
        token_mixer = new Attention(channels);
        layer_scale_1 = new MapScale(channels);
        mlp = new FeedForward(channels, expansion * channels);
        layer_scale_2 = new MapScale(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + layer_scale_1.forward(token_mixer.forward(norm.forward(input)));
        return (x + layer_scale_2.forward(mlp.forward(x))).MoveToOuterDisposeScope();
    }

    /// <summary>In heads of 32 channels. Keys: qkv, proj.</summary>
    private sealed class Attention : Module<Tensor, Tensor>
    {
        private const int Head = 32;
        private readonly Linear qkv, proj;
        private readonly int _heads;

        public Attention(int channels) : base(nameof(Attention))
        {
            _heads = channels / Head;
            qkv = Linear(channels, 3 * channels, hasBias: false);
            proj = Linear(channels, channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var shape = input.shape;
            var parts = qkv.forward(input.flatten(2).transpose(1, 2)).reshape(shape[0], -1, 3, _heads, Head).permute(2, 0, 3, 1, 4).unbind();
            var x = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]).transpose(1, 2).reshape(shape[0], -1, shape[1]);
            return proj.forward(x).transpose(1, 2).reshape(shape).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>A depthwise convolution of 7×7, then two pointwise ones. Keys: conv, fc1, fc2.</summary>
internal sealed class FeedForward : Module<Tensor, Tensor>
{
    private readonly ConvNormAct conv;
    private readonly Conv2d fc1, fc2;

    public FeedForward(int channels, int hidden) : base(nameof(FeedForward))
    {
        conv = new ConvNormAct(channels, channels, 7, groups: channels);
        fc1 = Conv2d(channels, hidden, 1);
        fc2 = Conv2d(hidden, channels, 1);
        RegisterComponents();
        Initialization.TruncatedNormal(this);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return fc2.forward(functional.gelu(fc1.forward(conv.forward(input)))).MoveToOuterDisposeScope();
    }
}
