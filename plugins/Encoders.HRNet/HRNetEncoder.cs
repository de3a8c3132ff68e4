using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.HRNet;

/// <summary>timm's HRNets: four maps kept side by side, each widened at the end. Whatever the depth, the whole network is there and runs.</summary>
/// <remarks>Wang et al. 2020, arXiv:1908.07919. The ssld are the same networks from another training.</remarks>
[Encoder("tu-hrnet_w18_small")]
[Encoder("tu-hrnet_w18_small_v2")]
[Encoder("tu-hrnet_w18")]
[Encoder("tu-hrnet_w30")]
[Encoder("tu-hrnet_w32")]
[Encoder("tu-hrnet_w40")]
[Encoder("tu-hrnet_w44")]
[Encoder("tu-hrnet_w48")]
[Encoder("tu-hrnet_w64")]
[Encoder("tu-hrnet_w18_ssld")]
[Encoder("tu-hrnet_w48_ssld")]
public sealed class HRNetEncoder(EncoderOptions options) : TimmEncoder(options, s_features, new HRNetModel(options, s_features.Used(options)))
{
    private static readonly TimmFeatures s_features = new(2, 64, 128, 256, 512, 1024);

    /// <inheritdoc/>
    public override int SizeMultiple => 32;                         // maps are added to each other, doubled and halved
}
