using System.Globalization;

namespace Osteon.Models;

/// <summary>
/// A kind of block and its numbers, written as timm does: <c>ir_r2_k3_s2_e6_c24_se0.25_nre_noskip</c>. Kinds: cn, one convolution; ds,
/// depthwise and pointwise; dsa, that with an activation at its end; ir, inverted residual; er, inverted residual whose first
/// convolution is a whole one (Fused-MBConv).
/// </summary>
/// <param name="Kind">cn, ds, dsa, ir or er.</param>
/// <param name="Repeats">r: how many.</param>
/// <param name="Kernel">k: side of the (depthwise) kernel.</param>
/// <param name="Stride">s: of the first of them.</param>
/// <param name="Expansion">e: inner channels for each channel in.</param>
/// <param name="Channels">c: channels out, before the width.</param>
/// <param name="Squeeze">se: share of channels that squeeze-and-excitation squeezes to; 0 for none.</param>
/// <param name="Activation">n: re, r6, hs or sw; null for the design's.</param>
/// <param name="Skip">The input goes around where its shape is the output's.</param>
/// <param name="ExpandFrom">fc: channels that the expansion counts from, before the width; 0 for the channels in.</param>
public sealed record MobileBlockSpec(
    string Kind, int Repeats, int Kernel, int Stride, double Expansion, int Channels, double Squeeze, MobileActivation? Activation, bool Skip, int ExpandFrom)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is not spelled so.</exception>
    public static MobileBlockSpec Parse(string text)
    {
        var words = text.Split('_');
        var numbers = words.Skip(1).Where(word => char.IsDigit(word[^1]) && word[0] != 'n').ToDictionary(
            word => word.TrimEnd("0123456789.".ToCharArray()), word => double.Parse(word.TrimStart([.. "abcdefghijklmnopqrstuvwxyz"]), CultureInfo.InvariantCulture));
        var skip = words[0] switch { "cn" => words.Contains("skip"), "dsa" => false, _ => !words.Contains("noskip") };
        return new(
            words[0], (int)numbers["r"], (int)numbers["k"], (int)numbers["s"], numbers.GetValueOrDefault("e", 1), (int)numbers["c"], numbers.GetValueOrDefault("se"),
            words.Select(Named).FirstOrDefault(named => named is not null), skip, (int)numbers.GetValueOrDefault("fc"));
    }

    private static MobileActivation? Named(string word) => word switch
    {
        "nre" => MobileActivation.ReLU,
        "nr6" => MobileActivation.ReLU6,
        "nhs" => MobileActivation.Hardswish,
        "nsw" => MobileActivation.SiLU,
        _ => null,
    };
}
