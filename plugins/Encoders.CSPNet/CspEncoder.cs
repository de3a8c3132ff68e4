using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.CSPNet;

/// <summary>timm's networks of cross-stage partial connections, and Darknets.</summary>
[Encoder("tu-cspresnet50")]
[Encoder("tu-cspresnet50d")]
[Encoder("tu-cspresnet50w")]
[Encoder("tu-cspresnext50")]
[Encoder("tu-cspdarknet53")]
[Encoder("tu-darknet17")]
[Encoder("tu-darknet21")]
[Encoder("tu-sedarknet21")]
[Encoder("tu-darknet53")]
[Encoder("tu-darknetaa53")]
[Encoder("tu-cs3darknet_s")]
[Encoder("tu-cs3darknet_m")]
[Encoder("tu-cs3darknet_l")]
[Encoder("tu-cs3darknet_x")]
[Encoder("tu-cs3darknet_focus_s")]
[Encoder("tu-cs3darknet_focus_m")]
[Encoder("tu-cs3darknet_focus_l")]
[Encoder("tu-cs3darknet_focus_x")]
[Encoder("tu-cs3sedarknet_l")]
[Encoder("tu-cs3sedarknet_x")]
[Encoder("tu-cs3sedarknet_xdw")]
[Encoder("tu-cs3edgenet_x")]
[Encoder("tu-cs3se_edgenet_x")]
public sealed class CspEncoder(EncoderOptions options) : TimmEncoder(options, CspDesign.Named(options.Name).Features, new Model(options))
{
    /// <summary>Keys: stem_conv1 …, then stages_0 ….</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly List<ConvNormAct> _stem = [];
        private readonly List<CspStage> _stages = [];
        private readonly bool _pools;

        public Model(EncoderOptions options) : base("model")
        {
            var design = CspDesign.Named(options.Name);
            var channels = options.InChannels;
            foreach (var (index, width) in design.Stem.Index())
            {
                // A kernel of even side is padded so that half the size comes out.
                var even = design.StemKernel % 2 == 0 ? (design.StemKernel / 2) - 1 : (int?)null;
                _stem.Add(new ConvNormAct(channels, width, design.StemKernel, index == 0 && design.StemStride > 1 ? 2 : 1, activation: design.Activation(), padding: even));
                register_module($"stem_conv{index + 1}", _stem[index]);
                channels = width;
            }

            _pools = design.StemStride == 4;
            var (total, dilation) = (design.StemStride, 1);
            foreach (var index in Enumerable.Range(0, design.Features.Used(options) - 1))
            {
                var stride = index == 0 && _pools ? 1 : 2;
                (dilation, stride) = total >= options.OutputStride && stride > 1 ? (dilation * stride, 1) : (dilation, stride);
                total *= stride;
                _stages.Add(new CspStage(design, index, channels, stride, dilation <= 2 ? 1 : 2, dilation));
                register_module($"stages_{index}", _stages[index]);
                channels = design.Widths[index];
            }

            Initialization.Convolutions(this, perGroup: true);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = _stem.Aggregate(input, (map, convolution) => convolution.forward(map));
            var maps = new List<Tensor> { x };
            x = _pools ? functional.max_pool2d(x, 3, 2, 1) : x;
            foreach (var stage in _stages)
            {
                x = stage.forward(x);
                maps.Add(x);
            }

            return maps.MoveToOuterDisposeScope();
        }
    }
}
