using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EfficientFormer;

/// <summary>EfficientFormer as timm builds it: averages mix pixels, and in the last blocks attention, which knows maps of 7×7 alone: at the full depth images are 224 × 224.</summary>
/// <remarks>Li et al. 2022, arXiv:2206.01191.</remarks>
[Encoder("tu-efficientformer_l1")]
[Encoder("tu-efficientformer_l3")]
[Encoder("tu-efficientformer_l7")]
public sealed class EfficientFormerEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new FeatureGetter(new Model(options)))
{
    private const int Nominal = 224, Stages = 4;

    private readonly bool _attends = options.Depth > Stages;

    /// <inheritdoc/>
    public override Frame? OnlySize => _attends ? new Frame(Nominal, Nominal) : null;

    private static TimmFeatures Features(EncoderOptions options) => new(4, Numbers(options.Name).Channels) { KeepsStrides = true };

    private static (int[] Channels, int[] Depths, int Attentive) Numbers(string encoder) => encoder["tu-efficientformer_".Length..] switch
    {
        "l1" => ([48, 96, 224, 448], [3, 2, 6, 4], 1),
        "l3" => ([64, 128, 320, 512], [4, 4, 12, 6], 4),
        "l7" => ([96, 192, 384, 768], [6, 6, 18, 8], 8),
        var name => throw new ConfigurationException($"encoder 'tu-efficientformer_{name}' is no EfficientFormer that is known here."),
    };

    /// <summary>Keys: stem, stages.</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly Sequential stem;
        private readonly ModuleList<Stage> stages;

        public Model(EncoderOptions options) : base("model")
        {
            var (channels, depths, attentive) = Numbers(options.Name);
            stem = Sequential(
                ("conv1", Conv2d(options.InChannels, channels[0] / 2, 3, stride: 2, padding: 1)), ("norm1", BatchNorm2d(channels[0] / 2)), ("act1", ReLU(inplace: true)),
                ("conv2", Conv2d(channels[0] / 2, channels[0], 3, stride: 2, padding: 1)), ("norm2", BatchNorm2d(channels[0])), ("act2", ReLU(inplace: true)));
            stages = ModuleList([.. Enumerable.Range(0, Features(options).Used(options)).Select(i => new Stage(i == 0 ? 0 : channels[i - 1], channels[i], depths[i], i == Stages - 1 ? attentive : 0))]);
            RegisterComponents();
            Initialization.Transformer(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (maps, x) = (new List<Tensor>(), stem.forward(input));
            foreach (var stage in stages)
            {
                x = stage.forward(x);
                maps.Add(x);
            }

            return maps.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Keys: downsample (conv, norm), blocks; in them a number stands for where a map becomes rows of pixels.</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly Sequential? downsample;
        private readonly Sequential blocks;
        private readonly bool _rows;

        public Stage(int before, int channels, int depth, int attentive) : base(nameof(Stage))
        {
            _rows = attentive > 0;
            downsample = before > 0 ? Sequential(("conv", Conv2d(before, channels, 3, stride: 2, padding: 1)), ("norm", BatchNorm2d(channels))) : null;
            Module<Tensor, Tensor>[] flat = _rows ? [new Rows()] : [];
            blocks = Sequential([
                .. Enumerable.Range(0, depth - attentive).Select(_ => new PoolingBlock(channels)), .. flat,
                .. Enumerable.Range(0, attentive).Select(_ => new AttentionBlock(channels)),
            ]);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = downsample?.forward(input) ?? input;
            var shape = x.shape;
            x = blocks.forward(x);
            return (_rows ? x.transpose(1, 2).reshape(shape) : x).MoveToOuterDisposeScope();
        }
    }

    private sealed class Rows() : Module<Tensor, Tensor>(nameof(Rows))
    {
        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return input.flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
        }
    }
}
