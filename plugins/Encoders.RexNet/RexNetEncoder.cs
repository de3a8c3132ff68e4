using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.RexNet;

/// <summary>ReXNet as timm builds it: channels grow evenly from block to block. With r in the name, they are multiples of eights.</summary>
/// <remarks>Han et al. 2020, arXiv:2007.00992.</remarks>
[Encoder("tu-rexnet_100")]
[Encoder("tu-rexnet_130")]
[Encoder("tu-rexnet_150")]
[Encoder("tu-rexnet_200")]
[Encoder("tu-rexnet_300")]
[Encoder("tu-rexnetr_100")]
[Encoder("tu-rexnetr_130")]
[Encoder("tu-rexnetr_150")]
[Encoder("tu-rexnetr_200")]
[Encoder("tu-rexnetr_300")]
public sealed class RexNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options)
    {
        var plan = RexNetPlan.Named(options.Name);
        return new(2, [.. plan.LastOfStages.Select(block => plan.Blocks[block].Channels)]);
    }

    // Keys: stem, then features_0 …. A map is what comes before a block that would halve it.
    private static FeatureList Model(EncoderOptions options)
    {
        var plan = RexNetPlan.Named(options.Name);
        var model = new FeatureList().Add("stem", new ConvNormAct(options.InChannels, plan.Stem, 3, 2, activation: SiLU(inplace: true)), isMap: false);
        var ends = plan.LastOfStages;
        var (channels, total, dilation) = (plan.Stem, 2, 1);
        foreach (var (index, block) in plan.Blocks.Take(ends[Features(options).Used(options) - 1] + 1).Index())
        {
            var (before, stride) = (dilation, block.Stride);
            if (stride > 1 && total >= options.OutputStride)
            {
                (dilation, stride) = (dilation * stride, 1);
            }

            total *= stride;
            model.Add($"features_{index}", new LinearBottleneck(block, channels, stride, before, plan.Divisor, shortcut: stride == 1 && before == dilation), isMap: ends.Contains(index));
            channels = block.Channels;
        }

        Initialization.Convolutions(model, perGroup: true);
        return model;
    }
}
