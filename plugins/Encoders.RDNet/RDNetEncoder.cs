using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.RDNet;

/// <summary>RDNet as timm builds it: DenseNet revived, with ConvNeXt's blocks.</summary>
/// <remarks>Kim et al. 2024, arXiv:2403.19588.</remarks>
[Encoder("tu-rdnet_base")]
[Encoder("tu-rdnet_large")]
[Encoder("tu-rdnet_small")]
[Encoder("tu-rdnet_tiny")]
public sealed class RDNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private const int BlocksOfStage = 3;

    private static TimmFeatures Features(EncoderOptions options)
    {
        var plan = RDNetPlan.Named(options.Name);
        return new(4, [.. plan.Maps.Select(stage => plan.ChannelsOut(stage))]) { Dilates = false };
    }

    // Keys: stem_0, stem_1, then dense_stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var plan = RDNetPlan.Named(options.Name);
        var model = new FeatureList().Add("stem_0", Conv2d(options.InChannels, plan.Stem, 4, stride: 4), isMap: false).Add("stem_1", new LayerNorm2d(plan.Stem), isMap: false);
        foreach (var stage in Enumerable.Range(0, plan.Maps[Features(options).Used(options) - 1] + 1))
        {
            var dense = new DenseStage(plan.ChannelsIn(stage), plan.Growths[stage], squeezes: stage >= 2);
            Module<Tensor, Tensor>[] transition = stage == 0 ? [] : [new LayerNorm2d(plan.ChannelsOut(stage - 1)), Conv2d(plan.ChannelsOut(stage - 1), plan.ChannelsIn(stage), plan.Halves(stage) ? 2 : 1, stride: plan.Halves(stage) ? 2 : 1)];
            model.Add($"dense_stages_{stage}", Sequential([.. transition, dense]), isMap: plan.Maps.Contains(stage));
        }

        model.apply(part =>
        {
            if (part is TorchSharp.Modules.Conv2d convolution)
            {
                init.kaiming_normal_(convolution.weight);
            }
        });
        return model;
    }

    /// <summary>A network by its numbers.</summary>
    /// <param name="Stem">Channels of the first convolution.</param>
    /// <param name="Growths">Channels that each block of a stage adds.</param>
    /// <param name="LastHalving">The third stage that halves; the others are the second and the third of all.</param>
    private sealed record RDNetPlan(int Stem, IReadOnlyList<int> Growths, int LastHalving)
    {
        public IReadOnlyList<int> Maps => [0, 1, LastHalving - 1, Growths.Count - 1];

        public static RDNetPlan Named(string encoder) => encoder["tu-rdnet_".Length..] switch
        {
            "tiny" => new(64, [64, 104, 128, 128, 128, 128, 224], 6),
            "small" => new(72, [64, 128, .. Enumerable.Repeat(128, 7), 240, 240], 9),
            "base" => new(120, [96, 128, .. Enumerable.Repeat(168, 7), 336, 336], 9),
            "large" => new(144, [128, 192, .. Enumerable.Repeat(256, 8), 360, 360], 10),
            var name => throw new ConfigurationException($"encoder 'tu-rdnet_{name}' is no RDNet that is known here."),
        };

        public bool Halves(int stage) => stage is 1 or 2 || stage == LastHalving;

        public int ChannelsIn(int stage) => stage == 0 ? Stem : ChannelsOut(stage - 1) / 2 / 8 * 8;

        public int ChannelsOut(int stage) => ChannelsIn(stage) + (BlocksOfStage * Growths[stage]);
    }

    /// <summary>Each block sees the input and what all blocks before have given. Keys: dense_block0 ….</summary>
    private sealed class DenseStage : Module<Tensor, Tensor>
    {
        private readonly List<DenseBlock> _blocks = [];

        public DenseStage(int inChannels, int growth, bool squeezes) : base(nameof(DenseStage))
        {
            for (var i = 0; i < BlocksOfStage; i++)
            {
                _blocks.Add(new DenseBlock(inChannels + (i * growth), growth, squeezes));
                register_module($"dense_block{i}", _blocks[i]);
            }
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = input;
            foreach (var block in _blocks)
            {
                x = cat([x, block.forward(x)], 1);
            }

            return x.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Keys: gamma, layers (layers: 0, 1, 2, 4, and 5 where channels are weighed).</summary>
    private sealed class DenseBlock : Module<Tensor, Tensor>
    {
        private const double FirstScale = 1e-6;

        private readonly Parameter gamma;
        private readonly Layers layers;

        public DenseBlock(int inChannels, int growth, bool squeezes) : base(nameof(DenseBlock))
        {
            gamma = new Parameter(full(growth, FirstScale));
            layers = new Layers(inChannels, growth, squeezes);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return (layers.forward(input) * gamma.view(-1, 1, 1)).MoveToOuterDisposeScope();
        }

        private sealed class Layers : Module<Tensor, Tensor>
        {
            private readonly Sequential layers;

            public Layers(int inChannels, int growth, bool squeezes) : base(nameof(Layers))
            {
                var inner = inChannels * 4 / 8 * 8;
                layers = Sequential([
                    Conv2d(inChannels, inChannels, 7, padding: 3, groups: inChannels), new LayerNorm2d(inChannels), Conv2d(inChannels, inner, 1), GELU(), Conv2d(inner, growth, 1),
                    .. squeezes ? new Module<Tensor, Tensor>[] { new EffectiveSqueezeExcite(growth) } : [],
                ]);
                RegisterComponents();
            }

            public override Tensor forward(Tensor input) => layers.forward(input);
        }
    }
}
