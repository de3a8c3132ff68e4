using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DLA;

/// <summary>Deep layer aggregation as timm builds it: stages that are trees of blocks.</summary>
/// <remarks>Yu et al. 2017, arXiv:1707.06484.</remarks>
[Encoder("tu-dla102")]
[Encoder("tu-dla102x")]
[Encoder("tu-dla102x2")]
[Encoder("tu-dla169")]
[Encoder("tu-dla34")]
[Encoder("tu-dla46_c")]
[Encoder("tu-dla46x_c")]
[Encoder("tu-dla60")]
[Encoder("tu-dla60_res2net")]
[Encoder("tu-dla60_res2next")]
[Encoder("tu-dla60x")]
[Encoder("tu-dla60x_c")]
public sealed class DLAEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(2, [.. DLAVariant.Named(options.Name).Channels.Skip(1)]) { Dilates = false };

    // Keys: base_layer, level0, level1, then trees level2 … level5.
    private static FeatureList Model(EncoderOptions options)
    {
        var variant = DLAVariant.Named(options.Name);
        var (channels, levels) = (variant.Channels, variant.Levels);
        var model = new FeatureList().Add("base_layer", Sequential(Conv2d(options.InChannels, channels[0], 7, padding: 3, bias: false), BatchNorm2d(channels[0]), ReLU(inplace: true)), isMap: false);
        foreach (var level in Enumerable.Range(0, Features(options).Used(options) + 1))
        {
            var before = channels[Math.Max(level - 1, 0)];
            model.Add($"level{level}", level < 2
                ? Convolutions(before, channels[level], levels[level], level + 1)
                : new Tree(variant, new TreePlace(levels[level], before, channels[level], Stride: 2, TakesInput: level > 2)), isMap: level > 0);
        }

        Initialization.Convolutions(model);
        return model;
    }

    private static Sequential Convolutions(int inChannels, int outChannels, int count, int stride) => Sequential(Enumerable.Range(0, count).SelectMany(i => new Module<Tensor, Tensor>[]
    {
        Conv2d(i == 0 ? inChannels : outChannels, outChannels, 3, stride: i == 0 ? stride : 1, padding: 1, bias: false), BatchNorm2d(outChannels), ReLU(inplace: true),
    }));
}
