using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Torchvision;

/// <summary>torchvision's heads: a map of the backbone in, logits of its size out. Dropout comes last but one.</summary>
internal static class ResNetHeads
{
    /// <summary>Keys: 0 convolution, 1 normalisation, 4 logits.</summary>
    public static Sequential Fcn(int inChannels, int classes) => Sequential(
        Conv2d(inChannels, inChannels / 4, 3, padding: 1, bias: false),
        BatchNorm2d(inChannels / 4),
        ReLU(),
        Dropout(0.1),
        Conv2d(inChannels / 4, classes, 1));

    /// <summary>Keys: 0 the pyramid, 1 convolution, 2 normalisation, 4 logits.</summary>
    public static Sequential DeepLab(int inChannels, int classes) => Sequential(
        new AtrousPyramid(inChannels, 256, [12, 24, 36]),
        Conv2d(256, 256, 3, padding: 1, bias: false),
        BatchNorm2d(256),
        ReLU(),
        Conv2d(256, classes, 1));
}

/// <summary>Atrous spatial pyramid pooling: a pixel seen at several distances, and the whole image. Keys: convs, project.</summary>
internal sealed class AtrousPyramid : Module<Tensor, Tensor>
{
    private readonly ModuleList<Sequential> convs;
    private readonly Sequential project;

    public AtrousPyramid(int inChannels, int outChannels, IReadOnlyList<int> rates) : base(nameof(AtrousPyramid))
    {
        convs = ModuleList(
        [
            Sequential(Conv2d(inChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels), ReLU()),
            .. rates.Select(rate => Sequential(Conv2d(inChannels, outChannels, 3, padding: rate, dilation: rate, bias: false), BatchNorm2d(outChannels), ReLU())),
            Sequential(AdaptiveAvgPool2d(1), Conv2d(inChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels), ReLU()),
        ]);
        project = Sequential(Conv2d(convs.Count * outChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels), ReLU(), Dropout(0.5));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var views = convs.Select(conv => conv.forward(input)).ToArray();
        views[^1] = functional.interpolate(views[^1], size: input.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);
        return project.forward(cat(views, 1)).MoveToOuterDisposeScope();
    }
}
