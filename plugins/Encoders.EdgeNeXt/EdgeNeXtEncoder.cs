using Osteon.Abstractions;
using Osteon.Models;
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
public sealed class EdgeNeXtEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, EdgeNeXtVariant.Named(options.Name).Channels) { Dilates = false };

    // Keys: stem_0, stem_1, then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var variant = EdgeNeXtVariant.Named(options.Name);
        var model = new FeatureList()
            .Add("stem_0", variant.Overlaps ? Conv2d(options.InChannels, variant.Channels[0], 9, stride: 4, padding: 4, bias: false) : Conv2d(options.InChannels, variant.Channels[0], 4, stride: 4), isMap: false)
            .Add("stem_1", new LayerNorm2d(variant.Channels[0]), isMap: false);
        foreach (var index in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{index}", new Stage(variant, index));
        }

        Initialization.TruncatedNormal(model);
        return model;
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
