using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.GerNet;

/// <summary>GPU-efficient networks as timm builds them: plain blocks, then narrow, then wide ones of single channels. SMP's older <c>timm-</c> names mean the same.</summary>
/// <remarks>Lin et al. 2020, arXiv:2006.14090.</remarks>
[Encoder("tu-gernet_s")]
[Encoder("tu-gernet_m")]
[Encoder("tu-gernet_l")]
[Encoder("timm-gernet_s")]
[Encoder("timm-gernet_m")]
[Encoder("timm-gernet_l")]
public sealed class GerNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(2, GerNetVariant.Named(options.Name).Channels);

    /// <summary>Keys: stem, stages_0 … stages_4, final_conv.</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly ConvNormAct stem;
        private readonly List<Sequential> _stages = [];
        private readonly ConvNormAct? _last;

        public Model(EncoderOptions options) : base("model")
        {
            var (variant, used) = (GerNetVariant.Named(options.Name), Features(options).Used(options));
            stem = new ConvNormAct(options.InChannels, variant.Stem, 3, 2, activation: ReLU(inplace: true));
            RegisterComponents();
            var whole = used == variant.Channels.Length;
            foreach (var (index, stage) in Stages(variant, options.OutputStride).Take(whole ? variant.Widths.Count : used - 1).Index())
            {
                _stages.Add(stage);
                register_module($"stages_{index}", stage);
            }

            if (whole)
            {
                _last = new ConvNormAct(variant.Widths[^1], variant.Last, 1, activation: ReLU(inplace: true));
                register_module("final_conv", _last);
            }

            Initialization.Convolutions(this, perGroup: true);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = stem.forward(input);
            var maps = new List<Tensor> { x };
            foreach (var (index, stage) in _stages.Index())
            {
                x = stage.forward(x);
                if (index < 3)
                {
                    maps.Add(x);                                    // (N, C, H/4, W/4) to (N, C, H/16, W/16)
                }
            }

            if (_last is not null)
            {
                maps.Add(_last.forward(x));
            }

            return maps.MoveToOuterDisposeScope();
        }

        private static IEnumerable<Sequential> Stages(GerNetVariant variant, int outputStride)
        {
            var (channels, total, dilation) = (variant.Stem, 2, 1);
            foreach (var (index, width) in variant.Widths.Index())
            {
                var stride = index == variant.Widths.Count - 1 ? 1 : 2;
                (dilation, stride) = total >= outputStride ? (dilation * stride, 1) : (dilation, stride);
                total *= stride;
                var place = new GerNetPlace(channels, width, stride, dilation <= 2 ? 1 : 2, dilation);
                channels = width;
                yield return Stage(index, place, variant.Blocks[index]);
            }
        }

        private static Sequential Stage(int index, GerNetPlace first, int blocks)
        {
            var next = first with { InChannels = first.Width, Stride = 1, Dilation = first.StageDilation };
            return Sequential(Enumerable.Range(0, blocks).Select(i => Block(index, i == 0 ? first : next)));
        }

        private static Module<Tensor, Tensor> Block(int stage, GerNetPlace place) => stage switch
        {
            < 2 => new GerNetBasicBlock(place),
            2 => new GerNetBottleneck(place, place.Width / 4, groups: 1),
            _ => new GerNetBottleneck(place, place.Width * 3, groups: place.Width * 3),
        };
    }
}
