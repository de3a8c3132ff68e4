using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.SKNet;

/// <summary>How a selective kernel is built.</summary>
/// <param name="Reduction">Channels in for each channel of the attention …</param>
/// <param name="Divisor">… which are a multiple of this.</param>
/// <param name="Split">Either path sees half of the channels.</param>
internal sealed record Selection(int Reduction, int Divisor, bool Split = true);

internal static class SKVariant
{
    /// <summary>The network of a name. SMP's own (<c>timm-</c>) leave the attention's width, and in ResNeXt the paths' inputs, otherwise than timm does.</summary>
    public static TimmResNetPlan Named(string name) => name switch
    {
        "timm-skresnet18" => Basic([2, 2, 2, 2], 8),
        "timm-skresnet34" => Basic([3, 4, 6, 3], 8),
        "timm-skresnext50_32x4d" => Bottleneck(new Selection(16, 8), 32, 4),
        "tu-skresnet18" => Basic([2, 2, 2, 2], 16),
        "tu-skresnet34" => Basic([3, 4, 6, 3], 16),
        "tu-skresnet50" => Bottleneck(new Selection(16, 8)),
        "tu-skresnet50d" => Bottleneck(new Selection(16, 8)) with { DeepStem = [32, 32, 64], AverageDown = true },
        "tu-skresnext50_32x4d" => Bottleneck(new Selection(16, 32, Split: false), 32, 4),
        _ => throw new ConfigurationException($"encoder '{name}' is no SKNet that is known here."),
    };

    private static TimmResNetPlan Basic(int[] blocks, int divisor) =>
        new(blocks, SelectiveKernelBasic.Expansion, place => new SelectiveKernelBasic(place, new Selection(8, divisor)));

    private static TimmResNetPlan Bottleneck(Selection selection, int groups = 1, int groupWidth = 64) =>
        new([3, 4, 6, 3], SelectiveKernelBottleneck.Expansion, place => new SelectiveKernelBottleneck(place, selection, groups, groupWidth));
}
