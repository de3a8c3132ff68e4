using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Xception;

/// <summary>timm's Xceptions as DeepLabV3+ changed them: strides in convolutions rather than pools, and deeper. The p normalise and rectify before convolutions.</summary>
/// <remarks>Chen et al. 2018, arXiv:1802.02611, figure 4.</remarks>
[Encoder("tu-xception41")]
[Encoder("tu-xception41p")]
[Encoder("tu-xception65")]
[Encoder("tu-xception65p")]
[Encoder("tu-xception71")]
public sealed class AlignedXceptionEncoder(EncoderOptions options) : TimmEncoder(options, s_features, new Body(options))
{
    private static readonly TimmFeatures s_features = new(2, 128, 256, 728, 1024, 2048);

    /// <summary>Keys: stem_0, stem_1, blocks_0, blocks_1, ….</summary>
    private sealed class Body : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly List<Module<Tensor, Tensor>> _stem;
        private readonly List<(Module<Tensor, IReadOnlyList<Tensor>> Block, bool GivesMap)> _blocks = [];
        private readonly bool _whole;

        public Body(EncoderOptions options) : base("model")
        {
            var name = options.Name["tu-".Length..];
            var preActivated = name.EndsWith('p');
            var eps = name == "xception41p" ? 1e-5 : 1e-3;
            var maps = s_features.Used(options);
            _stem =
            [
                new ConvNormAct(options.InChannels, 32, 3, stride: 2, activation: ReLU(inplace: true), eps: eps),
                preActivated ? Conv2d(32, 64, 3, padding: 1, bias: false) : new ConvNormAct(32, 64, 3, activation: ReLU(inplace: true), eps: eps),
            ];
            for (var i = 0; i < _stem.Count; i++)
            {
                register_module($"stem_{i}", _stem[i]);
            }

            var (stride, dilation, channels, found) = (2, 1, 64, 0);
            var plan = Plan(name);
            foreach (var (widths, wanted) in plan)
            {
                if (found == maps)
                {
                    break;
                }

                // A block that may not halve keeps its own dilation; those behind it dilate.
                var halves = wanted == 2 && stride * 2 <= options.OutputStride;
                var place = new AlignedPlace(channels, widths, halves ? 2 : 1, dilation, IsLast: _blocks.Count == plan.Count - 1, eps);
                _blocks.Add((preActivated ? new PreActivatedBlock(place) : new AlignedBlock(place), GivesMap: wanted == 2));
                register_module($"blocks_{_blocks.Count - 1}", _blocks[^1].Block);
                (stride, dilation, channels) = (halves ? stride * 2 : stride, wanted == 2 && !halves ? dilation * 2 : dilation, widths[^1]);
                found += wanted == 2 ? 1 : 0;
            }

            _whole = _blocks.Count == plan.Count;
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (x, maps) = (_stem.Aggregate(input, (map, part) => part.forward(map)), new List<Tensor>());
            foreach (var (block, givesMap) in _blocks)
            {
                var given = block.forward(x);
                if (givesMap)
                {
                    maps.Add(given[0]);                             // (N, C, H/stride, W/stride), before it halves
                }

                x = given[1];
            }

            return (_whole ? [.. maps, x] : maps).MoveToOuterDisposeScope();
        }

        private static List<(int[] Widths, int Stride)> Plan(string name)
        {
            static int[] Even(int width) => [width, width, width];
            List<(int[], int)> entry = name == "xception71"
                ? [(Even(128), 2), (Even(256), 1), (Even(256), 2), (Even(728), 1), (Even(728), 2)]
                : [(Even(128), 2), (Even(256), 2), (Even(728), 2)];
            return [.. entry, .. Enumerable.Repeat((Even(728), 1), name.StartsWith("xception41", StringComparison.Ordinal) ? 8 : 16), ([728, 1024, 1024], 2), ([1536, 1536, 2048], 1)];
        }
    }
}
