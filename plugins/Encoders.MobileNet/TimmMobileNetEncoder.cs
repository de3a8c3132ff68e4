using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.MobileNet;

/// <summary>timm's MobileNets, and what was searched for near them: MnasNet, FBNet-C, Single-Path NAS, TinyNet. SMP's timm-mobilenetv3 are timm's tf_mobilenetv3.</summary>
[Encoder("timm-mobilenetv3_large_075")]
[Encoder("timm-mobilenetv3_large_100")]
[Encoder("timm-mobilenetv3_large_minimal_100")]
[Encoder("timm-mobilenetv3_small_075")]
[Encoder("timm-mobilenetv3_small_100")]
[Encoder("timm-mobilenetv3_small_minimal_100")]
[Encoder("tu-tf_mobilenetv3_large_075")]
[Encoder("tu-tf_mobilenetv3_large_100")]
[Encoder("tu-tf_mobilenetv3_large_minimal_100")]
[Encoder("tu-tf_mobilenetv3_small_075")]
[Encoder("tu-tf_mobilenetv3_small_100")]
[Encoder("tu-tf_mobilenetv3_small_minimal_100")]
[Encoder("tu-mobilenetv3_large_075")]
[Encoder("tu-mobilenetv3_large_100")]
[Encoder("tu-mobilenetv3_large_150d")]
[Encoder("tu-mobilenetv3_small_050")]
[Encoder("tu-mobilenetv3_small_075")]
[Encoder("tu-mobilenetv3_small_100")]
[Encoder("tu-mobilenetv3_rw")]
[Encoder("tu-mobilenetv2_035")]
[Encoder("tu-mobilenetv2_050")]
[Encoder("tu-mobilenetv2_075")]
[Encoder("tu-mobilenetv2_100")]
[Encoder("tu-mobilenetv2_140")]
[Encoder("tu-mobilenetv2_110d")]
[Encoder("tu-mobilenetv2_120d")]
[Encoder("tu-mobilenetv1_100")]
[Encoder("tu-mobilenetv1_100h")]
[Encoder("tu-mobilenetv1_125")]
[Encoder("tu-mnasnet_050")]
[Encoder("tu-mnasnet_075")]
[Encoder("tu-mnasnet_100")]
[Encoder("tu-mnasnet_140")]
[Encoder("tu-semnasnet_050")]
[Encoder("tu-semnasnet_075")]
[Encoder("tu-semnasnet_100")]
[Encoder("tu-semnasnet_140")]
[Encoder("tu-mnasnet_small")]
[Encoder("tu-fbnetc_100")]
[Encoder("tu-spnasnet_100")]
[Encoder("tu-tinynet_a")]
[Encoder("tu-tinynet_b")]
[Encoder("tu-tinynet_c")]
[Encoder("tu-tinynet_d")]
[Encoder("tu-tinynet_e")]
public sealed class TimmMobileNetEncoder(EncoderOptions options) : TimmMobileEncoder(options, Design(options.Name))
{
    private static MobileDesign Design(string name) => MobileNetDesigns.Named(
        name.StartsWith("timm-", StringComparison.Ordinal) ? $"tf_{name["timm-".Length..]}" : name["tu-".Length..]);
}
