using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.SKNet;

/// <summary>A selective kernel and a 3×3 convolution beside a shortcut. Keys: conv1, conv2, downsample.</summary>
internal sealed class SelectiveKernelBasic : Module<Tensor, Tensor>
{
    public const int Expansion = 1;
    private readonly SelectiveKernel conv1;
    private readonly ConvNormAct conv2;
    private readonly Module<Tensor, Tensor>? downsample;

    public SelectiveKernelBasic(ResidualPlace place, Selection selection) : base(nameof(SelectiveKernelBasic))
    {
        conv1 = new SelectiveKernel(place.InChannels, place.Width, place.Stride, place.FirstDilation, 1, selection);
        conv2 = new ConvNormAct(place.Width, place.Width, 3, dilation: place.Dilation);
        downsample = place.Shortcut;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv2.forward(conv1.forward(input));
        return functional.relu(x.add_(downsample?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}

/// <summary>1×1, selective kernel, 1×1 beside a shortcut. Keys: conv1, conv2, conv3, downsample.</summary>
internal sealed class SelectiveKernelBottleneck : Module<Tensor, Tensor>
{
    public const int Expansion = 4;
    private readonly ConvNormAct conv1;
    private readonly SelectiveKernel conv2;
    private readonly ConvNormAct conv3;
    private readonly Module<Tensor, Tensor>? downsample;

    public SelectiveKernelBottleneck(ResidualPlace place, Selection selection, int groups, int groupWidth) : base(nameof(SelectiveKernelBottleneck))
    {
        var inner = place.Width * groupWidth / 64 * groups;
        conv1 = new ConvNormAct(place.InChannels, inner, 1, activation: ReLU(inplace: true));
        conv2 = new SelectiveKernel(inner, inner, place.Stride, place.FirstDilation, groups, selection);
        conv3 = new ConvNormAct(inner, place.Width * Expansion, 1);
        downsample = place.Shortcut;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv3.forward(conv2.forward(conv1.forward(input)));
        return functional.relu(x.add_(downsample?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}
