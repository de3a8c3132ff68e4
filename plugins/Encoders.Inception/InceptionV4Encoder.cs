using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Inception;

/// <summary>Inception-v4.</summary>
/// <remarks>Szegedy et al. 2017, arXiv:1602.07261, figures 3 to 9. Member names are those of Cadene's pretrained models.</remarks>
[Encoder("inceptionv4")]
public sealed class InceptionV4Encoder : StagedEncoder
{
    private static readonly int[] s_maps = [2, 4, 8, 14];           // the layers whose maps a decoder takes, besides the last
    private readonly Sequential features;

    /// <summary>Builds the network.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public InceptionV4Encoder(EncoderOptions options) : base(options, [64, 192, 384, 1024, 1536], dilates: false)
    {
        features = Sequential(
        [
            new BasicConv2d(options.InChannels, 32, 3, 2), new BasicConv2d(32, 32, 3), new BasicConv2d(32, 64, 3),
            new Branches(("maxpool", Branches.Halved()), ("conv", new BasicConv2d(64, 96, 3, 2))),
            Branches.Numbered(
                Sequential(new BasicConv2d(160, 64, 1), new BasicConv2d(64, 96, 3)),
                Sequential(new BasicConv2d(160, 64, 1), new BasicConv2d(64, 64, (1, 7)), new BasicConv2d(64, 64, (7, 1)), new BasicConv2d(64, 96, 3))),
            new Branches(("conv", new BasicConv2d(192, 192, 3, 2)), ("maxpool", Branches.Halved())),
            .. Enumerable.Range(0, 4).Select(_ => A()),
            Branches.Numbered(
                new BasicConv2d(384, 384, 3, 2),
                Sequential(new BasicConv2d(384, 192, 1), new BasicConv2d(192, 224, 3), new BasicConv2d(224, 256, 3, 2)),
                Branches.Halved()),
            .. Enumerable.Range(0, 7).Select(_ => B()),
            Branches.Numbered(
                Sequential(new BasicConv2d(1024, 192, 1), new BasicConv2d(192, 192, 3, 2)),
                Sequential(new BasicConv2d(1024, 256, 1), new BasicConv2d(256, 256, (1, 7)), new BasicConv2d(256, 320, (7, 1)), new BasicConv2d(320, 320, 3, 2)),
                Branches.Halved()),
            .. Enumerable.Range(0, 3).Select(_ => new InceptionC()),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input)
    {
        var x = input;
        for (var i = 0; i < features.Count; i++)
        {
            x = features[i].call(x);
            if (s_maps.Contains(i))
            {
                yield return x;                                     // (N, C, H/stride, W/stride)
            }
        }

        yield return x;
    }

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
