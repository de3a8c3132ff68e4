using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.MobileNet;

/// <summary>FBNetV3, PP-LCNet and HardCoRe-NAS.</summary>
[Encoder("tu-fbnetv3_b")]
[Encoder("tu-fbnetv3_d")]
[Encoder("tu-fbnetv3_g")]
[Encoder("tu-lcnet_035")]
[Encoder("tu-lcnet_050")]
[Encoder("tu-lcnet_075")]
[Encoder("tu-lcnet_100")]
[Encoder("tu-lcnet_150")]
[Encoder("tu-hardcorenas_a")]
[Encoder("tu-hardcorenas_b")]
[Encoder("tu-hardcorenas_c")]
[Encoder("tu-hardcorenas_d")]
[Encoder("tu-hardcorenas_e")]
[Encoder("tu-hardcorenas_f")]
public sealed class SearchedEncoder(EncoderOptions options) : TimmMobileEncoder(options, SearchedDesigns.Named(options.Name["tu-".Length..]));
