using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>The arguments of the usual PyTorch rendition; its defaults are the paper's.</summary>
public sealed record ValidUnetOptions
{
    /// <summary>Levels; the size is halved one time fewer.</summary>
    [Range(1, 8)]
    public int Depth { get; init; } = 5;

    /// <summary>The first level has 2 to this power channels; each below has twice as many.</summary>
    [Range(0, 10)]
    public int Wf { get; init; } = 6;

    /// <summary>Whether convolutions pad, so that logits have the image's size; the paper's do not, and lose a margin.</summary>
    public bool Padding { get; init; }

    /// <summary>Whether batch normalisation follows each activation; the paper has none.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>upconv, a transposed convolution, or upsample, bilinear enlargement and a 1×1 convolution.</summary>
    public string UpMode { get; init; } = "upconv";
}

/// <summary>
/// The original U-Net, whose convolutions take only pixels that are there: 572 × 572 gives 388 × 388. Key names are those of its best known
/// PyTorch rendition (jvanvugt/pytorch-unet).
/// </summary>
/// <remarks>Ronneberger, Fischer, Brox 2015, arXiv:1505.04597, figure 1; convolutions begin with its variance of 2 / fan in.</remarks>
[Architecture("UNetValid")]
public sealed class ValidUnet(ValidUnetOptions options) : Architecture
{
    private readonly ValidUnetOptions _options = options.UpMode is "upconv" or "upsample"
        ? options
        : throw new ConfigurationException($"up_mode '{options.UpMode}' is unknown; upconv and upsample are allowed.");

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder) => new ValidNetwork(shape, _options);

    private sealed class ValidNetwork : Network
    {
        private readonly ModuleList<ConvBlock> down_path;
        private readonly ModuleList<UpBlock> up_path;
        private readonly Conv2d last;
        private readonly bool _padding;

        public ValidNetwork(NetworkShape shape, ValidUnetOptions options) : base("UNetValid")
        {
            _padding = options.Padding;
            (down_path, up_path) = (ModuleList<ConvBlock>(), ModuleList<UpBlock>());
            var channels = shape.InChannels;
            for (var level = 0; level < options.Depth; level++)
            {
                down_path.Add(new ConvBlock(channels, 1 << (options.Wf + level), options));
                channels = 1 << (options.Wf + level);
            }

            for (var level = options.Depth - 2; level >= 0; level--)
            {
                up_path.Add(new UpBlock(1 << (options.Wf + level), options));
            }

            last = Conv2d(1 << options.Wf, shape.Classes, 1);
            RegisterComponents();
            Initialization.Decoder(this);
            Initialization.Head(last, shape);
        }

        // With s pixels at the bottom and p = 2^(depth - 1): p s + 4 (p - 1) pixels in, p (s - 4) - 4 (p - 1) out.
        public override InputSizes Sizes
        {
            get
            {
                var pooled = 1 << (down_path.Count - 1);
                return _padding ? new InputSizes(pooled) : new InputSizes(pooled, 4 * (pooled - 1) % pooled, (6 * pooled) - 4);
            }
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = new List<Tensor>();
            var x = down_path[0].forward(input);
            foreach (var down in down_path.Skip(1))
            {
                maps.Add(x);
                x = down.forward(functional.max_pool2d(x, 2));
            }

            for (var i = 0; i < up_path.Count; i++)
            {
                x = up_path[i].forward(x, maps[^(i + 1)]);
            }

            return last.forward(x).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Two 3×3 convolutions. Key: block.</summary>
    private sealed class ConvBlock : Module<Tensor, Tensor>
    {
        private readonly Sequential block;

        public ConvBlock(int inChannels, int outChannels, ValidUnetOptions options) : base(nameof(ConvBlock))
        {
            block = Sequential([.. Once(inChannels, outChannels, options), .. Once(outChannels, outChannels, options)]);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => block.forward(input);

        private static IEnumerable<Module<Tensor, Tensor>> Once(int inChannels, int outChannels, ValidUnetOptions options)
        {
            yield return Conv2d(inChannels, outChannels, 3, padding: options.Padding ? 1 : 0);
            yield return ReLU(inplace: true);
            if (options.BatchNorm)
            {
                yield return BatchNorm2d(outChannels);
            }
        }
    }

    /// <summary>Enlarges, joins the middle of the map from the way down, convolves twice. Keys: up, conv_block.</summary>
    private sealed class UpBlock : Module<Tensor, Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> up;
        private readonly ConvBlock conv_block;

        public UpBlock(int channels, ValidUnetOptions options) : base(nameof(UpBlock))
        {
            up = options.UpMode == "upconv"
                ? ConvTranspose2d(2 * channels, channels, 2, stride: 2)
                : Sequential(Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false), Conv2d(2 * channels, channels, 1));
            conv_block = new ConvBlock(2 * channels, channels, options);
            RegisterComponents();
        }

        public override Tensor forward(Tensor below, Tensor beside)
        {
            using var scope = NewDisposeScope();
            var x = up.forward(below);
            var (height, width) = (x.shape[2], x.shape[3]);
            var middle = beside.narrow(2, (beside.shape[2] - height) / 2, height).narrow(3, (beside.shape[3] - width) / 2, width);
            return conv_block.forward(cat([x, middle], 1)).MoveToOuterDisposeScope();
        }
    }
}
