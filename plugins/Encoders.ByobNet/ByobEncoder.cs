using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ByobNet;

/// <summary>timm's networks of blocks that one brings: RepVGG, MobileOne in timm's layout, RegNetZ, CLIP's ResNets, and lean ResNets with attention.</summary>
[Encoder("tu-repvgg_a0")]
[Encoder("tu-repvgg_a1")]
[Encoder("tu-repvgg_a2")]
[Encoder("tu-repvgg_b0")]
[Encoder("tu-repvgg_b1")]
[Encoder("tu-repvgg_b1g4")]
[Encoder("tu-repvgg_b2")]
[Encoder("tu-repvgg_b2g4")]
[Encoder("tu-repvgg_b3")]
[Encoder("tu-repvgg_b3g4")]
[Encoder("tu-repvgg_d2se")]
[Encoder("tu-mobileone_s0")]
[Encoder("tu-mobileone_s1")]
[Encoder("tu-mobileone_s2")]
[Encoder("tu-mobileone_s3")]
[Encoder("tu-mobileone_s4")]
[Encoder("tu-regnetz_b16")]
[Encoder("tu-regnetz_c16")]
[Encoder("tu-regnetz_d8")]
[Encoder("tu-regnetz_d32")]
[Encoder("tu-regnetz_e8")]
[Encoder("tu-resnext26ts")]
[Encoder("tu-seresnext26ts")]
[Encoder("tu-gcresnext26ts")]
[Encoder("tu-eca_resnext26ts")]
[Encoder("tu-resnet32ts")]
[Encoder("tu-resnet33ts")]
[Encoder("tu-seresnet33ts")]
[Encoder("tu-gcresnet33ts")]
[Encoder("tu-eca_resnet33ts")]
[Encoder("tu-gcresnet50t")]
[Encoder("tu-gcresnext50ts")]
[Encoder("tu-resnet51q")]
[Encoder("tu-resnet61q")]
[Encoder("tu-resnet50_clip")]
[Encoder("tu-resnet50_clip_gap")]
[Encoder("tu-resnet50_mlp")]
[Encoder("tu-resnet101_clip")]
[Encoder("tu-resnet101_clip_gap")]
[Encoder("tu-resnet50x4_clip")]
[Encoder("tu-resnet50x4_clip_gap")]
[Encoder("tu-resnet50x16_clip")]
[Encoder("tu-resnet50x16_clip_gap")]
[Encoder("tu-resnet50x64_clip")]
[Encoder("tu-resnet50x64_clip_gap")]
public sealed class ByobEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(2, ByobDesigns.Named(options.Name).Channels);

    /// <summary>Keys: stem, or stem_conv1 …, then stages_0 … stages_3, final_conv.</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly List<Module<Tensor, Tensor>> _stem = [];
        private readonly List<Sequential> _stages = [];
        private readonly ConvNormAct? _last;
        private readonly int _firstMap;

        public Model(EncoderOptions options) : base("model")
        {
            var (design, used) = (ByobDesigns.Named(options.Name), Features(options).Used(options));
            AddStem(design, options.InChannels);
            _firstMap = design.LastHalves ? design.Stem.Count - 2 : design.Stem.Count - 1;
            var total = design.LastHalves || design.StemPool is not null ? 4 : 2;
            foreach (var (index, stage) in Stages(design, total, options.OutputStride).Take(used - 1).Index())
            {
                _stages.Add(stage);
                register_module($"stages_{index}", stage);
            }

            if (used == 5 && design.Last > 0)
            {
                _last = new ConvNormAct(design.Out(design.Stages[3][^1]), design.Scaled(design.Last), 1, activation: design.Activation());
                register_module("final_conv", _last);
            }

            Initialization.Convolutions(this, perGroup: true);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (maps, x) = (new List<Tensor>(), input);
            foreach (var (index, part) in _stem.Index())
            {
                x = part.forward(x);
                if (index == _firstMap)
                {
                    maps.Add(x);
                }
            }

            foreach (var (index, stage) in _stages.Index())
            {
                x = stage.forward(x);
                x = index == 3 ? _last?.forward(x) ?? x : x;
                maps.Add(x);
            }

            return maps.MoveToOuterDisposeScope();
        }

        private void AddStem(ByobDesign design, int inChannels)
        {
            if (design.StemKind is { } kind)
            {
                var place = new ByobPlace(design with { Width = 1 }, new ByobBlocks(kind, 1, design.Stem[0]) { Squeezes = design.StemSqueezes }, inChannels, 2, 1, 1);
                Add("stem", kind == "rep" ? BranchedBlock.RepVgg(place, 0) : BranchedBlock.MobileOne(place, 1));
                return;
            }

            foreach (var (index, unscaled) in design.Stem.Index())
            {
                var (channels, stride) = (design.Scaled(unscaled), index == 0 || (design.LastHalves && index == design.Stem.Count - 1) ? 2 : 1);
                var active = index >= design.Stem.Count - (design.StemActivations ?? design.Stem.Count);
                Add(design.IsStacked ? $"stem_conv{index + 1}" : "stem", active
                    ? new ConvNormAct(inChannels, channels, 3, stride, activation: design.Activation())
                    : Conv2d(inChannels, channels, 3, stride: stride, padding: 1, bias: false));
                inChannels = channels;
            }

            if (design.StemPool is { } pool)
            {
                Add("stem_pool", pool());
            }
        }

        private void Add(string name, Module<Tensor, Tensor> part)
        {
            _stem.Add(part);
            register_module(name, part);
        }

        private static IEnumerable<Sequential> Stages(ByobDesign design, int total, int outputStride)
        {
            var (channels, dilation) = (design.Scaled(design.Stem[^1]), 1);
            foreach (var stage in design.Stages)
            {
                var stride = stage[0].Stride;
                (dilation, stride) = total >= outputStride && stride > 1 ? (dilation * stride, 1) : (dilation, stride);
                total *= stride;
                var first = dilation <= 2 ? 1 : 2;
                var blocks = new List<Module<Tensor, Tensor>>();
                foreach (var kind in stage.SelectMany(kind => Enumerable.Repeat(kind, kind.Repeats)))
                {
                    var place = new ByobPlace(design, kind, channels, blocks.Count == 0 ? stride : 1, blocks.Count == 0 ? first : dilation, dilation);
                    blocks.Add(kind.Kind switch
                    {
                        "bottle" => new BottleneckBlock(place),
                        "edge" => new EdgeBlock(place),
                        "rep" => BranchedBlock.RepVgg(place, blocks.Count),
                        _ => BranchedBlock.MobileOne(place, design.Branches),
                    });
                    channels = place.OutChannels;
                }

                yield return Sequential(blocks);
            }
        }
    }
}
