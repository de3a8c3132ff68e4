using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Inception;

/// <summary>Inception-ResNet-v2's parts, in order, with their keys and whether a decoder takes what they give.</summary>
/// <remarks>Szegedy et al. 2017, arXiv:1602.07261, figures 14 to 19.</remarks>
internal static class InceptionResNetV2Layers
{
    /// <param name="inChannels">Of images.</param>
    /// <param name="pads">Whether those convolutions pad too that the paper leaves bare.</param>
    public static (string Key, Module<Tensor, Tensor> Part, bool IsMap)[] All(int inChannels, bool pads) =>
    [
        ("conv2d_1a", new BasicConv2d(inChannels, 32, 3, 2, pads), false),
        ("conv2d_2a", new BasicConv2d(32, 32, 3, pads: pads), false),
        ("conv2d_2b", new BasicConv2d(32, 64, 3), true),
        ("maxpool_3a", Branches.Halved(pads), false),
        ("conv2d_3b", new BasicConv2d(64, 80, 1), false),
        ("conv2d_4a", new BasicConv2d(80, 192, 3, pads: pads), true),
        ("maxpool_5a", Branches.Halved(pads), false),
        ("mixed_5b", Branches.Numbered(
            new BasicConv2d(192, 96, 1),
            Sequential(new BasicConv2d(192, 48, 1), new BasicConv2d(48, 64, 5)),
            Sequential(new BasicConv2d(192, 64, 1), new BasicConv2d(64, 96, 3), new BasicConv2d(96, 96, 3)),
            Branches.Averaged(192, 64)), false),
        ("repeat", Repeated(10, Block35), true),
        ("mixed_6a", Branches.Numbered(
            new BasicConv2d(320, 384, 3, 2, pads),
            Sequential(new BasicConv2d(320, 256, 1), new BasicConv2d(256, 256, 3), new BasicConv2d(256, 384, 3, 2, pads)),
            Branches.Halved(pads)), false),
        ("repeat_1", Repeated(20, Block17), true),
        ("mixed_7a", Branches.Numbered(
            Sequential(new BasicConv2d(1088, 256, 1), new BasicConv2d(256, 384, 3, 2, pads)),
            Sequential(new BasicConv2d(1088, 256, 1), new BasicConv2d(256, 288, 3, 2, pads)),
            Sequential(new BasicConv2d(1088, 256, 1), new BasicConv2d(256, 288, 3), new BasicConv2d(288, 320, 3, 2, pads)),
            Branches.Halved(pads)), false),
        ("repeat_2", Repeated(9, () => Block8(0.2, rectified: true)), false),
        ("block8", Block8(1, rectified: false), false),
        ("conv2d_7b", new BasicConv2d(2080, 1536, 1), true),
    ];

    private static Sequential Repeated(int times, Func<Module<Tensor, Tensor>> block) => Sequential(Enumerable.Range(0, times).Select(_ => block()));

    private static ResidualBranches Block35() => new(
        320,
        128,
        0.17,
        rectified: true,
        new BasicConv2d(320, 32, 1),
        Sequential(new BasicConv2d(320, 32, 1), new BasicConv2d(32, 32, 3)),
        Sequential(new BasicConv2d(320, 32, 1), new BasicConv2d(32, 48, 3), new BasicConv2d(48, 64, 3)));

    private static ResidualBranches Block17() => new(
        1088,
        384,
        0.1,
        rectified: true,
        new BasicConv2d(1088, 192, 1),
        Sequential(new BasicConv2d(1088, 128, 1), new BasicConv2d(128, 160, (1, 7)), new BasicConv2d(160, 192, (7, 1))));

    private static ResidualBranches Block8(double scale, bool rectified) => new(
        2080,
        448,
        scale,
        rectified,
        new BasicConv2d(2080, 192, 1),
        Sequential(new BasicConv2d(2080, 192, 1), new BasicConv2d(192, 224, (1, 3)), new BasicConv2d(224, 256, (3, 1))));
}
