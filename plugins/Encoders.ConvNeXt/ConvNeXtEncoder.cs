using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.ConvNeXt;

/// <summary>ConvNeXt and ConvNeXt V2 as timm builds them.</summary>
/// <remarks>Liu et al. 2022, arXiv:2201.03545; Woo et al. 2023, arXiv:2301.00808.</remarks>
[Encoder("tu-convnext_zepto_rms")]
[Encoder("tu-convnext_zepto_rms_ols")]
[Encoder("tu-convnext_atto")]
[Encoder("tu-convnext_atto_ols")]
[Encoder("tu-convnext_atto_rms")]
[Encoder("tu-convnext_femto")]
[Encoder("tu-convnext_femto_ols")]
[Encoder("tu-convnext_pico")]
[Encoder("tu-convnext_pico_ols")]
[Encoder("tu-convnext_nano")]
[Encoder("tu-convnext_nano_ols")]
[Encoder("tu-convnext_tiny_hnf")]
[Encoder("tu-convnext_tiny")]
[Encoder("tu-convnext_small")]
[Encoder("tu-convnext_base")]
[Encoder("tu-convnext_large")]
[Encoder("tu-convnext_large_mlp")]
[Encoder("tu-convnext_xlarge")]
[Encoder("tu-convnext_xxlarge")]
[Encoder("tu-convnextv2_atto")]
[Encoder("tu-convnextv2_femto")]
[Encoder("tu-convnextv2_pico")]
[Encoder("tu-convnextv2_nano")]
[Encoder("tu-convnextv2_tiny")]
[Encoder("tu-convnextv2_small")]
[Encoder("tu-convnextv2_base")]
[Encoder("tu-convnextv2_large")]
[Encoder("tu-convnextv2_huge")]
[Encoder("tu-test_convnext")]
[Encoder("tu-test_convnext2")]
[Encoder("tu-test_convnext3")]
public sealed class ConvNeXtEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new ConvNeXt(options, ConvNeXtVariant.Named(options.Name), Features(options).Used(options)))
{
    private static TimmFeatures Features(EncoderOptions options) => options.OutputStride is 8 or 16 or 32
        ? new TimmFeatures(ConvNeXt.StemStride, ConvNeXtVariant.Named(options.Name).Channels)
        : throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} must be 8, 16 or 32.");
}
