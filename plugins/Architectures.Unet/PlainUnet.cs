using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>How large the network is.</summary>
public sealed record PlainUnetOptions
{
    /// <summary>Channels at full size; each level below has twice as many. The paper has 64.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Times the size is halved, 1 to 6. The paper has 4.</summary>
    public int Depth { get; init; } = 4;
}

/// <summary>The original U-Net without a borrowed encoder, for small data sets; padded, so that logits have the image's size, and batch-normalised.</summary>
/// <remarks>Ronneberger, Fischer, Brox 2015, arXiv:1505.04597, figure 1; convolutions begin with its variance of 2 / fan in.</remarks>
[Architecture("PlainUnet")]
public sealed class PlainUnet(PlainUnetOptions options) : Architecture
{
    private readonly PlainUnetOptions _options = options switch
    {
        { Width: < 1 or > 1024 } => throw new ConfigurationException($"width {options.Width} must be 1 to 1024."),
        { Depth: < 1 or > 6 } => throw new ConfigurationException($"depth {options.Depth} must be 1 to 6."),
        _ => options,
    };

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder) => new PlainNetwork(shape, _options);

    private sealed class PlainNetwork : Network
    {
        private readonly ModuleList<Sequential> down, enlarge, up;
        private readonly Conv2d head;

        public PlainNetwork(NetworkShape shape, PlainUnetOptions options) : base(nameof(PlainUnet))
        {
            (down, enlarge, up) = (ModuleList<Sequential>(), ModuleList<Sequential>(), ModuleList<Sequential>());
            for (var level = 0; level <= options.Depth; level++)
            {
                down.append(Twice(level == 0 ? shape.InChannels : options.Width << (level - 1), options.Width << level));
            }

            for (var level = options.Depth - 1; level >= 0; level--)
            {
                enlarge.append(Sequential(ConvTranspose2d(options.Width << (level + 1), options.Width << level, 2, stride: 2)));
                up.append(Twice(options.Width << (level + 1), options.Width << level));
            }

            head = Conv2d(options.Width, shape.Classes, 1);
            RegisterComponents();
            Initialization.Decoder(this);
            Initialization.Head(head, shape);
        }

        public override InputSizes Sizes => new(1 << (down.Count - 1));

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = new List<Tensor>();
            var x = down[0].forward(input);                         // (N, width, H, W)
            for (var level = 1; level < down.Count; level++)
            {
                maps.Add(x);
                x = down[level].forward(functional.max_pool2d(x, 2, 2));
            }

            for (var i = 0; i < up.Count; i++)
            {
                x = up[i].forward(cat([maps[^(i + 1)], enlarge[i].forward(x)], 1));
            }

            return head.forward(x).MoveToOuterDisposeScope();       // (N, K, H, W)
        }

        private static Sequential Twice(int inChannels, int outChannels) =>
            Sequential(Blocks.Conv2dReLU(inChannels, outChannels), Blocks.Conv2dReLU(outChannels, outChannels));
    }
}
