using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.ResNeSt;

/// <summary>ResNeSt as timm builds it; SMP's older <c>timm-</c> names mean the same.</summary>
/// <remarks>
/// Zhang et al. 2020, arXiv:2004.08955. 4s2x40d: radix 4, 2 groups, 40 channels each at the first stage. In training, batches need more than
/// one image: its attention normalises maps of one pixel.
/// </remarks>
[Encoder("tu-resnest14d")]
[Encoder("tu-resnest26d")]
[Encoder("tu-resnest50d")]
[Encoder("tu-resnest101e")]
[Encoder("tu-resnest200e")]
[Encoder("tu-resnest269e")]
[Encoder("tu-resnest50d_4s2x40d")]
[Encoder("tu-resnest50d_1s4x24d")]
[Encoder("timm-resnest14d")]
[Encoder("timm-resnest26d")]
[Encoder("timm-resnest50d")]
[Encoder("timm-resnest101e")]
[Encoder("timm-resnest200e")]
[Encoder("timm-resnest269e")]
[Encoder("timm-resnest50d_4s2x40d")]
[Encoder("timm-resnest50d_1s4x24d")]
public sealed class ResNeStEncoder(EncoderOptions options) : TimmEncoder(options, Plan(options.Name).Features, new TimmResNet(options, Plan(options.Name)))
{
    private static readonly int[] s_narrow = [32, 32, 64];
    private static readonly int[] s_wide = [64, 64, 128];

    private static TimmResNetPlan Plan(string name) => name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..] switch
    {
        "resnest14d" => Plan([1, 1, 1, 1], s_narrow),
        "resnest26d" => Plan([2, 2, 2, 2], s_narrow),
        "resnest50d" => Plan([3, 4, 6, 3], s_narrow),
        "resnest101e" => Plan([3, 4, 23, 3], s_wide),
        "resnest200e" => Plan([3, 24, 36, 3], s_wide),
        "resnest269e" => Plan([3, 30, 48, 8], s_wide),
        "resnest50d_4s2x40d" => Plan([3, 4, 6, 3], s_narrow, new Splits(Radix: 4, Cardinality: 2, BaseWidth: 40, AverageFirst: true)),
        "resnest50d_1s4x24d" => Plan([3, 4, 6, 3], s_narrow, new Splits(Radix: 1, Cardinality: 4, BaseWidth: 24, AverageFirst: true)),
        _ => throw new ConfigurationException($"encoder '{name}' is no ResNeSt that is known here."),
    };

    private static TimmResNetPlan Plan(int[] blocks, int[] stem, Splits? splits = null) =>
        new(blocks, ResNeStBottleneck.Expansion, place => new ResNeStBottleneck(place, splits ?? new Splits())) { DeepStem = stem, AverageDown = true };
}
