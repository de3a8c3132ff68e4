using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.MobileNet;

/// <summary>timm's MobileNetV4s: convolutions alone, and with attention (hybrid).</summary>
[Encoder("tu-mobilenetv4_conv_small_035")]
[Encoder("tu-mobilenetv4_conv_small_050")]
[Encoder("tu-mobilenetv4_conv_small")]
[Encoder("tu-mobilenetv4_conv_medium")]
[Encoder("tu-mobilenetv4_conv_large")]
[Encoder("tu-mobilenetv4_conv_aa_medium")]
[Encoder("tu-mobilenetv4_conv_blur_medium")]
[Encoder("tu-mobilenetv4_conv_aa_large")]
[Encoder("tu-mobilenetv4_hybrid_medium")]
[Encoder("tu-mobilenetv4_hybrid_medium_075")]
[Encoder("tu-mobilenetv4_hybrid_large")]
[Encoder("tu-mobilenetv4_hybrid_large_075")]
public sealed class MobileNetV4Encoder(EncoderOptions options) : TimmMobileEncoder(options, MobileNetV4Designs.Named(options.Name["tu-mobilenetv4_".Length..]));
