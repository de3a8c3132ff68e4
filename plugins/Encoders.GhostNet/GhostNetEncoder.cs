using System.Globalization;
using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.GhostNet;

/// <summary>GhostNet and GhostNetV2 as timm builds them. The first map is the first convolution's, before anything normalises it.</summary>
/// <remarks>Han et al. 2019, arXiv:1911.11907; Tang et al. 2022, arXiv:2211.12905.</remarks>
[Encoder("tu-ghostnet_050")]
[Encoder("tu-ghostnet_100")]
[Encoder("tu-ghostnet_130")]
[Encoder("tu-ghostnetv2_100")]
[Encoder("tu-ghostnetv2_130")]
[Encoder("tu-ghostnetv2_160")]
public sealed class GhostNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Model(options))
{
    private const int Plain = 2;                                    // blocks of the second version that have no gate

    private static readonly GhostBlock[][] s_stages =
    [
        [new(3, 16, 16)],
        [new(3, 48, 24, Stride: 2)],
        [new(3, 72, 24)],
        [new(5, 72, 40, Squeezes: true, Stride: 2)],
        [new(5, 120, 40, Squeezes: true)],
        [new(3, 240, 80, Stride: 2)],
        [new(3, 200, 80), new(3, 184, 80), new(3, 184, 80), new(3, 480, 112, Squeezes: true), new(3, 672, 112, Squeezes: true)],
        [new(5, 672, 160, Squeezes: true, Stride: 2)],
    ];

    private static TimmFeatures Features(EncoderOptions options)
    {
        var width = Width(options.Name);
        return new TimmFeatures(2, [Blocks.MakeDivisible(16 * width, 4), .. s_stages.Where(stage => stage[0].Stride > 1).Select(stage => Blocks.MakeDivisible(stage[0].Channels * width, 4))]) { Dilates = false };
    }

    private static double Width(string name) => int.Parse(name[(name.LastIndexOf('_') + 1)..], CultureInfo.InvariantCulture) / 100.0;

    /// <summary>Keys: conv_stem, bn1, then blocks_0 ….</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly Conv2d conv_stem;
        private readonly BatchNorm2d? bn1;
        private readonly List<Sequential> _stages = [];

        public Model(EncoderOptions options) : base("model")
        {
            var (width, used, done) = (Width(options.Name), Features(options).Used(options), 0);
            var channels = Features(options).Channels[0];
            conv_stem = Conv2d(options.InChannels, channels, 3, stride: 2, padding: 1, bias: false);
            bn1 = used > 1 ? BatchNorm2d(channels) : null;
            RegisterComponents();
            for (int index = 0, maps = 1; maps < used; index++)
            {
                var blocks = new List<Module<Tensor, Tensor>>();
                foreach (var block in s_stages[index])
                {
                    blocks.Add(new GhostBottleneck(block, width, channels, options.Name.Contains("v2", StringComparison.Ordinal) && done++ >= Plain));
                    channels = Blocks.MakeDivisible(block.Channels * width, 4);
                }

                _stages.Add(Sequential(blocks));
                register_module($"blocks_{index}", _stages[index]);
                maps += s_stages[index][0].Stride > 1 ? 1 : 0;
            }

            Initialization.Convolutions(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = conv_stem.forward(input);
            var maps = new List<Tensor> { x };
            x = bn1 is null ? x : functional.relu(bn1.forward(x), inplace: true);
            foreach (var (index, stage) in _stages.Index())
            {
                x = stage.forward(x);
                if (s_stages[index][0].Stride > 1)
                {
                    maps.Add(x);
                }
            }

            return maps.MoveToOuterDisposeScope();
        }
    }
}
