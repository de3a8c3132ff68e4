using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Xception;

/// <summary>Xception, its first two convolutions padded so that maps are halves of each other.</summary>
/// <remarks>Chollet 2017, arXiv:1610.02357, figure 5. Member names are those of Cadene's pretrained models.</remarks>
[Encoder("xception")]
public sealed class XceptionEncoder : StagedEncoder
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1 = BatchNorm2d(32);
    private readonly Conv2d conv2 = Conv2d(32, 64, 3, padding: 1, bias: false);
    private readonly BatchNorm2d bn2 = BatchNorm2d(64);
    private readonly XceptionBlock block1 = new(64, [128, 128], halves: true, rectifies: false);
    private readonly XceptionBlock block2 = new(128, [256, 256], halves: true);
    private readonly XceptionBlock block3 = new(256, [728, 728], halves: true);
    private readonly XceptionBlock block4 = Middle();
    private readonly XceptionBlock block5 = Middle();
    private readonly XceptionBlock block6 = Middle();
    private readonly XceptionBlock block7 = Middle();
    private readonly XceptionBlock block8 = Middle();
    private readonly XceptionBlock block9 = Middle();
    private readonly XceptionBlock block10 = Middle();
    private readonly XceptionBlock block11 = Middle();
    private readonly XceptionBlock block12 = new(728, [728, 1024], halves: true);
    private readonly SeparableConv2d conv3 = new(1024, 1536);
    private readonly BatchNorm2d bn3 = BatchNorm2d(1536);
    private readonly SeparableConv2d conv4 = new(1536, 2048);
    private readonly BatchNorm2d bn4 = BatchNorm2d(2048);

    /// <summary>Builds the network.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public XceptionEncoder(EncoderOptions options) : base(options, [64, 128, 256, 728, 2048], dilates: false)
    {
        conv1 = Conv2d(options.InChannels, 32, 3, stride: 2, padding: 1, bias: false);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input)
    {
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        x = functional.relu(bn2.forward(conv2.forward(x)), inplace: true);
        yield return x;                                             // (N, 64, H/2, W/2)
        x = block1.forward(x);
        yield return x;                                             // (N, 128, H/4, W/4)
        x = block2.forward(x);
        yield return x;                                             // (N, 256, H/8, W/8)
        foreach (var block in new[] { block3, block4, block5, block6, block7, block8, block9, block10, block11 })
        {
            x = block.forward(x);
        }

        yield return x;                                             // (N, 728, H/16, W/16)
        x = functional.relu(bn3.forward(conv3.forward(block12.forward(x))), inplace: true);
        yield return bn4.forward(conv4.forward(x));                 // (N, 2048, H/32, W/32), not rectified
    }

    private static XceptionBlock Middle() => new(728, [728, 728, 728], halves: false);
}
