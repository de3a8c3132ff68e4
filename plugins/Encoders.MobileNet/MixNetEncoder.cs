using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.MobileNet;

/// <summary>MixNets and networks for edge TPUs.</summary>
[Encoder("tu-mixnet_s")]
[Encoder("tu-mixnet_m")]
[Encoder("tu-mixnet_l")]
[Encoder("tu-mixnet_xl")]
[Encoder("tu-mixnet_xxl")]
[Encoder("tu-tf_mixnet_s")]
[Encoder("tu-tf_mixnet_m")]
[Encoder("tu-tf_mixnet_l")]
[Encoder("tu-mobilenet_edgetpu_100")]
[Encoder("tu-mobilenet_edgetpu_v2_xs")]
[Encoder("tu-mobilenet_edgetpu_v2_s")]
[Encoder("tu-mobilenet_edgetpu_v2_m")]
[Encoder("tu-mobilenet_edgetpu_v2_l")]
public sealed class MixNetEncoder(EncoderOptions options) : TimmMobileEncoder(options, MixNetDesigns.Named(options.Name["tu-".Length..]));
