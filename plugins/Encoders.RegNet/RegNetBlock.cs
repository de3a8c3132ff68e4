using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.RegNet;

/// <param name="InChannels">Channels in.</param>
/// <param name="Width">Channels out.</param>
/// <param name="GroupWidth">Channels in a group.</param>
/// <param name="Stride">Of the 3×3 convolution.</param>
/// <param name="Dilation">Of the 3×3 convolution: in the first block of a stage, half of …</param>
/// <param name="StageDilation">… the other blocks'.</param>
internal sealed record RegNetPlace(int InChannels, int Width, int GroupWidth, int Stride, int Dilation, int StageDilation)
{
    /// <summary>The block's input cannot go around it as it is.</summary>
    public bool Changes => InChannels != Width || Stride != 1 || Dilation != StageDilation;
}

/// <summary>1×1, 3×3 in groups, channel weights, 1×1 beside a shortcut. Keys: conv1, conv2, se, conv3, downsample.</summary>
internal sealed class RegNetBlock : Module<Tensor, Tensor>
{
    private readonly ConvNormAct conv1;
    private readonly ConvNormAct conv2;
    private readonly SqueezeExcite? se;
    private readonly ConvNormAct conv3;
    private readonly ConvNormAct? downsample;
    private readonly bool _around, _linear, _smooth;

    private RegNetBlock(RegNetVariant variant, RegNetPlace place) : base(nameof(RegNetBlock))
    {
        var inner = place.Width * variant.Bottleneck;
        conv1 = new ConvNormAct(place.InChannels, inner, 1, activation: Activation(variant), norm: Norm(variant, inner));
        conv2 = new ConvNormAct(inner, inner, 3, place.Stride, inner / place.GroupWidth, place.Dilation, Activation(variant), norm: Norm(variant, inner));
        se = Excite(variant, place);
        conv3 = new ConvNormAct(inner, place.Width, 1, norm: Norm(variant, place.Width));
        downsample = place.Changes && variant.Shortcut == RegNetShortcut.Convolution ? new ConvNormAct(place.InChannels, place.Width, 1, place.Stride, norm: Norm(variant, place.Width)) : null;
        (_around, _linear, _smooth) = (!place.Changes || variant.Shortcut != RegNetShortcut.None, variant.Shortcut == RegNetShortcut.None, variant.Smooth);
        RegisterComponents();
        if (!_linear)
        {
            init.zeros_(conv3.get_parameter("bn.weight")!);         // timm: a block starts as its shortcut
        }
    }

    /// <summary>A block of the variant's kind.</summary>
    public static Module<Tensor, Tensor> Of(RegNetVariant variant, RegNetPlace place) =>
        variant.PreActivation ? new PreActivationBlock(variant, place) : new RegNetBlock(variant, place);

    public static Module<Tensor, Tensor> Activation(RegNetVariant variant) => variant.Smooth ? SiLU() : ReLU(inplace: true);

    /// <summary>Group normalisation where the variant has it; null for batch normalisation.</summary>
    public static Module<Tensor, Tensor>? Norm(RegNetVariant variant, int channels) => variant.NormGroupSize > 0 ? GroupNorm(channels / variant.NormGroupSize, channels) : null;

    /// <summary>A quarter as wide as what comes into the block, not as what it weighs.</summary>
    public static SqueezeExcite? Excite(RegNetVariant variant, RegNetPlace place) => variant.SqueezeExcite
        ? new SqueezeExcite(place.Width * variant.Bottleneck, (int)Math.Round(place.InChannels / 4.0), Activation(variant))
        : null;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv2.forward(conv1.forward(input));
        x = conv3.forward(se?.forward(x) ?? x);
        x = _around ? x.add_(downsample?.forward(input) ?? input) : x;
        return (_linear ? x : _smooth ? functional.silu(x, inplace: true) : functional.relu(x, inplace: true)).MoveToOuterDisposeScope();
    }
}
