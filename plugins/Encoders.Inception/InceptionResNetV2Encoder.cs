using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Inception;

/// <summary>Inception-ResNet-v2.</summary>
/// <remarks>Szegedy et al. 2017, arXiv:1602.07261, figures 14 to 19. Member names are those of Cadene's pretrained models.</remarks>
[Encoder("inceptionresnetv2")]
public sealed class InceptionResNetV2Encoder : StagedEncoder
{
    private readonly BasicConv2d conv2d_1a;
    private readonly BasicConv2d conv2d_2a = new(32, 32, 3);
    private readonly BasicConv2d conv2d_2b = new(32, 64, 3);
    private readonly BasicConv2d conv2d_3b = new(64, 80, 1);
    private readonly BasicConv2d conv2d_4a = new(80, 192, 3);
    private readonly Branches mixed_5b = Branches.Numbered(
        new BasicConv2d(192, 96, 1),
        Sequential(new BasicConv2d(192, 48, 1), new BasicConv2d(48, 64, 5)),
        Sequential(new BasicConv2d(192, 64, 1), new BasicConv2d(64, 96, 3), new BasicConv2d(96, 96, 3)),
        Branches.Averaged(192, 64));
    private readonly Sequential repeat = Repeated(10, Block35);
    private readonly Branches mixed_6a = Branches.Numbered(
        new BasicConv2d(320, 384, 3, 2),
        Sequential(new BasicConv2d(320, 256, 1), new BasicConv2d(256, 256, 3), new BasicConv2d(256, 384, 3, 2)),
        Branches.Halved());
    private readonly Sequential repeat_1 = Repeated(20, Block17);
    private readonly Branches mixed_7a = Branches.Numbered(
        Sequential(new BasicConv2d(1088, 256, 1), new BasicConv2d(256, 384, 3, 2)),
        Sequential(new BasicConv2d(1088, 256, 1), new BasicConv2d(256, 288, 3, 2)),
        Sequential(new BasicConv2d(1088, 256, 1), new BasicConv2d(256, 288, 3), new BasicConv2d(288, 320, 3, 2)),
        Branches.Halved());
    private readonly Sequential repeat_2 = Repeated(9, () => Block8(0.2, rectified: true));
    private readonly ResidualBranches block8 = Block8(1, rectified: false);
    private readonly BasicConv2d conv2d_7b = new(2080, 1536, 1);

    /// <summary>Builds the network.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public InceptionResNetV2Encoder(EncoderOptions options) : base(options, [64, 192, 320, 1088, 1536], dilates: false)
    {
        conv2d_1a = new BasicConv2d(options.InChannels, 32, 3, 2);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input)
    {
        var x = conv2d_2b.forward(conv2d_2a.forward(conv2d_1a.forward(input)));
        yield return x;                                             // (N, 64, H/2, W/2)
        x = conv2d_4a.forward(conv2d_3b.forward(functional.max_pool2d(x, 3, 2, 1)));
        yield return x;                                             // (N, 192, H/4, W/4)
        x = repeat.forward(mixed_5b.forward(functional.max_pool2d(x, 3, 2, 1)));
        yield return x;                                             // (N, 320, H/8, W/8)
        x = repeat_1.forward(mixed_6a.forward(x));
        yield return x;                                             // (N, 1088, H/16, W/16)
        yield return conv2d_7b.forward(block8.forward(repeat_2.forward(mixed_7a.forward(x))));
    }

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
