using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.CSPNet;

/// <summary>How a stage is made.</summary>
internal enum CspStageKind
{
    /// <summary>Blocks one after the other: Darknet.</summary>
    Plain,

    /// <summary>Half of the channels goes around the blocks, and the other half through another convolution behind them.</summary>
    Cross,

    /// <summary>Half of the channels goes around the blocks.</summary>
    CrossOnce,
}

/// <summary>A network of cross-stage partial connections, or of Darknet's blocks, by its numbers. Lists hold a number a stage; the last holds for those after it.</summary>
/// <param name="Depths">Blocks in each stage.</param>
/// <param name="Widths">Channels out of each stage.</param>
/// <remarks>Wang et al. 2019, arXiv:1911.11929; Redmon, Farhadi 2018, arXiv:1804.02767; cs3 are timm's, after YOLOv5.</remarks>
internal sealed record CspDesign(IReadOnlyList<int> Depths, IReadOnlyList<int> Widths)
{
    /// <summary>Channels of the stem's convolutions.</summary>
    public IReadOnlyList<int> Stem { get; init; } = [32];

    /// <summary>Side of the stem's kernels.</summary>
    public int StemKernel { get; init; } = 3;

    /// <summary>Of the stem: 1, 2, or 4, where a pool halves again.</summary>
    public int StemStride { get; init; } = 1;

    /// <summary>How stages are made.</summary>
    public CspStageKind Kind { get; init; }

    /// <summary>bottle, dark or edge.</summary>
    public string Block { get; init; } = "dark";

    /// <summary>Channels before the split for each channel out.</summary>
    public IReadOnlyList<double> Expansion { get; init; } = [1];

    /// <summary>Channels out of a block for each channel out of its stage.</summary>
    public IReadOnlyList<double> Ratio { get; init; } = [1];

    /// <summary>Channels within a block for each channel out of it.</summary>
    public IReadOnlyList<double> Inner { get; init; } = [0.5];

    /// <summary>Groups of 3×3 convolutions.</summary>
    public IReadOnlyList<int> Groups { get; init; } = [1];

    /// <summary>No activation before the split.</summary>
    public bool SplitsLinearly { get; init; }

    /// <summary>The convolution that halves has the channels of the stage.</summary>
    public bool GrowsFirst { get; init; }

    /// <summary>An average halves, before a 1×1 convolution.</summary>
    public bool Averages { get; init; }

    /// <summary>Share of channels that squeeze-and-excitation squeezes to; 0 for none.</summary>
    public double Squeeze { get; init; }

    /// <summary>Makes an activation.</summary>
    public Func<Module<Tensor, Tensor>> Activation { get; init; } = () => LeakyReLU(0.01);

    /// <summary>Maps: the stem's, then the stages'.</summary>
    public TimmFeatures Features => new(StemStride == 1 ? 1 : 2, [Stem[^1], .. Widths]);

    /// <summary>A stage's number of a list.</summary>
    public static T At<T>(IReadOnlyList<T> list, int stage) => list[Math.Min(stage, list.Count - 1)];

    /// <summary>The design of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static CspDesign Named(string encoder) => encoder["tu-".Length..] switch
    {
        "cspresnet50" => ResNet([128, 256, 512, 1024]) with { StemKernel = 7, Expansion = [2] },
        "cspresnet50d" => ResNet([128, 256, 512, 1024]) with { Stem = [32, 32, 64], Expansion = [2] },
        "cspresnet50w" => ResNet([256, 512, 1024, 2048]) with { Stem = [32, 32, 64], Inner = [0.25], Ratio = [0.5] },
        "cspresnext50" => ResNet([256, 512, 1024, 2048]) with { StemKernel = 7, Inner = [1], Ratio = [0.5], Groups = [32] },
        "cspdarknet53" => Dark(1, 2, 8, 8, 4) with { Kind = CspStageKind.Cross, Expansion = [2, 1], Inner = [0.5, 1], Ratio = [1, 0.5], GrowsFirst = true },
        "darknet17" => Dark(1, 1, 1, 1, 1),
        "darknet21" => Dark(1, 1, 1, 2, 2),
        "sedarknet21" => Dark(1, 1, 1, 2, 2) with { Squeeze = 1 / 16.0 },
        "darknet53" => Dark(1, 2, 8, 8, 4),
        "darknetaa53" => Dark(1, 2, 8, 8, 4) with { Averages = true },
        "cs3darknet_s" => Cs3(0.5, 0.5),
        "cs3darknet_m" => Cs3(0.75, 0.67),
        "cs3darknet_l" => Cs3(1, 1),
        "cs3darknet_x" => Cs3(1.25, 1.33),
        "cs3darknet_focus_s" => Focused(Cs3(0.5, 0.5)),
        "cs3darknet_focus_m" => Focused(Cs3(0.75, 0.67)),
        "cs3darknet_focus_l" => Focused(Cs3(1, 1)),
        "cs3darknet_focus_x" => Focused(Cs3(1.25, 1.33)),
        "cs3sedarknet_l" => Cs3(1, 1) with { Squeeze = 0.25 },
        "cs3sedarknet_x" => Cs3(1.25, 1.33) with { Squeeze = 1 / 16.0 },
        "cs3sedarknet_xdw" => new([3, 6, 12, 4], [256, 512, 1024, 2048])
        {
            Stem = [32, 64],
            StemStride = 2,
            Kind = CspStageKind.Cross,
            Block = "bottle",
            Groups = [1, 1, 256, 512],
            Ratio = [0.5],
            Squeeze = 1 / 16.0,
            Activation = Sigmoidal,
        },
        "cs3edgenet_x" => Cs3(1.25, 1.33) with { Inner = [1.5], Block = "edge" },
        "cs3se_edgenet_x" => Cs3(1.25, 1.33) with { Inner = [1.5], Block = "edge", Squeeze = 0.25 },
        var name => throw new ConfigurationException($"encoder 'tu-{name}' is no CSPNet that is known here."),
    };

    private static CspDesign ResNet(int[] widths) => new([3, 3, 5, 2], widths)
    {
        Stem = [64],
        StemStride = 4,
        Kind = CspStageKind.Cross,
        Block = "bottle",
        SplitsLinearly = true,
    };

    private static CspDesign Dark(params int[] depths) => new(depths, [64, 128, 256, 512, 1024]);

    private static CspDesign Cs3(double width, double depth) => new(
        [.. new[] { 3, 6, 9, 3 }.Select(blocks => (int)(blocks * depth))], [.. new[] { 128, 256, 512, 1024 }.Select(channels => Blocks.MakeDivisible(channels * width))])
    {
        Stem = [Blocks.MakeDivisible(32 * width), Blocks.MakeDivisible(64 * width)],
        StemStride = 2,
        Kind = CspStageKind.CrossOnce,
        Inner = [1],
        Ratio = [0.5],
        Activation = Sigmoidal,
    };

    // A kernel of 6 with stride 2 sees what a slice of every second pixel would give one of 3.
    private static CspDesign Focused(CspDesign design) => design with { Stem = [design.Stem[1]], StemKernel = 6 };

    private static Module<Tensor, Tensor> Sigmoidal() => SiLU();
}
