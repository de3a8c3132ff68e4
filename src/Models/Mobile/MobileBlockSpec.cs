using System.Globalization;

namespace Osteon.Models;

/// <summary>
/// A kind of block and its numbers, written as timm does: <c>ir_r2_k3_s2_e6_c24_se0.25_nre_noskip</c>. Kinds: cn, one convolution; ds,
/// depthwise and pointwise; dsa, that with an activation at its end; ir, inverted residual; er, inverted residual whose first
/// convolution is a whole one (Fused-MBConv); uir, universal inverted bottleneck; mqa, attention of many queries and one key.
/// </summary>
/// <param name="Kind">cn, ds, dsa, ir, er, uir or mqa.</param>
/// <param name="Repeats">r: how many.</param>
/// <param name="Kernels">k: sides of the (depthwise) kernels; with several, k3.5.7, each takes a share of the channels. 0 is none, in uir.</param>
/// <param name="Stride">s: of the first of them.</param>
/// <param name="Expansion">e: inner channels for each channel in.</param>
/// <param name="Channels">c: channels out, before the width.</param>
/// <param name="Squeeze">se: share of channels that squeeze-and-excitation squeezes to; 0 for none.</param>
/// <param name="Activation">n: re, r6, hs or sw; null for the design's.</param>
/// <param name="Skip">The input goes around where its shape is the output's.</param>
/// <param name="ExpandFrom">fc: channels that the expansion counts from, before the width; 0 for the channels in.</param>
public sealed record MobileBlockSpec(
    string Kind, int Repeats, IReadOnlyList<int> Kernels, int Stride, double Expansion, int Channels, double Squeeze, MobileActivation? Activation, bool Skip, int ExpandFrom)
{
    /// <summary>a: in ir, shares of the first pointwise convolution; in uir, the side of a depthwise kernel before it, 0 for none.</summary>
    public IReadOnlyList<int> FirstKernels { get; init; } = [1];

    /// <summary>p: in ir, shares of the last pointwise convolution.</summary>
    public IReadOnlyList<int> LastKernels { get; init; } = [1];

    /// <summary>gs: channels in a group of er's whole convolution; 0 for one group of all.</summary>
    public int GroupSize { get; init; }

    /// <summary>cc: in ir, kernels that each image mixes its own from, before the design's factor; 0 for plain convolutions.</summary>
    public int Experts { get; init; }

    /// <summary>h: attention heads.</summary>
    public int Heads { get; init; }

    /// <summary>d: channels of a query, and of the one key and value.</summary>
    public int HeadChannels { get; init; }

    /// <summary>v: pixels from one key to the next.</summary>
    public int KeyStride { get; init; } = 1;

    /// <summary>Side of the one kernel.</summary>
    public int Kernel => Kernels[0];

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is not spelled so.</exception>
    public static MobileBlockSpec Parse(string text)
    {
        var words = text.Split('_');
        var given = words.Skip(1).Where(word => char.IsDigit(word[^1]) && word[0] != 'n')
            .ToDictionary(word => word.TrimEnd("0123456789.".ToCharArray()), word => word.TrimStart([.. "abcdefghijklmnopqrstuvwxyz"]));
        double Number(string key, double otherwise) => given.TryGetValue(key, out var digits) ? double.Parse(digits, CultureInfo.InvariantCulture) : otherwise;
        int[] List(string key) => given.TryGetValue(key, out var digits) ? [.. digits.Split('.').Select(side => int.Parse(side, CultureInfo.InvariantCulture))] : [1];
        var skip = words[0] switch { "cn" => words.Contains("skip"), "dsa" => false, _ => !words.Contains("noskip") };
        return new(
            words[0], (int)Number("r", 1), List("k"), (int)Number("s", 1), Number("e", 1), (int)Number("c", 0), Number("se", 0),
            words.Select(Named).FirstOrDefault(named => named is not null), skip, (int)Number("fc", 0))
        {
            FirstKernels = List("a"),
            LastKernels = List("p"),
            GroupSize = (int)Number("gs", 0),
            Experts = (int)Number("cc", 0),
            Heads = (int)Number("h", 0),
            HeadChannels = (int)Number("d", 0),
            KeyStride = (int)Number("v", 1),
        };
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
