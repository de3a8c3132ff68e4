using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.VoVNet;

/// <summary>VoVNet and VoVNetV2 as timm builds them: each block joins, once, what all its layers have given.</summary>
/// <remarks>Lee et al. 2019, arXiv:1904.09730; V2: Lee, Park 2020, arXiv:1911.06667.</remarks>
[Encoder("tu-eca_vovnet39b")]
[Encoder("tu-ese_vovnet19b_dw")]
[Encoder("tu-ese_vovnet19b_slim")]
[Encoder("tu-ese_vovnet19b_slim_dw")]
[Encoder("tu-ese_vovnet39b")]
[Encoder("tu-ese_vovnet39b_evos")]
[Encoder("tu-ese_vovnet57b")]
[Encoder("tu-ese_vovnet99b")]
[Encoder("tu-vovnet39a")]
[Encoder("tu-vovnet57a")]
public sealed class VoVNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options)
    {
        var variant = VoVNetVariant.Named(options.Name);
        return new(2, [VoVNetVariant.StemChannels, .. variant.OutChannels]) { Dilates = false };
    }

    // Keys: stem_0, stem_1, stem_2, then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var (variant, stages) = (VoVNetVariant.Named(options.Name), Features(options).Used(options) - 1);
        var model = new FeatureList()
            .Add("stem_0", VoVLayer.Of(variant, options.InChannels, VoVNetVariant.StemChannels, 3, 2), isMap: false)
            .Add("stem_1", VoVLayer.Of(variant, VoVNetVariant.StemChannels, VoVNetVariant.StemChannels, 3, separable: variant.Depthwise));
        if (stages > 0)
        {
            model.Add("stem_2", VoVLayer.Of(variant, VoVNetVariant.StemChannels, variant.LastStem, 3, 2, variant.Depthwise), isMap: false);
        }

        foreach (var index in Enumerable.Range(0, stages))
        {
            model.Add($"stages_{index}", new VoVStage(variant, index));
        }

        Initialization.Encoder(model);
        return model;
    }
}
