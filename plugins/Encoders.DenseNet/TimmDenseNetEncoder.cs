using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DenseNet;

/// <summary>DenseNet as timm builds it: a map is all that a block has gathered, as it is; the last one is normalised and rectified.</summary>
/// <remarks>Huang et al. 2017, arXiv:1608.06993, table 1. The d have a deep stem.</remarks>
[Encoder("tu-densenet121")]
[Encoder("tu-densenet161")]
[Encoder("tu-densenet169")]
[Encoder("tu-densenet201")]
[Encoder("tu-densenet264d")]
[Encoder("tu-densenetblur121d")]
public sealed class TimmDenseNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Body(options, Features(options).Used(options)))
{
    private static DenseNetVariant Variant(EncoderOptions options) => DenseNetVariant.Named(options.Name["tu-".Length..]);

    private static TimmFeatures Features(EncoderOptions options) => new(2, Variant(options).Channels);

    /// <summary>Keys: features_conv0, features_norm0, …, features_denseblock1, features_transition1, …, features_norm5.</summary>
    private sealed class Body : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly List<(Conv2d Convolution, BatchNorm2d Norm)> _stem = [];
        private readonly List<DenseBlock> _blocks = [];
        private readonly List<Transition> _transitions = [];
        private readonly BatchNorm2d? _last;
        private readonly bool _blurs;

        public Body(EncoderOptions options, int maps) : base("model")
        {
            if (options.OutputStride != 32)
            {
                throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} cannot be had, since pooling halves its maps. Ask for 32, or take another encoder.");
            }

            var variant = Variant(options);
            _blurs = variant.Blurs;
            int[] widths = variant.Deep ? [variant.Growth, variant.Growth, variant.Stem] : [variant.Stem];
            foreach (var (i, width) in widths.Index())
            {
                var channels = i == 0 ? options.InChannels : widths[i - 1];
                var convolution = variant.Deep
                    ? Conv2d(channels, width, 3, stride: i == 0 ? 2 : 1, padding: 1, bias: false)
                    : Conv2d(channels, width, 7, stride: 2, padding: 3, bias: false);
                _stem.Add((convolution, BatchNorm2d(width)));
                register_module($"features_conv{i}", convolution);
                register_module($"features_norm{i}", _stem[i].Norm);
            }

            for (var i = 0; i < maps - 1; i++)
            {
                if (i > 0)
                {
                    _transitions.Add(new Transition(variant.Channels[i]));
                    register_module($"features_transition{i}", _transitions[^1]);
                }

                _blocks.Add(new DenseBlock(i == 0 ? variant.Stem : variant.Channels[i] / 2, variant.Growth, variant.Layers[i]));
                register_module($"features_denseblock{i + 1}", _blocks[^1]);
            }

            if (_blocks.Count == variant.Layers.Count)
            {
                _last = BatchNorm2d(variant.Channels[^1]);
                register_module("features_norm5", _last);
            }

            apply(part =>
            {
                if (part is Conv2d convolution)
                {
                    init.kaiming_normal_(convolution.weight);
                }
            });
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = _stem.Aggregate(input, (map, part) => functional.relu(part.Norm.forward(part.Convolution.forward(map)), inplace: true));
            var maps = new List<Tensor> { x };                      // (N, stem, H/2, W/2)
            if (_blurs && _blocks.Count > 0)
            {
                using var blur = new BlurPool2d(2);
                x = blur.forward(functional.max_pool2d(x, 3, 1, 1));
            }
            else if (_blocks.Count > 0)
            {
                x = functional.max_pool2d(x, 3, 2, 1);
            }

            foreach (var (i, block) in _blocks.Index())
            {
                x = block.forward(i == 0 ? x : Reduced(_transitions[i - 1], x));
                maps.Add(i == _blocks.Count - 1 && _last is not null ? functional.relu(_last.forward(x), inplace: true) : x);
            }

            return maps.MoveToOuterDisposeScope();
        }

        private static Tensor Reduced(Transition transition, Tensor map) => transition.Reduce(transition.Normalise(map));
    }
}
