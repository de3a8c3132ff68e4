using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ResNetV2;

/// <summary>timm's ResNets whose blocks normalise first, BiT's among them. Their maps are sums that nothing has normalised.</summary>
[Encoder("tu-resnetv2_18")]
[Encoder("tu-resnetv2_18d")]
[Encoder("tu-resnetv2_34")]
[Encoder("tu-resnetv2_34d")]
[Encoder("tu-resnetv2_50")]
[Encoder("tu-resnetv2_50d")]
[Encoder("tu-resnetv2_50t")]
[Encoder("tu-resnetv2_50d_gn")]
[Encoder("tu-resnetv2_50d_evos")]
[Encoder("tu-resnetv2_50d_frn")]
[Encoder("tu-resnetv2_101")]
[Encoder("tu-resnetv2_101d")]
[Encoder("tu-resnetv2_152")]
[Encoder("tu-resnetv2_152d")]
[Encoder("tu-resnetv2_50x1_bit")]
[Encoder("tu-resnetv2_50x3_bit")]
[Encoder("tu-resnetv2_101x1_bit")]
[Encoder("tu-resnetv2_101x3_bit")]
[Encoder("tu-resnetv2_152x2_bit")]
[Encoder("tu-resnetv2_152x4_bit")]
public sealed class ResNetV2Encoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(2, ResNetV2Design.Named(options.Name).Channels);

    /// <summary>Keys: stem_conv, or stem_conv1, stem_norm1 …, then stages_0.blocks …</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly List<Module<Tensor, Tensor>> _stem = [];
        private readonly Module<Tensor, Tensor> _pool;
        private readonly List<Sequential> _stages = [];
        private readonly ResNetV2Design _design;

        public Model(EncoderOptions options) : base("model")
        {
            var (design, used) = (ResNetV2Design.Named(options.Name), Features(options).Used(options));
            _design = design;
            if (design.DeepStem is [var first, var second])
            {
                AddToStem("stem_conv1", design.Convolution(options.InChannels, first, 3, 2));
                AddToStem("stem_norm1", design.Norm(first));
                AddToStem("stem_conv2", design.Convolution(first, second, 3));
                AddToStem("stem_norm2", design.Norm(second));
                AddToStem("stem_conv3", design.Convolution(second, design.Channels[0], 3));
            }
            else
            {
                AddToStem("stem_conv", design.Convolution(options.InChannels, design.Channels[0], 7, 2));
            }

            _pool = design.Transfers ? Sequential(ConstantPad2d(1, 0), MaxPool2d(3, 2)) : MaxPool2d(3, 2, 1);
            foreach (var (index, place) in StagePlace.ForStride(options.OutputStride).Take(used - 1).Index())
            {
                var (inChannels, outChannels) = (design.Channels[index], design.Out(index));
                _stages.Add(Sequential(Enumerable.Range(0, design.Blocks[index]).Select(i => new ResNetV2Block(design, i == 0 ? inChannels : outChannels, outChannels, place, i == 0))));
                register_module($"stages_{index}", new Stage(_stages[index]));
            }

            Initialization.Convolutions(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = input;
            foreach (var part in _stem)
            {
                x = part is Convolution or StandardizedConv2d ? part.forward(x) : _design.Activated(part.forward(x));
            }

            var maps = new List<Tensor> { x };
            x = _pool.forward(x);
            foreach (var stage in _stages)
            {
                x = stage.forward(x);
                maps.Add(x);
            }

            return maps.MoveToOuterDisposeScope();
        }

        private void AddToStem(string name, Module<Tensor, Tensor> part)
        {
            _stem.Add(part);
            register_module(name, part);
        }
    }

    /// <summary>Key: blocks.</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly Sequential blocks;

        public Stage(Sequential blocks) : base(nameof(Stage))
        {
            this.blocks = blocks;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => blocks.forward(input);
    }
}
