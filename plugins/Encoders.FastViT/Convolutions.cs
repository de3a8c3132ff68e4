using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.FastViT;

/// <summary>The sum of a convolution, a smaller one, and the input, each normalised; MobileOne's. Keys: identity, conv_kxk, conv_scale.</summary>
/// <remarks>Vasu et al. 2022, arXiv:2206.04040.</remarks>
internal sealed class BranchedConvolution : Module<Tensor, Tensor>
{
    private readonly BatchNorm2d? identity;
    private readonly ModuleList<ConvNormAct>? conv_kxk;
    private readonly ConvNormAct? conv_scale;
    private readonly bool _active;

    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="kernel">Side of the kernel; 0 leaves the input alone.</param>
    /// <param name="stride">Pixels from one place to the next.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="active">Whether GELU follows.</param>
    public BranchedConvolution(int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1, bool active = true) : base(nameof(BranchedConvolution))
    {
        _active = active;
        identity = inChannels == outChannels && stride == 1 ? BatchNorm2d(inChannels) : null;
        conv_kxk = kernel > 0 ? ModuleList(new ConvNormAct(inChannels, outChannels, kernel, stride, groups)) : null;
        conv_scale = kernel > 1 ? new ConvNormAct(inChannels, outChannels, 1, stride, groups) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (around, scaled, convolved) = (identity?.forward(input), conv_scale?.forward(input), conv_kxk?[0].forward(input));
        var x = ((Tensor?[])[scaled, around, convolved]).OfType<Tensor>().Aggregate((sum, branch) => sum + branch);
        return (_active ? functional.gelu(x) : x).MoveToOuterDisposeScope();
    }
}

/// <summary>Halves a map by depthwise convolutions of 7×7 and of 3×3, added, then a pointwise one. Key: proj.</summary>
internal sealed class Downsampling : Module<Tensor, Tensor>
{
    private readonly Sequential proj;

    public Downsampling(int inChannels, int outChannels, bool active, bool squeezes) : base(nameof(Downsampling))
    {
        proj = Sequential(new LargeConvolution(inChannels, outChannels, active, squeezes), new BranchedConvolution(outChannels, outChannels, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => proj.forward(input);

    /// <summary>Keys: large_conv, small_conv, se.</summary>
    private sealed class LargeConvolution : Module<Tensor, Tensor>
    {
        private readonly ConvNormAct large_conv;
        private readonly ConvNormAct small_conv;
        private readonly SqueezeExcite? se;
        private readonly bool _active;

        public LargeConvolution(int inChannels, int outChannels, bool active, bool squeezes) : base(nameof(LargeConvolution))
        {
            _active = active;
            large_conv = new ConvNormAct(inChannels, outChannels, 7, 2, inChannels);
            small_conv = new ConvNormAct(inChannels, outChannels, 3, 2, inChannels);
            se = squeezes ? new SqueezeExcite(outChannels, Blocks.MakeDivisible(outChannels / 4.0, roundLimit: 0)) : null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = large_conv.forward(input) + small_conv.forward(input);
            x = se?.forward(x) ?? x;
            return (_active ? functional.gelu(x) : x).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Where pixels are, told by what a depthwise convolution sees around them. Key: pos_enc.</summary>
internal sealed class PositionConvolution : Module<Tensor, Tensor>
{
    private readonly Conv2d pos_enc;

    public PositionConvolution(int channels) : base(nameof(PositionConvolution))
    {
        pos_enc = Conv2d(channels, channels, 7, padding: 3, groups: channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (pos_enc.forward(input) + input).MoveToOuterDisposeScope();
    }
}

/// <summary>A learnt factor for each channel, (C, 1, 1). Key: gamma.</summary>
internal sealed class MapScale : Module<Tensor, Tensor>
{
    private const double Start = 1e-5;
    private readonly Parameter gamma;

    public MapScale(int channels) : base(nameof(MapScale))
    {
        gamma = new Parameter(full([channels, 1, 1], Start));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => input * gamma;
}
