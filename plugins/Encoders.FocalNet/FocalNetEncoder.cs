using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.FocalNet;

/// <summary>FocalNet as timm builds it: pixels are modulated by what lies around them at several scales, without attention.</summary>
/// <remarks>Yang et al. 2022, arXiv:2203.11926.</remarks>
[Encoder("tu-focalnet_base_lrf")]
[Encoder("tu-focalnet_base_srf")]
[Encoder("tu-focalnet_huge_fl3")]
[Encoder("tu-focalnet_huge_fl4")]
[Encoder("tu-focalnet_large_fl3")]
[Encoder("tu-focalnet_large_fl4")]
[Encoder("tu-focalnet_small_lrf")]
[Encoder("tu-focalnet_small_srf")]
[Encoder("tu-focalnet_tiny_lrf")]
[Encoder("tu-focalnet_tiny_srf")]
[Encoder("tu-focalnet_xlarge_fl3")]
[Encoder("tu-focalnet_xlarge_fl4")]
public sealed class FocalNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, [.. Enumerable.Range(0, 4).Select(FocalNetVariant.Named(options.Name).ChannelsOf)]) { Dilates = false };

    // Keys: stem (proj, norm), then layers_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var variant = FocalNetVariant.Named(options.Name);
        var rates = Blocks.DropPathRates(FocalNetVariant.DropPath, variant.Depths);
        var model = new FeatureList().Add("stem", new Downsampling(options.InChannels, variant.Channels, 4, variant.Overlaps), isMap: false);
        foreach (var index in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"layers_{index}", new FocalStage(variant, index, rates[index]));
        }

        Initialization.TruncatedNormal(model);
        return model;
    }
}
