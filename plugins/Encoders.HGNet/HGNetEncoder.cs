using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.HGNet;

/// <summary>PaddlePaddle's HGNet and HGNetV2 as timm builds them: each block joins what all its layers have given.</summary>
/// <remarks>PP-HGNet and PP-HGNetV2 of PaddleClas; the second is the backbone of RT-DETR, Zhao et al. 2023, arXiv:2304.08069. It keeps its strides whatever output stride is asked for, as in timm.</remarks>
[Encoder("tu-hgnet_base")]
[Encoder("tu-hgnet_small")]
[Encoder("tu-hgnet_tiny")]
[Encoder("tu-hgnetv2_b0")]
[Encoder("tu-hgnetv2_b1")]
[Encoder("tu-hgnetv2_b2")]
[Encoder("tu-hgnetv2_b3")]
[Encoder("tu-hgnetv2_b4")]
[Encoder("tu-hgnetv2_b5")]
[Encoder("tu-hgnetv2_b6")]
public sealed class HGNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, [.. HGNetVariant.Named(options.Name).Stages.Select(stage => stage.OutChannels)]) { KeepsStrides = true };

    // Keys: stem, then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var variant = HGNetVariant.Named(options.Name);
        var model = new FeatureList().Add("stem", variant.IsSecond ? new SecondStem(variant, options.InChannels) : new FirstStem(variant, options.InChannels), isMap: false);
        foreach (var index in Enumerable.Range(0, Features(options).Used(options)))
        {
            model.Add($"stages_{index}", new HGNetStage(variant, index));
        }

        Initialization.Encoder(model);
        return model;
    }
}
