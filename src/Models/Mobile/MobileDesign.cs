using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>What follows a normalisation in a mobile network.</summary>
public enum MobileActivation
{
    /// <summary>None.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    ReLU,

    /// <summary>ReLU, at most 6.</summary>
    ReLU6,

    /// <summary>x · sigmoid(x), which Google calls swish.</summary>
    SiLU,

    /// <summary>x · ReLU6(x + 3) / 6.</summary>
    Hardswish,

    /// <summary>x · Φ(x), Φ being the normal distribution's.</summary>
    GELU,
}

/// <summary>How a mobile network's squeeze-and-excitation is made.</summary>
public enum MobileSqueeze
{
    /// <summary>The share is of the block's input, the activation the block's, the gate a sigmoid.</summary>
    EfficientNet,

    /// <summary>The share is of the expanded channels, rounded to eights, the activation ReLU, the gate a hard sigmoid.</summary>
    MobileNetV3,

    /// <summary>The share is of the expanded channels, the activation the block's, the gate a hard sigmoid.</summary>
    MobileNetV3Rw,

    /// <summary>The share is of the block's input, rounded to eights, the activation the block's, the gate a hard sigmoid.</summary>
    FBNetV3,

    /// <summary>The share is of the expanded channels, the activation ReLU, the gate a hard sigmoid.</summary>
    LCNet,

    /// <summary>As EfficientNet's, of a mean in which each pixel has a learnt share: see <see cref="Models.GlobalContext"/>.</summary>
    GlobalContext,
}

/// <summary>A network of timm's mobile family (MobileNet, MnasNet, EfficientNet, EfficientNetV2) by its numbers.</summary>
/// <remarks>The spelling of the stages is timm's, and in the main that of the papers' own code: Tan, Le 2019, arXiv:1905.11946.</remarks>
public sealed record MobileDesign
{
    /// <summary>A line for each stage; its blocks are divided by a space: see <see cref="MobileBlockSpec"/>.</summary>
    public required IReadOnlyList<string> Stages { get; init; }

    /// <summary>Channels of the first convolution, before <see cref="Width"/>.</summary>
    public int StemChannels { get; init; } = 32;

    /// <summary>The first convolution keeps its channels whatever the width.</summary>
    public bool FixStem { get; init; }

    /// <summary>Factor of all channels.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Factor of the blocks in each stage; the last holds for the stages after it.</summary>
    public IReadOnlyList<double> Depth { get; init; } = [1];

    /// <summary>The first and the last stage keep their blocks whatever the depth.</summary>
    public bool FixFirstLast { get; init; }

    /// <summary>Scaled numbers of blocks are rounded to the nearest instead of up.</summary>
    public bool RoundDepth { get; init; }

    /// <summary>Rounded channels below this share of the wanted go up by a step; 0 never.</summary>
    public double RoundLimit { get; init; } = 0.9;

    /// <summary>Channels are multiples of this.</summary>
    public int Divisor { get; init; } = 8;

    /// <summary>Channels in a group of the convolutions that are depthwise otherwise; 1 is depthwise.</summary>
    public int GroupSize { get; init; } = 1;

    /// <summary>Channels in a group of group normalisation; 0 for batch normalisation.</summary>
    public int NormGroupSize { get; init; }

    /// <summary>Where a block names no other.</summary>
    public MobileActivation Activation { get; init; } = MobileActivation.ReLU;

    /// <summary>How squeeze-and-excitation is made.</summary>
    public MobileSqueeze Squeeze { get; init; }

    /// <summary>Padded as TensorFlow does, by the input's size.</summary>
    public bool SamePadding { get; init; }

    /// <summary>Added to the variance in a normalisation; TensorFlow's networks have 1e-3.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Share of samples that skip the last block in training; grows from 0 at the first.</summary>
    public double DropPath { get; init; }

    /// <summary>Side of the first convolution's kernel.</summary>
    public int StemKernel { get; init; } = 3;

    /// <summary>First value of the learnt factors at the end of uir and mqa blocks; 0 for none.</summary>
    public double LayerScale { get; init; }

    /// <summary>Halves a map where a block would, whose convolution then keeps the size; null: convolutions halve.</summary>
    public Func<Module<Tensor, Tensor>>? AntiAlias { get; init; }

    /// <summary>Factor of the experts of blocks that have such.</summary>
    public int Experts { get; init; } = 1;

    /// <summary>Channels of the first convolution.</summary>
    public int Stem => FixStem ? StemChannels : Channels(StemChannels);

