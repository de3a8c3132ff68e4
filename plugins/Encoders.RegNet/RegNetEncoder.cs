using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.RegNet;

/// <summary>RegNet X, Y, V and Z as timm builds them; SMP's older <c>timm-</c> names mean the same.</summary>
/// <remarks>Radosavovic et al. 2020, arXiv:2003.13678; Dollár et al. 2021, arXiv:2103.06877 (Z).</remarks>
[Encoder("tu-regnetx_002")]
[Encoder("tu-regnetx_004")]
[Encoder("tu-regnetx_004_tv")]
[Encoder("tu-regnetx_006")]
[Encoder("tu-regnetx_008")]
[Encoder("tu-regnetx_016")]
[Encoder("tu-regnetx_032")]
[Encoder("tu-regnetx_040")]
[Encoder("tu-regnetx_064")]
[Encoder("tu-regnetx_080")]
[Encoder("tu-regnetx_120")]
[Encoder("tu-regnetx_160")]
[Encoder("tu-regnetx_320")]
[Encoder("tu-regnety_002")]
[Encoder("tu-regnety_004")]
[Encoder("tu-regnety_006")]
[Encoder("tu-regnety_008")]
[Encoder("tu-regnety_008_tv")]
[Encoder("tu-regnety_016")]
[Encoder("tu-regnety_032")]
[Encoder("tu-regnety_040")]
[Encoder("tu-regnety_040_sgn")]
[Encoder("tu-regnety_064")]
[Encoder("tu-regnety_080")]
[Encoder("tu-regnety_080_tv")]
[Encoder("tu-regnety_120")]
[Encoder("tu-regnety_160")]
[Encoder("tu-regnety_320")]
[Encoder("tu-regnety_640")]
[Encoder("tu-regnety_1280")]
[Encoder("tu-regnety_2560")]
[Encoder("tu-regnetv_040")]
[Encoder("tu-regnetv_064")]
[Encoder("tu-regnetz_005")]
[Encoder("tu-regnetz_040")]
[Encoder("tu-regnetz_040_h")]
[Encoder("timm-regnetx_002")]
[Encoder("timm-regnetx_004")]
[Encoder("timm-regnetx_004_tv")]
[Encoder("timm-regnetx_006")]
[Encoder("timm-regnetx_008")]
[Encoder("timm-regnetx_016")]
[Encoder("timm-regnetx_032")]
[Encoder("timm-regnetx_040")]
[Encoder("timm-regnetx_064")]
[Encoder("timm-regnetx_080")]
[Encoder("timm-regnetx_120")]
[Encoder("timm-regnetx_160")]
[Encoder("timm-regnetx_320")]
[Encoder("timm-regnety_002")]
[Encoder("timm-regnety_004")]
[Encoder("timm-regnety_006")]
[Encoder("timm-regnety_008")]
[Encoder("timm-regnety_008_tv")]
[Encoder("timm-regnety_016")]
[Encoder("timm-regnety_032")]
[Encoder("timm-regnety_040")]
[Encoder("timm-regnety_064")]
[Encoder("timm-regnety_080")]
[Encoder("timm-regnety_080_tv")]
[Encoder("timm-regnety_120")]
[Encoder("timm-regnety_160")]
[Encoder("timm-regnety_320")]
[Encoder("timm-regnety_640")]
[Encoder("timm-regnety_1280")]
[Encoder("timm-regnety_2560")]
[Encoder("timm-regnetv_040")]
[Encoder("timm-regnetv_064")]
[Encoder("timm-regnetz_005")]
[Encoder("timm-regnetz_040")]
[Encoder("timm-regnetz_040_h")]
public sealed class RegNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Model(options))
{
    private const int StemChannels = 32;

    private static TimmFeatures Features(EncoderOptions options) =>
        new(2, [StemChannels, .. RegNetVariant.Named(options.Name).Stages.Select(stage => stage.Width)]);

    /// <summary>Keys: stem, s1 … s4, in each b1, b2, …</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly Module<Tensor, Tensor> stem;
        private readonly List<Sequential> _stages = [];

        public Model(EncoderOptions options) : base("model")
        {
            var variant = RegNetVariant.Named(options.Name);
            stem = variant.PreActivation
                ? Conv2d(options.InChannels, StemChannels, 3, stride: 2, padding: 1, bias: false)
                : new ConvNormAct(options.InChannels, StemChannels, 3, 2, activation: RegNetBlock.Activation(variant), norm: RegNetBlock.Norm(variant, StemChannels));
            RegisterComponents();
            foreach (var (index, stage) in Stages(variant, options.OutputStride).Take(Features(options).Used(options) - 1).Index())
            {
                _stages.Add(stage);
                register_module($"s{index + 1}", stage);
            }

            Initialization.Convolutions(this, perGroup: true);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = new List<Tensor> { stem.forward(input) };
            foreach (var stage in _stages)
            {
                maps.Add(stage.forward(maps[^1]));
            }

            return maps.MoveToOuterDisposeScope();
        }

        private static IEnumerable<Sequential> Stages(RegNetVariant variant, int outputStride)
        {
            var (channels, total, dilation) = (StemChannels, 2, 1);
            foreach (var (width, blocks, group) in variant.Stages)
            {
                var dilated = total >= outputStride;
                (total, dilation) = dilated ? (total, dilation * 2) : (total * 2, dilation);
                var place = new RegNetPlace(channels, width, group, dilated ? 1 : 2, dilation <= 2 ? 1 : 2, dilation);
                channels = width;
                yield return Stage(variant, place, blocks);
            }
        }

        private static Sequential Stage(RegNetVariant variant, RegNetPlace first, int blocks)
        {
            var next = first with { InChannels = first.Width, Stride = 1, Dilation = first.StageDilation };
            var places = Enumerable.Range(0, blocks).Select(i => i == 0 ? first : next);
            return Sequential([.. places.Select((place, i) => ($"b{i + 1}", RegNetBlock.Of(variant, place)))]);
        }
    }
}
