using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>One step up.</summary>
internal abstract class MAnetBlock(string name) : Module(name)
{
    /// <param name="below">(N, C, h, w), the map to enlarge.</param>
    /// <param name="beside">(N, S, 2h, 2w), the encoder's map, for steps that join one.</param>
    public abstract Tensor forward(Tensor below, Tensor beside);
}

/// <summary>Enlarges and convolves twice. Keys: conv1, conv2.</summary>
internal sealed class PlainBlock : MAnetBlock
{
    private readonly Sequential conv1, conv2;
    private readonly InterpolationMode _interpolation;

    public PlainBlock(int inChannels, int outChannels, MAnetDecoderOptions options) : base(nameof(PlainBlock))
    {
        _interpolation = options.Interpolation;
        conv1 = Blocks.Conv2dReLU(inChannels, outChannels, norm: options.Norm);
        conv2 = Blocks.Conv2dReLU(outChannels, outChannels, norm: options.Norm);
        RegisterComponents();
    }

    public override Tensor forward(Tensor below, Tensor beside)
    {
        using var scope = NewDisposeScope();
        return conv2.forward(conv1.forward(Resampling.Twice(below, _interpolation))).MoveToOuterDisposeScope();
    }
}

/// <summary>Enlarges, weighs channels by what both maps say, joins and convolves twice. Keys: hl_conv, SE_ll, SE_hl, conv1, conv2.</summary>
internal sealed class AttentiveBlock : MAnetBlock
{
    private const int Reduction = 16;

    private readonly Sequential hl_conv, SE_ll, SE_hl, conv1, conv2;
    private readonly InterpolationMode _interpolation;

    public AttentiveBlock(int inChannels, int skipChannels, int outChannels, MAnetDecoderOptions options) : base(nameof(AttentiveBlock))
    {
        _interpolation = options.Interpolation;
        hl_conv = Sequential(
            Blocks.Conv2dReLU(inChannels, inChannels, norm: options.Norm),
            Blocks.Conv2dReLU(inChannels, skipChannels, kernel: 1, norm: options.Norm));
        SE_ll = Gate(skipChannels);
        SE_hl = Gate(skipChannels);
        conv1 = Blocks.Conv2dReLU(2 * skipChannels, outChannels, norm: options.Norm);
        conv2 = Blocks.Conv2dReLU(outChannels, outChannels, norm: options.Norm);
        RegisterComponents();
    }

    public override Tensor forward(Tensor below, Tensor beside)
    {
        using var scope = NewDisposeScope();
        var x = Resampling.Twice(hl_conv.forward(below), _interpolation);
        x = cat([x * (SE_hl.forward(x) + SE_ll.forward(beside)), beside], 1);
        return conv2.forward(conv1.forward(x)).MoveToOuterDisposeScope();
    }

    private static Sequential Gate(int channels)
    {
        var squeezed = Math.Max(1, channels / Reduction);
        return Sequential(AdaptiveAvgPool2d(1), Conv2d(channels, squeezed, 1), ReLU(inplace: true), Conv2d(squeezed, channels, 1), Sigmoid());
    }
}
