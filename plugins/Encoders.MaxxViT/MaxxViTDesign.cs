using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MaxxViT;

/// <summary>What a block is made of.</summary>
internal enum BlockKind
{
    /// <summary>Convolutions.</summary>
    Convolution,

    /// <summary>Attention among all pixels: CoAtNet's.</summary>
    Transformer,

    /// <summary>Convolutions, attention within windows, attention across a grid: MaxViT's.</summary>
    MultiAxis,

    /// <summary>Convolutions twice, then windows and grid beside each other.</summary>
    Parallel,
}

/// <summary>How pixels that attend to each other know how they lie.</summary>
internal enum Positions
{
    /// <summary>A learnt number for each way and head, in timm's layout.</summary>
    Table,

    /// <summary>The same in TensorFlow's layout.</summary>
    TensorFlowTable,

    /// <summary>A small network says it.</summary>
    Network,
}

/// <summary>A block's convolutions.</summary>
internal sealed record ConvolutionDesign
{
    /// <summary>ConvNeXt's block instead of MobileNet's.</summary>
    public bool IsNext { get; init; }

    /// <summary>Inner channels count from the channels out, rather than in.</summary>
    public bool ExpandsOutput { get; init; }

    /// <summary>An activation follows the first normalisation.</summary>
    public bool PreActivates { get; init; }

    /// <summary>Whether the shortcut and the last convolution have biases.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>An average halves the map before the block, rather than its depthwise convolution.</summary>
    public bool Pools { get; init; }

    /// <summary>The shortcut takes maxima of 3×3, rather than averages of 2×2.</summary>
    public bool MaxPool { get; init; }

    /// <summary>Squeeze-and-excitation stands before the second normalisation.</summary>
    public bool SqueezesEarly { get; init; }

    /// <summary>Its activation is ReLU, rather than SiLU.</summary>
    public bool SqueezeReLU { get; init; }

    /// <summary>Share of the inner channels that it squeezes to, or of the channels out where those count.</summary>
    public double SqueezeRatio { get; init; } = 0.25;

    /// <summary>First value of the learnt factors of ConvNeXt's block.</summary>
    public double Scale { get; init; } = 1e-6;

    /// <summary>Of all but squeeze-and-excitation.</summary>
    public Func<Tensor, Tensor> Activation { get; init; } = functional.gelu;

    /// <summary>Of the normalisations.</summary>
    public double Eps { get; init; } = 1e-5;

    /// <summary>Padded as TensorFlow does.</summary>
    public bool Same { get; init; }
}

/// <summary>A block's attention.</summary>
internal sealed record AttentionDesign
{
    /// <summary>Whether CoAtNet's attention works with the channels out, rather than in.</summary>
    public bool ExpandsFirst { get; init; }

    /// <summary>Query, key and value of one head lie beside each other, rather than all queries.</summary>
    public bool HeadFirst { get; init; } = true;

    /// <summary>Whether CoAtNet's shortcut has a bias.</summary>
    public bool ShortcutBias { get; init; } = true;

    /// <summary>CoAtNet's blocks halve by maxima of 3×3, rather than averages of 2×2.</summary>
    public bool MaxPool { get; init; }

    /// <summary>How pixels know where they are.</summary>
    public Positions Positions { get; init; }

    /// <summary>Width of the network that says it.</summary>
    public int Hidden { get; init; } = 512;

    /// <summary>Whether there is attention within windows, or across the grid alone.</summary>
    public bool HasWindows { get; init; } = true;

    /// <summary>First value of the learnt factors; 0 for none.</summary>
    public double Scale { get; init; }

    /// <summary>CoAtNet's blocks have batch normalisation.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>Of the normalisations.</summary>
    public double Eps { get; init; } = 1e-6;

    /// <summary>Of the feed-forward networks.</summary>
    public Func<Tensor, Tensor> Activation { get; init; } = functional.gelu;
}

/// <summary>A network of this kind by its numbers.</summary>
/// <param name="Channels">Of each stage.</param>
/// <param name="Depths">Blocks in each stage.</param>
/// <param name="Kinds">Of each stage's blocks, in order; the last one's repeats.</param>
/// <param name="Stem">Channels of the two first convolutions.</param>
/// <param name="Convolution">Of its blocks.</param>
/// <param name="Attention">Of its blocks.</param>
internal sealed record MaxxViTDesign(
    IReadOnlyList<int> Channels, IReadOnlyList<int> Depths, IReadOnlyList<IReadOnlyList<BlockKind>> Kinds, IReadOnlyList<int> Stem, ConvolutionDesign Convolution, AttentionDesign Attention)
{
    /// <summary>Whether the first convolutions have biases.</summary>
    public bool StemBias { get; init; }

    /// <summary>Weights are drawn with one deviation for all.</summary>
    public bool IsNormal { get; init; }

    /// <summary>Whether pixels attend to all others, so that one image size alone is taken.</summary>
    public bool IsWhole => Kinds.SelectMany(kinds => kinds).Contains(BlockKind.Transformer);

    /// <summary>The kind of a block.</summary>
    public BlockKind Kind(int stage, int block) => Kinds[stage][Math.Min(block, Kinds[stage].Count - 1)];
}
