using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MetaFormer;

/// <summary>Pixels are mixed, then channels. Keys: norm1, token_mixer, layer_scale1, res_scale1, norm2, mlp, layer_scale2, res_scale2.</summary>
internal sealed class MetaFormerBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> norm1;
    private readonly Module<Tensor, Tensor> token_mixer;
    private readonly Scale? layer_scale1, res_scale1;
    private readonly Module<Tensor, Tensor> norm2;
    private readonly ChannelMixer mlp;
    private readonly Scale? layer_scale2, res_scale2;

    public MetaFormerBlock(MetaFormerDesign design, int stage) : base(nameof(MetaFormerBlock))
    {
        var (channels, mixer) = (design.Channels[stage], design.Mixers[stage]);
        var tokens = mixer is Mixer.Attention;
        Scale? Branch() => design.IsFirst ? new Scale(channels, design.FirstScale, tokens) : null;
        Scale? Around() => !design.IsFirst && stage >= 2 ? new Scale(channels, 1, tokens) : null;
        Module<Tensor, Tensor> Norm() => design.IsFirst ? GroupNorm(1, channels) : new BareNorm(channels, mixer is Mixer.Pooling, tokens);
        norm1 = Norm();
        token_mixer = mixer switch { Mixer.Pooling => new PoolingMixer(), Mixer.Convolution => new SeparableMixer(channels), _ => new AttentionMixer(channels) };
        (layer_scale1, res_scale1) = (Branch(), Around());
        norm2 = Norm();
        mlp = new ChannelMixer(channels, design.IsFirst, tokens);
        (layer_scale2, res_scale2) = (Branch(), Around());
        foreach (var (name, part) in new (string, Module?)[]
        {
            (nameof(norm1), norm1), (nameof(token_mixer), token_mixer), (nameof(layer_scale1), layer_scale1), (nameof(res_scale1), res_scale1),
            (nameof(norm2), norm2), (nameof(mlp), mlp), (nameof(layer_scale2), layer_scale2), (nameof(res_scale2), res_scale2),
        })
        {
            if (part is not null)
            {
                register_module(name, part);
            }
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = token_mixer.forward(norm1.forward(input));
        var sum = (res_scale1?.forward(input) ?? input) + (layer_scale1?.forward(x) ?? x);
        x = mlp.forward(norm2.forward(sum));
        return ((res_scale2?.forward(sum) ?? sum) + (layer_scale2?.forward(x) ?? x)).MoveToOuterDisposeScope();
    }

    /// <summary>Two layers over the channels of each pixel. Keys: fc1, act, fc2.</summary>
    private sealed class ChannelMixer : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> fc1;
        private readonly StarReLU? act;
        private readonly Module<Tensor, Tensor> fc2;

        public ChannelMixer(int channels, bool isFirst, bool tokens) : base(nameof(ChannelMixer))
        {
            fc1 = tokens ? Linear(channels, 4 * channels, hasBias: false) : Conv2d(channels, 4 * channels, 1, bias: isFirst);
            act = isFirst ? null : new StarReLU();
            fc2 = tokens ? Linear(4 * channels, channels, hasBias: false) : Conv2d(4 * channels, channels, 1, bias: isFirst);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = fc1.forward(input);
            return fc2.forward(act?.forward(x) ?? functional.gelu(x)).MoveToOuterDisposeScope();
        }
    }
}
