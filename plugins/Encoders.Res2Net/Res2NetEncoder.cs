using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.Res2Net;

/// <summary>Res2Net and Res2NeXt as timm builds them; SMP's older <c>timm-</c> names mean the same.</summary>
/// <remarks>Gao et al. 2019, arXiv:1904.01169. 26w_4s: 4 groups of channels of 26 each at the first stage.</remarks>
[Encoder("tu-res2net50_26w_4s")]
[Encoder("tu-res2net101_26w_4s")]
[Encoder("tu-res2net50_26w_6s")]
[Encoder("tu-res2net50_26w_8s")]
[Encoder("tu-res2net50_48w_2s")]
[Encoder("tu-res2net50_14w_8s")]
[Encoder("tu-res2net50d")]
[Encoder("tu-res2net101d")]
[Encoder("tu-res2next50")]
[Encoder("timm-res2net50_26w_4s")]
[Encoder("timm-res2net101_26w_4s")]
[Encoder("timm-res2net50_26w_6s")]
[Encoder("timm-res2net50_26w_8s")]
[Encoder("timm-res2net50_48w_2s")]
[Encoder("timm-res2net50_14w_8s")]
[Encoder("timm-res2net50d")]
[Encoder("timm-res2net101d")]
[Encoder("timm-res2next50")]
public sealed class Res2NetEncoder(EncoderOptions options) : TimmEncoder(options, Plan(options.Name).Features, new TimmResNet(options, Plan(options.Name)))
{
    private static readonly int[] s_deep = [32, 32, 64];

    private static TimmResNetPlan Plan(string name) => name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..] switch
    {
        "res2net50_26w_4s" => Plan(6, 26, 4),
        "res2net101_26w_4s" => Plan(23, 26, 4),
        "res2net50_26w_6s" => Plan(6, 26, 6),
        "res2net50_26w_8s" => Plan(6, 26, 8),
        "res2net50_48w_2s" => Plan(6, 48, 2),
        "res2net50_14w_8s" => Plan(6, 14, 8),
        "res2net50d" => Plan(6, 26, 4) with { DeepStem = s_deep, AverageDown = true },
        "res2net101d" => Plan(23, 26, 4) with { DeepStem = s_deep, AverageDown = true },
        "res2next50" => Plan(6, 4, 4, cardinality: 8),
        _ => throw new ConfigurationException($"encoder '{name}' is no Res2Net that is known here."),
    };

    private static TimmResNetPlan Plan(int third, int width, int scale, int cardinality = 1) =>
        new([3, 4, third, 3], Bottle2neck.Expansion, place => new Bottle2neck(place, width, scale, cardinality));
}
