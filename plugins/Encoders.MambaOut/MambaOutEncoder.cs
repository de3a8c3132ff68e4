using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MambaOut;

/// <summary>MambaOut as timm builds it: gated depthwise convolutions, Mamba's block without its state space.</summary>
/// <remarks>Yu, Wang 2024, arXiv:2405.07992.</remarks>
[Encoder("tu-mambaout_base")]
[Encoder("tu-mambaout_base_plus_rw")]
[Encoder("tu-mambaout_base_short_rw")]
[Encoder("tu-mambaout_base_tall_rw")]
[Encoder("tu-mambaout_base_wide_rw")]
[Encoder("tu-mambaout_femto")]
[Encoder("tu-mambaout_kobe")]
[Encoder("tu-mambaout_small")]
[Encoder("tu-mambaout_small_rw")]
[Encoder("tu-mambaout_tiny")]
public sealed class MambaOutEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, MambaOutVariant.Named(options.Name).Channels) { Dilates = false };

    // Keys: stem, then stages_0 …; all parts work on (N, H, W, C).
    private static FeatureList Model(EncoderOptions options)
    {
        var variant = MambaOutVariant.Named(options.Name);
        var model = new FeatureList().Add("stem", new Stem(variant, options.InChannels), isMap: false);
        foreach (var index in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{index}", new Stage(variant, index), seen: x => x.permute(0, 3, 1, 2));
        }

        Initialization.TruncatedNormal(model);
        return model;
    }

    /// <summary>Keys: conv1, norm1, conv2, norm2.</summary>
    private sealed class Stem : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly LayerNorm2d? norm1;
        private readonly Conv2d conv2;
        private readonly LayerNorm norm2;
        private readonly Func<Tensor, Tensor> _activation;

        public Stem(MambaOutVariant variant, int inChannels) : base(nameof(Stem))
        {
            var channels = variant.Channels[0];
            conv1 = Conv2d(inChannels, channels / 2, 3, stride: 2, padding: 1);
            norm1 = variant.IsTimms ? null : new LayerNorm2d(channels / 2);
            conv2 = Conv2d(channels / 2, channels, 3, stride: 2, padding: 1);
            norm2 = LayerNorm(channels, eps: MambaOutVariant.Eps);
            _activation = variant.Activation;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = conv1.forward(input);
            x = conv2.forward(_activation(norm1?.forward(x) ?? x));
            return norm2.forward(x.permute(0, 2, 3, 1)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Keys: downsample, blocks.</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly Downsampling? downsample;
        private readonly Sequential blocks;

        public Stage(MambaOutVariant variant, int index) : base(nameof(Stage))
        {
            downsample = index > 0 ? new Downsampling(variant.Channels[index - 1], variant.Channels[index], variant.IsTimms) : null;
            blocks = Sequential(Enumerable.Range(0, variant.Depths[index]).Select(_ => new GatedBlock(variant, variant.Channels[index])));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Keys: conv, norm, or the other way round.</summary>
    private sealed class Downsampling : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;
        private readonly LayerNorm norm;
        private readonly bool _normFirst;

        public Downsampling(int inChannels, int outChannels, bool normFirst) : base(nameof(Downsampling))
        {
            _normFirst = normFirst;
            conv = Conv2d(inChannels, outChannels, 3, stride: 2, padding: 1);
            norm = LayerNorm(normFirst ? inChannels : outChannels, eps: MambaOutVariant.Eps);
            foreach (var (key, part) in normFirst ? ((string, Module)[])[(nameof(norm), norm), (nameof(conv), conv)] : [(nameof(conv), conv), (nameof(norm), norm)])
            {
                register_module(key, part);
            }
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = _normFirst ? norm.forward(input) : input;
            x = conv.forward(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1);
            return (_normFirst ? x : norm.forward(x)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Some of the channels are convolved, and all are weighed by as many others. Keys: norm, fc1, conv, fc2, ls.</summary>
    private sealed class GatedBlock : Module<Tensor, Tensor>
    {
        private const int Kernel = 7;
        private const double FirstScale = 1e-5;

        private readonly LayerNorm norm;
        private readonly Linear fc1;
        private readonly Conv2d conv;
        private readonly Linear fc2;
        private readonly LayerScale? ls;
        private readonly Func<Tensor, Tensor> _activation;
        private readonly int _hidden, _convolved;

        public GatedBlock(MambaOutVariant variant, int channels) : base(nameof(GatedBlock))
        {
            (_activation, _hidden, _convolved) = (variant.Activation, (int)(variant.Expansion * channels), (int)(variant.Convolved * channels));
            norm = LayerNorm(channels, eps: MambaOutVariant.Eps);
            fc1 = Linear(channels, 2 * _hidden);
            conv = Conv2d(_convolved, _convolved, Kernel, padding: Kernel / 2, groups: _convolved);
            fc2 = Linear(_hidden, channels);
            ls = variant.IsTimms ? new LayerScale(channels, FirstScale) : null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = fc1.forward(norm.forward(input));
            var gate = _activation(x.narrow(-1, 0, _hidden));
            var kept = x.narrow(-1, _hidden, _hidden - _convolved);
            var convolved = conv.forward(x.narrow(-1, (2 * _hidden) - _convolved, _convolved).permute(0, 3, 1, 2)).permute(0, 2, 3, 1);
            x = fc2.forward(gate * cat([kept, convolved], -1));
            return ((ls?.forward(x) ?? x) + input).MoveToOuterDisposeScope();
        }
    }
}
