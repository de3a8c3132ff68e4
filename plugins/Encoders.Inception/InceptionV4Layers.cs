using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Inception;

/// <summary>Inception-v4's layers, in order.</summary>
/// <remarks>Szegedy et al. 2017, arXiv:1602.07261, figures 3 to 9.</remarks>
internal static class InceptionV4Layers
{
    /// <param name="inChannels">Of images.</param>
    /// <param name="pads">Whether those convolutions pad too that the paper leaves bare.</param>
    public static Module<Tensor, Tensor>[] All(int inChannels, bool pads) =>
    [
        new BasicConv2d(inChannels, 32, 3, 2, pads), new BasicConv2d(32, 32, 3, pads: pads), new BasicConv2d(32, 64, 3),
        new Branches(("maxpool", Branches.Halved(pads)), ("conv", new BasicConv2d(64, 96, 3, 2, pads))),
        Branches.Numbered(
            Sequential(new BasicConv2d(160, 64, 1), new BasicConv2d(64, 96, 3, pads: pads)),
            Sequential(new BasicConv2d(160, 64, 1), new BasicConv2d(64, 64, (1, 7)), new BasicConv2d(64, 64, (7, 1)), new BasicConv2d(64, 96, 3, pads: pads))),
        new Branches(("conv", new BasicConv2d(192, 192, 3, 2, pads)), ("maxpool", Branches.Halved(pads))),
        .. Enumerable.Range(0, 4).Select(_ => A()),
        Branches.Numbered(
            new BasicConv2d(384, 384, 3, 2, pads),
            Sequential(new BasicConv2d(384, 192, 1), new BasicConv2d(192, 224, 3), new BasicConv2d(224, 256, 3, 2, pads)),
            Branches.Halved(pads)),
        .. Enumerable.Range(0, 7).Select(_ => B()),
        Branches.Numbered(
            Sequential(new BasicConv2d(1024, 192, 1), new BasicConv2d(192, 192, 3, 2, pads)),
            Sequential(new BasicConv2d(1024, 256, 1), new BasicConv2d(256, 256, (1, 7)), new BasicConv2d(256, 320, (7, 1)), new BasicConv2d(320, 320, 3, 2, pads)),
            Branches.Halved(pads)),
        .. Enumerable.Range(0, 3).Select(_ => new InceptionC()),
    ];

    private static Branches A() => Branches.Numbered(
        new BasicConv2d(384, 96, 1),
        Sequential(new BasicConv2d(384, 64, 1), new BasicConv2d(64, 96, 3)),
        Sequential(new BasicConv2d(384, 64, 1), new BasicConv2d(64, 96, 3), new BasicConv2d(96, 96, 3)),
        Branches.Averaged(384, 96));

    private static Branches B() => Branches.Numbered(
        new BasicConv2d(1024, 384, 1),
        Sequential(new BasicConv2d(1024, 192, 1), new BasicConv2d(192, 224, (1, 7)), new BasicConv2d(224, 256, (7, 1))),
        Sequential(
            new BasicConv2d(1024, 192, 1), new BasicConv2d(192, 192, (7, 1)), new BasicConv2d(192, 224, (1, 7)),
            new BasicConv2d(224, 224, (7, 1)), new BasicConv2d(224, 256, (1, 7))),
        Branches.Averaged(1024, 128));
}
