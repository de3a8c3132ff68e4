using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EdgeNeXt;

/// <summary>EdgeNeXt as timm builds it: a ConvNeXt for small devices, whose stages end with attention among channels.</summary>
[Encoder("tu-edgenext_xx_small")]
[Encoder("tu-edgenext_x_small")]
[Encoder("tu-edgenext_small")]
[Encoder("tu-edgenext_small_rw")]
[Encoder("tu-edgenext_base")]
public sealed class EdgeNeXtEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, EdgeNeXtVariant.Named(options.Name).Channels) { Dilates = false };

    /// <summary>Keys: stem_0, stem_1, then stages_0 ….</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly Conv2d stem_0;
        private readonly LayerNorm2d stem_1;
        private readonly List<Stage> _stages = [];

        public Model(EncoderOptions options) : base("model")
        {
            var (variant, used) = (EdgeNeXtVariant.Named(options.Name), Features(options).Used(options));
            stem_0 = variant.Overlaps
                ? Conv2d(options.InChannels, variant.Channels[0], 9, stride: 4, padding: 4, bias: false)
                : Conv2d(options.InChannels, variant.Channels[0], 4, stride: 4);
            stem_1 = new LayerNorm2d(variant.Channels[0]);
            RegisterComponents();
            foreach (var index in Enumerable.Range(0, used))
            {
                _stages.Add(new Stage(variant, index));
                register_module($"stages_{index}", _stages[index]);
            }

            apply(part =>
            {
                if (part is TorchSharp.Modules.Conv2d or TorchSharp.Modules.Linear)
                {
                    init.trunc_normal_(part.get_parameter("weight")!, std: Initialization.TransformerDeviation);
                    if (part.get_parameter("bias") is { } bias)
                    {
                        init.zeros_(bias);
                    }
                }
            });
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (maps, x) = (new List<Tensor>(), stem_1.forward(stem_0.forward(input)));
            foreach (var stage in _stages)
            {
                x = stage.forward(x);
                maps.Add(x);
            }

            return maps.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Keys: downsample, blocks.</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly Sequential? downsample;
        private readonly Sequential blocks;

        public Stage(EdgeNeXtVariant variant, int index) : base(nameof(Stage))
        {
            var (channels, before, hasBias) = (variant.Channels[index], variant.Channels[Math.Max(index - 1, 0)], !variant.Overlaps);
            downsample = index > 0 && !variant.Overlaps ? Sequential(new LayerNorm2d(before), Conv2d(before, channels, 2, stride: 2)) : null;
            var plain = variant.Depths[index] - (index > 0 ? 1 : 0);
            blocks = Sequential([
                .. Enumerable.Range(0, plain).Select(i => new ConvBlock(i == 0 && variant.Overlaps ? before : channels, channels, EdgeNeXtVariant.Kernels[index], i == 0 && variant.Overlaps && index > 0 ? 2 : 1, hasBias)),
                .. index > 0 ? new Module<Tensor, Tensor>[] { new SplitBlock(channels, EdgeNeXtVariant.Scales[index], variant.Heads, hasPositions: index == 1, hasBias) } : [],
            ]);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
        }
    }
}
