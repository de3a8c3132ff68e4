using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.NFNet;

/// <summary>timm's networks without normalisation. Their maps are sums that nothing has activated.</summary>
[Encoder("tu-dm_nfnet_f0")]
[Encoder("tu-dm_nfnet_f1")]
[Encoder("tu-dm_nfnet_f2")]
[Encoder("tu-dm_nfnet_f3")]
[Encoder("tu-dm_nfnet_f4")]
[Encoder("tu-dm_nfnet_f5")]
[Encoder("tu-dm_nfnet_f6")]
[Encoder("tu-nfnet_f0")]
[Encoder("tu-nfnet_f1")]
[Encoder("tu-nfnet_f2")]
[Encoder("tu-nfnet_f3")]
[Encoder("tu-nfnet_f4")]
[Encoder("tu-nfnet_f5")]
[Encoder("tu-nfnet_f6")]
[Encoder("tu-nfnet_f7")]
[Encoder("tu-nfnet_l0")]
[Encoder("tu-eca_nfnet_l0")]
[Encoder("tu-eca_nfnet_l1")]
[Encoder("tu-eca_nfnet_l2")]
[Encoder("tu-eca_nfnet_l3")]
[Encoder("tu-nf_regnet_b0")]
[Encoder("tu-nf_regnet_b1")]
[Encoder("tu-nf_regnet_b2")]
[Encoder("tu-nf_regnet_b3")]
[Encoder("tu-nf_regnet_b4")]
[Encoder("tu-nf_regnet_b5")]
[Encoder("tu-nf_resnet26")]
[Encoder("tu-nf_resnet50")]
[Encoder("tu-nf_resnet101")]
[Encoder("tu-nf_seresnet26")]
[Encoder("tu-nf_seresnet50")]
[Encoder("tu-nf_seresnet101")]
[Encoder("tu-nf_ecaresnet26")]
[Encoder("tu-nf_ecaresnet50")]
[Encoder("tu-nf_ecaresnet101")]
public sealed class NFNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(2, NFNetDesign.Named(options.Name).Channels);

    /// <summary>Keys: stem_conv, or stem_conv1 … stem_conv4, then stages_0 … stages_3, final_conv.</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly NFNetDesign _design;
        private readonly List<Module<Tensor, Tensor>> _stem = [];
        private readonly List<Sequential> _stages = [];
        private readonly Module<Tensor, Tensor>? _last;

        public Model(EncoderOptions options) : base("model")
        {
            var used = Features(options).Used(options);
            _design = NFNetDesign.Named(options.Name);
            var channels = options.InChannels;
            foreach (var (index, width) in _design.Stem.Index())
            {
                var wide = _design.Scaled(width);
                _stem.Add(_design.Convolution(channels, wide, _design.Pools ? 7 : 3, index == 0 || index == _design.Stem.Count - 1 ? 2 : 1));
                register_module(_design.Stem.Count > 1 ? $"stem_conv{index + 1}" : "stem_conv", _stem[^1]);
                channels = wide;
            }

            foreach (var (index, stage) in Stages(_design, options.OutputStride, channels).Take(used - 1).Index())
            {
                _stages.Add(stage);
                register_module($"stages_{index}", stage);
            }

            if (used == 5 && _design.Last > 0)
            {
                _last = _design.Convolution(_design.Out(3), _design.Channels[^1], 1);
                register_module("final_conv", _last);
            }
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (maps, x) = (new List<Tensor>(), input);
            foreach (var (index, convolution) in _stem.Index())
            {
                x = convolution.forward(x);
                if (index == Math.Max(_stem.Count - 2, 0))
                {
                    // timm activates this map in place where it can, after it has taken it.
                    maps.Add(_stem.Count > 1 && !_design.IsDeepMind && _design.Gain != NFNetDesign.GELUGain ? _design.Active(x) : x);
                }

                x = index < _stem.Count - 1 ? _design.Active(x) : x;
            }

            x = _design.Pools ? functional.max_pool2d(x, 3, 2, 1) : x;
            foreach (var (index, stage) in _stages.Index())
            {
                x = stage.forward(x);
                x = index == 3 ? _last?.forward(x) ?? x : x;
                maps.Add(x);
            }

            return maps.MoveToOuterDisposeScope();
        }

        private static IEnumerable<Sequential> Stages(NFNetDesign design, int outputStride, int channels)
        {
            var (total, dilation, variance) = (design.Quarters ? 4 : 2, 1, 1.0);
            foreach (var (index, count) in design.Blocks.Index())
            {
                var stride = index == 0 && design.Quarters ? 1 : 2;
                (dilation, stride) = total >= outputStride && stride > 1 ? (dilation * stride, 1) : (dilation, stride);
                total *= stride;
                var blocks = new List<Module<Tensor, Tensor>>();
                for (var i = 0; i < count; i++)
                {
                    var ratio = design.Expands && index == 0 && i == 0 ? 1 : design.Ratio;
                    blocks.Add(new NFNetBlock(design, channels, design.Out(index), i == 0 ? stride : 1, i > 0 ? dilation : dilation <= 2 ? 1 : 2, dilation, ratio, variance));
                    variance = (i == 0 ? 1 : variance) + (NFNetDesign.Alpha * NFNetDesign.Alpha);
                    channels = design.Out(index);
                }

                yield return Sequential(blocks);
            }
        }
    }
}
