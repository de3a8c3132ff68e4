using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.RegNet;

/// <summary>RegNet V's: normalised before each convolution; what goes around is normalised too. Keys: norm1, conv1, norm2, conv2, se, norm3, conv3, downsample.</summary>
internal sealed class PreActivationBlock : Module<Tensor, Tensor>
{
    private readonly BatchNorm2d norm1;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d norm2;
    private readonly Conv2d conv2;
    private readonly SqueezeExcite? se;
    private readonly BatchNorm2d norm3;
    private readonly Conv2d conv3;
    private readonly Module<Tensor, Tensor>? downsample;

    public PreActivationBlock(RegNetVariant variant, RegNetPlace place) : base(nameof(PreActivationBlock))
    {
        var inner = place.Width * variant.Bottleneck;
        norm1 = BatchNorm2d(place.InChannels);
        conv1 = Conv2d(place.InChannels, inner, 1, bias: false);
        norm2 = BatchNorm2d(inner);
        conv2 = Conv2d(inner, inner, 3, stride: place.Stride, padding: place.Dilation, dilation: place.Dilation, groups: inner / place.GroupWidth, bias: false);
        se = RegNetBlock.Excite(variant, place);
        norm3 = BatchNorm2d(inner);
        conv3 = Conv2d(inner, place.Width, 1, bias: false);
        downsample = (place.Changes, variant.Shortcut) switch
        {
            (false, _) => null,
            (_, RegNetShortcut.Average) => Sequential(Shortcut.Pool(place.Stride, place.Dilation), Conv2d(place.InChannels, place.Width, 1, bias: false)),
            _ => Conv2d(place.InChannels, place.Width, 1, stride: place.Stride, bias: false),
        };
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var normalised = functional.silu(norm1.forward(input));
        var x = conv1.forward(normalised);
        x = conv2.forward(functional.silu(norm2.forward(x)));
        x = conv3.forward(functional.silu(norm3.forward(se?.forward(x) ?? x)));
        return x.add_(downsample?.forward(normalised) ?? normalised).MoveToOuterDisposeScope();
    }
}
