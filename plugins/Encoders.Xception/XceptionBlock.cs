using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Xception;

/// <summary>Separable convolutions beside a shortcut. Keys: skip, skipbn where size or channels change, rep.</summary>
internal sealed class XceptionBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d? skip;
    private readonly BatchNorm2d? skipbn;
    private readonly Sequential rep;

    /// <param name="inChannels">Channels in.</param>
    /// <param name="widths">Channels after each separable convolution.</param>
    /// <param name="halves">Ends in a max-pool of stride 2.</param>
    /// <param name="rectifies">Starts with a ReLU: what comes is not rectified yet.</param>
    public XceptionBlock(int inChannels, int[] widths, bool halves, bool rectifies = true) : base(nameof(XceptionBlock))
    {
        (skip, skipbn) = halves ? (Conv2d(inChannels, widths[^1], 1, stride: 2, bias: false), BatchNorm2d(widths[^1])) : (null, null);
        rep = Sequential(Layers(inChannels, widths, halves, rectifies));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var around = skip is null ? input : skipbn!.forward(skip.forward(input));
        return (rep.forward(input) + around).MoveToOuterDisposeScope();
    }

    private static IEnumerable<Module<Tensor, Tensor>> Layers(int channels, int[] widths, bool halves, bool rectifies)
    {
        foreach (var (i, width) in widths.Index())
        {
            if (i > 0 || rectifies)
            {
                yield return ReLU(inplace: i > 0);                  // the first must not touch what goes around
            }

            yield return new SeparableConv2d(channels, width);
            yield return BatchNorm2d(width);
            channels = width;
        }

        if (halves)
        {
            yield return MaxPool2d(3, 2, 1);
        }
    }
}