    /// <summary>Channels by the width.</summary>
    public int Channels(int unscaled) => Blocks.MakeDivisible(unscaled * Width, Divisor, roundLimit: RoundLimit);

    /// <summary>The blocks of each stage.</summary>
    public IReadOnlyList<IReadOnlyList<MobileBlockSpec>> Decode() => [.. Stages.Select((line, stage) => Scaled([.. line.Split(' ').Select(MobileBlockSpec.Parse)], Factor(stage)))];

    /// <summary>A convolution that at stride 1 keeps the size, drawn as Google draws it: normal, by fan out and group.</summary>
    /// <remarks>Several kernels take a share of the channels each, and of one channel each where there are groups.</remarks>
    internal Module<Tensor, Tensor> Convolution(int inChannels, int outChannels, IReadOnlyList<int> kernels, int stride = 1, int dilation = 1, int groups = 1)
    {
        if (kernels.Count > 1)
        {
            return new MixedConv2d(inChannels, outChannels, kernels.Count, (i, from, to) => Convolution(from, to, [kernels[i]], stride, dilation, groups > 1 ? from : 1));
        }

        var kernel = kernels[0];
        Module<Tensor, Tensor> convolution;
        if (SamePadding && stride > 1)                               // at stride 1 it pads alike on all sides
        {
            convolution = new SameConv2d(inChannels, outChannels, kernel, stride, groups);
        }
        else
        {
            convolution = Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2 * dilation, dilation: dilation, groups: groups, bias: false);
        }

        init.normal_(convolution.parameters().Single(), 0, Math.Sqrt(2.0 / (kernel * kernel * outChannels / groups)));
        return convolution;
    }

    /// <summary>A block's squeeze-and-excitation; null where it has none.</summary>
    /// <param name="spec">The block.</param>
    /// <param name="channels">Channels of what is squeezed.</param>
    /// <param name="activation">The block's.</param>
    internal Module<Tensor, Tensor>? SqueezeExcite(MobileBlockSpec spec, int channels, MobileActivation activation)
    {
        if (spec.Squeeze == 0)
        {
            return null;
        }

        var ofInput = channels * (spec.Squeeze / spec.Expansion);
        return Squeeze switch
        {
            MobileSqueeze.EfficientNet => new MobileSqueezeExcite(channels, (int)Math.Round(ofInput), activation, hard: false),
            MobileSqueeze.GlobalContext => new GlobalContext(channels, Blocks.MakeDivisible(ofInput, divisor: 1, roundLimit: 0), x => MobileActivations.Apply(activation, x)),
            MobileSqueeze.FBNetV3 => new MobileSqueezeExcite(channels, Blocks.MakeDivisible(ofInput, roundLimit: 0.95), activation, hard: true),
            MobileSqueeze.LCNet => new MobileSqueezeExcite(channels, (int)Math.Round(channels * spec.Squeeze), MobileActivation.ReLU, hard: true),
            MobileSqueeze.MobileNetV3 => new MobileSqueezeExcite(channels, Blocks.MakeDivisible(channels * spec.Squeeze), MobileActivation.ReLU, hard: true),
            _ => new MobileSqueezeExcite(channels, (int)Math.Round(channels * spec.Squeeze), activation, hard: true),
        };
    }

    /// <summary>A normalisation.</summary>
    internal Module<Tensor, Tensor> Norm(int channels) =>
        NormGroupSize == 0 ? BatchNorm2d(channels, eps: Epsilon) : GroupNorm(channels / NormGroupSize, channels, eps: Epsilon);

    private double Factor(int stage) => FixFirstLast && (stage == 0 || stage == Stages.Count - 1) ? 1 : Depth[Math.Min(stage, Depth.Count - 1)];

    // timm shares a stage's scaled number out among its lines from the last one, so that the first is the least likely to grow.
    private List<MobileBlockSpec> Scaled(IReadOnlyList<MobileBlockSpec> lines, double factor)
    {
        var repeats = lines.Sum(line => line.Repeats);
        var scaled = RoundDepth ? Math.Max(1, (int)Math.Round(repeats * factor)) : (int)Math.Ceiling(repeats * factor);
        var blocks = new List<MobileBlockSpec>();
        foreach (var line in lines.Reverse())
        {
            var share = Math.Max(1, (int)Math.Round((double)line.Repeats / repeats * scaled));
            blocks.InsertRange(0, Enumerable.Repeat(line, share));
            (repeats, scaled) = (repeats - line.Repeats, scaled - share);
        }

        return blocks;
    }
}
