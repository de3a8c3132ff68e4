using Osteon.Masks;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ByobNet;

/// <summary>Blocks of one kind in a stage.</summary>
/// <param name="Kind">bottle, attn, edge, rep or one.</param>
/// <param name="Repeats">How many.</param>
/// <param name="Channels">Channels out.</param>
/// <param name="Stride">Of the first.</param>
/// <param name="GroupSize">Channels in a group of the k×k convolutions; 0 for one group of all.</param>
/// <param name="Ratio">Inner channels for each channel out, or in: see <see cref="ByobDesign.InnerFromInput"/>.</param>
internal sealed record ByobBlocks(string Kind, int Repeats, int Channels, int Stride = 2, int GroupSize = 0, double Ratio = 1)
{
    /// <summary>Groups of every second block of branches; 0 for none.</summary>
    public int EverySecondGroups { get; init; }

    /// <summary>Side of the kernel of one.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Whether squeeze-and-excitation follows the branches of one.</summary>
    public bool Squeezes { get; init; }

    /// <summary>What stands in attn for a bottleneck's k×k convolution.</summary>
    public MakeAttention? SelfAttention { get; init; }
}

/// <summary>Makes an attention among pixels.</summary>
/// <param name="channels">Channels in and out.</param>
/// <param name="stride">1, or 2: it then halves the map.</param>
/// <param name="map">The map that comes.</param>
internal delegate Module<Tensor, Tensor> MakeAttention(int channels, int stride, Frame map);

/// <summary>A network of timm's ByobNet ("bring your own blocks") by its numbers.</summary>
/// <param name="Stages">Four of them.</param>
internal sealed record ByobDesign(params IReadOnlyList<ByobBlocks[]> Stages)
{
    /// <summary>Channels of the first convolutions: one for a stem that is not a stack.</summary>
    public IReadOnlyList<int> Stem { get; init; } = [32];

    /// <summary>Side of the kernels of the stem's convolutions.</summary>
    public int StemKernel { get; init; } = 3;

    /// <summary>The stem is a block of branches: rep or one; null for convolutions.</summary>
    public string? StemKind { get; init; }

    /// <summary>Whether squeeze-and-excitation follows the stem's branches.</summary>
    public bool StemSqueezes { get; init; }

    /// <summary>How many of the stem's last convolutions have normalisation and activation; the others are convolutions alone.</summary>
    public int? StemActivations { get; init; }

    /// <summary>What halves the stem's map again; null where its last convolution does, or nothing.</summary>
    public Func<Module<Tensor, Tensor>>? StemPool { get; init; }

    /// <summary>Channels of a last 1×1 convolution; 0 for none.</summary>
    public int Last { get; init; }

    /// <summary>Factor of all channels.</summary>
    public double Width { get; init; } = 1;

    /// <summary>What shortcuts do where shapes differ.</summary>
    public ByobShortcut Shortcut { get; init; }

    /// <summary>A second k×k convolution in each bottleneck.</summary>
    public bool SecondConvolution { get; init; }

    /// <summary>Inner channels count from the channels in, and nothing follows the sum: RegNetZ.</summary>
    public bool InnerFromInput { get; init; }

    /// <summary>Convolutions of the same size in each block of one.</summary>
    public int Branches { get; init; } = 1;

    /// <summary>Strides are an average behind the convolution.</summary>
    public bool Averages { get; init; }

    /// <summary>Makes an activation.</summary>
    public Func<Module<Tensor, Tensor>> Activation { get; init; } = () => ReLU(inplace: true);

    /// <summary>Makes the attention of that many channels; null for none.</summary>
    public Func<int, Module<Tensor, Tensor>>? Attention { get; init; }

    /// <summary>Normalisation and activation in one, for that many channels, or without activation; null for batch normalisation and <see cref="Activation"/>.</summary>
    public Func<int, bool, Module<Tensor, Tensor>>? NormAct { get; init; }

    /// <summary>What images' sides are multiples of.</summary>
    public int SizeMultiple { get; init; } = 1;

    /// <summary>Channels of maps: the stem's, three stages', and the last one's.</summary>
    public IReadOnlyList<int> Channels => [Scaled(FirstMap), .. Stages.Take(3).Select(stage => Out(stage[^1])), Last > 0 ? Scaled(Last) : Out(Stages[3][^1])];

    /// <summary>Whether the stem is a stack of convolutions.</summary>
    public bool IsStacked => Stem.Count > 1 || StemPool is not null;

    /// <summary>The stem's last convolution halves again, where it is a stack without a pool: its first map is the one before.</summary>
    public bool LastHalves => Stem.Count > 1 && StemPool is null;

    private int FirstMap => LastHalves ? Stem[^2] : Stem[^1];

    /// <summary>A convolution with this network's normalisation and, mostly, activation. Keys: conv, bn.</summary>
    public ConvNormAct Layer(int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1, int dilation = 1, bool active = true) =>
        new(inChannels, outChannels, kernel, stride, groups, dilation, active && NormAct is null ? Activation() : null, norm: NormAct?.Invoke(outChannels, active));

    /// <summary>By the width, rounded.</summary>
    public int Scaled(int channels) => (int)Math.Round(channels * Width);

    /// <summary>Channels out of blocks.</summary>
    public int Out(ByobBlocks blocks) => Models.Blocks.MakeDivisible(blocks.Channels * Width);
}

/// <summary>What a block's shortcut does where shapes differ.</summary>
internal enum ByobShortcut
{
    /// <summary>A 1×1 convolution with the block's stride.</summary>
    Convolution,

    /// <summary>An average of 2×2, then a 1×1 convolution.</summary>
    Average,

    /// <summary>There is none.</summary>
    None,
}
