using System.Globalization;
using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.NFNet;

/// <summary>A network without normalisation, by its numbers.</summary>
/// <param name="Blocks">In each of the four stages.</param>
/// <param name="Widths">Channels of each stage, before the width.</param>
/// <remarks>Brock, De, Smith 2021, arXiv:2101.08692 (ResNets and RegNets); Brock et al. 2021, arXiv:2102.06171 (F0 to F7); l0 to l3 are timm's.</remarks>
internal sealed record NFNetDesign(IReadOnlyList<int> Blocks, IReadOnlyList<int> Widths)
{
    private static readonly int[] s_bottlenecks = [256, 512, 1024, 2048];
    private static readonly int[] s_wide = [256, 512, 1536, 1536];

    /// <summary>What a unit normal variable's deviation is divided by when it has passed through an activation.</summary>
    public const double ReLUGain = 1.7139588594436646, SiLUGain = 1.7881293296813965, GELUGain = 1.7015043497085571;

    /// <summary>Share of a block's branch in its sum.</summary>
    public const double Alpha = 0.2;

    /// <summary>What attention is multiplied with.</summary>
    public const double AttentionGain = 2;

    /// <summary>Channels of the stem's convolutions: four of 3×3 with stride 4 together, or one of 7×7 before a pool, or one of 3×3.</summary>
    public IReadOnlyList<int> Stem { get; init; } = [64];

    /// <summary>Whether a pool of stride 2 follows the one convolution, which is of 7×7 then.</summary>
    public bool Pools { get; init; }

    /// <summary>Channels in a group of the 3×3 convolutions; 0 for one group of all.</summary>
    public int GroupSize { get; init; }

    /// <summary>Inner channels for each channel out, or in with <see cref="Expands"/>.</summary>
    public double Ratio { get; init; } = 0.25;

    /// <summary>Inner channels count from the channels in, and attention stands before the last convolution: NF-RegNet.</summary>
    public bool Expands { get; init; }

    /// <summary>A second 3×3 convolution in each block.</summary>
    public bool SecondConvolution { get; init; }

    /// <summary>DeepMind's own numbers: gains in the activations, TensorFlow's padding, branches that start at nothing.</summary>
    public bool IsDeepMind { get; init; }

    /// <summary>Channels of a last 1×1 convolution; 0 for none.</summary>
    public int Last { get; init; }

    /// <summary>Factor of all channels.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Of an activation.</summary>
    public double Gain { get; init; } = ReLUGain;

    /// <summary>Makes the attention of that many channels; null for none.</summary>
    public Func<int, Module<Tensor, Tensor>>? Attention { get; init; }

    /// <summary>Channels of maps: the stem's, where it halves last the one before, then the stages'.</summary>
    public IReadOnlyList<int> Channels => [FirstMap, .. Enumerable.Range(0, 3).Select(Out), Last > 0 ? Scaled(Last) : Out(3)];

    /// <summary>Whether the stem has stride 4.</summary>
    public bool Quarters => Pools || Stem.Count > 1;

    /// <summary>By the width, a multiple of 8.</summary>
    public int Scaled(int channels) => Osteon.Models.Blocks.MakeDivisible(channels * Width);

    /// <summary>Channels out of a stage.</summary>
    public int Out(int stage) => Scaled(Widths[stage]);

    private int FirstMap => Stem.Count > 1 ? Stem[^2] : Scaled(Stem[0]);

    /// <summary>An activation.</summary>
    public Tensor Active(Tensor x) => (Gain switch { ReLUGain => functional.relu(x), SiLUGain => functional.silu(x), _ => functional.gelu(x) }) is var y && IsDeepMind ? y * Gain : y;

    /// <summary>A convolution with standardized kernels that keeps the size at stride 1, and the deviation.</summary>
    public Module<Tensor, Tensor> Convolution(int inChannels, int outChannels, int kernel, int stride = 1, int dilation = 1, int groups = 1, double firstGain = 1) =>
        new StandardizedConv2d(inChannels, outChannels, kernel, stride, groups, dilation, eps: 1e-5, scaled: IsDeepMind ? 1 : Gain, firstGain, same: IsDeepMind);

    /// <summary>The design of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static NFNetDesign Named(string encoder) => encoder["tu-".Length..].Split('_') switch
    {
        ["dm", "nfnet", ['f', var size]] when size is >= '0' and <= '6' => Deep(size - '0') with { IsDeepMind = true },
        ["nfnet", ['f', var size]] when size is >= '0' and <= '7' => Deep(size - '0'),
        ["nfnet", "l0"] => Light(0, 1.5) with { Attention = Squeeze(0.25) },
        ["eca", "nfnet", ['l', var size]] when size is >= '0' and <= '3' => Light(size - '0', size == '0' ? 1.5 : 2) with { Attention = channels => new EfficientChannelAttention(channels) },
        ["nf", "regnet", "b0"] => Reg([1, 3, 6, 6], [48, 104, 208, 440]),
        ["nf", "regnet", "b1"] => Reg([2, 4, 7, 7], [48, 104, 208, 440]),
        ["nf", "regnet", "b2"] => Reg([2, 4, 8, 8], [56, 112, 232, 488]),
        ["nf", "regnet", "b3"] => Reg([2, 5, 9, 9], [56, 128, 248, 528]),
        ["nf", "regnet", "b4"] => Reg([2, 6, 11, 11], [64, 144, 288, 616]),
        ["nf", "regnet", "b5"] => Reg([3, 7, 14, 14], [80, 168, 336, 704]),
        ["nf", var name] when name.StartsWith("resnet", StringComparison.Ordinal) => Res(name["resnet".Length..], null),
        ["nf", var name] when name.StartsWith("seresnet", StringComparison.Ordinal) => Res(name["seresnet".Length..], Squeeze(1 / 16.0)),
        ["nf", var name] when name.StartsWith("ecaresnet", StringComparison.Ordinal) => Res(name["ecaresnet".Length..], channels => new EfficientChannelAttention(channels)),
        _ => throw new ConfigurationException($"encoder '{encoder}' is no NFNet that is known here."),
    };

    private static NFNetDesign Deep(int size) => new([1 * (size + 1), 2 * (size + 1), 6 * (size + 1), 3 * (size + 1)], s_wide)
    {
        Stem = [16, 32, 64, 128],
        GroupSize = 128,
        Ratio = 0.5,
        SecondConvolution = true,
        Last = 3072,
        Gain = GELUGain,
        Attention = Squeeze(0.5),
    };

    private static NFNetDesign Light(int size, double last) => Deep(size) with { GroupSize = 64, Ratio = 0.25, Last = (int)(1536 * last), Gain = SiLUGain };

    private static NFNetDesign Reg(int[] blocks, int[] widths) => new(blocks, widths)
    {
        Stem = [widths[0]],
        GroupSize = 8,
        Ratio = 2.25,
        Expands = true,
        Last = 1280 * widths[3] / 440,
        Width = 0.75,
        Gain = SiLUGain,
        Attention = Squeeze(0.5),
    };

    private static NFNetDesign Res(string depth, Func<int, Module<Tensor, Tensor>>? attention) => new(
        int.Parse(depth, CultureInfo.InvariantCulture) switch { 26 => [2, 2, 2, 2], 50 => [3, 4, 6, 3], _ => [3, 4, 23, 3] }, s_bottlenecks)
    {
        Pools = true,
        Attention = attention,
    };

    private static Func<int, Module<Tensor, Tensor>> Squeeze(double share) =>
        channels => new SqueezeExcite(channels, Osteon.Models.Blocks.MakeDivisible(channels * share, roundLimit: 0));
}
