using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Pyramid;

/// <summary>SMP's options and defaults.</summary>
public sealed record PSPNetOptions : SegmentationModelOptions
{
    /// <summary>Three stages of the encoder are used.</summary>
    public PSPNetOptions() => EncoderDepth = 3;

    /// <summary>Channels of the decoder's map.</summary>
    public int PspOutChannels { get; init; } = 512;

    /// <summary>What stands behind each of the decoder's convolutions: see <see cref="Norm.Of"/>.</summary>
    public JsonNode? DecoderUseNorm { get; init; } = "batchnorm";

    /// <summary>Share of channels that is dropped in training, in [0, 1).</summary>
    public double PspDropout { get; init; } = 0.2;

    /// <summary>How much logits are enlarged at last; 8 gives the image's size at a depth of 3, 16 at 4 and 32 at 5.</summary>
    public int Upsampling { get; init; } = 8;
}

/// <summary>Joins the deepest map with its means over ever larger parts of the image, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Zhao et al. 2017, arXiv:1612.01105; without the auxiliary loss.</remarks>
[Architecture("PSPNet")]
public sealed class PSPNet : Architecture
{
    private readonly PSPNetOptions _options;
    private readonly Norm _norm;
    private readonly double _dropout;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public PSPNet(PSPNetOptions options)
    {
        _options = options;
        _norm = Norm.Of("decoder_use_norm", options.DecoderUseNorm);
        _dropout = SegmentationModelOptions.CheckedDropout("psp_dropout", options.PspDropout);
        options.CheckedDepth();
        SegmentationModelOptions.CheckedChannels("psp_out_channels", options.PspOutChannels);
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(PSPNet), _options, shape);
        var head = Heads.Segmentation(_options.PspOutChannels, shape.Classes, upsampling: _options.Upsampling, activation: _options.Activation);
        return new SegmentationModel(nameof(PSPNet), maps, new Decoder(maps.Channels[^1], _options.PspOutChannels, _norm, _dropout), head, _options, shape);
    }

    private sealed class Decoder : Module<IReadOnlyList<Tensor>, Tensor>
    {
        private readonly PooledMeans psp;
        private readonly Sequential conv;
        private readonly Dropout2d dropout;

        public Decoder(int inChannels, int outChannels, Norm norm, double share) : base(nameof(Decoder))
        {
            psp = new PooledMeans(inChannels, norm);
            conv = Blocks.Conv2dReLU(psp.OutChannels, outChannels, kernel: 1, norm: norm);
            dropout = Dropout2d(share);
            RegisterComponents();
        }

        public override Tensor forward(IReadOnlyList<Tensor> input)
        {
            using var scope = NewDisposeScope();
            return dropout.forward(conv.forward(psp.forward(input[^1]))).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Means over grids of 1, 2, 3 and 6 cells a side, a quarter of the channels each, before the map itself. Key: blocks.</summary>
    private sealed class PooledMeans : Module<Tensor, Tensor>
    {
        private static readonly int[] Grids = [1, 2, 3, 6];

        private readonly ModuleList<Cells> blocks;

        public PooledMeans(int channels, Norm norm) : base(nameof(PooledMeans))
        {
            var each = channels / Grids.Length;
            OutChannels = channels + (each * Grids.Length);
            // Nothing is normalised over a single pixel: a batch of one would have no variance.
            blocks = ModuleList([.. Grids.Select(side => new Cells(channels, each, side, side == 1 ? new Norm(Normalization.Identity) : norm))]);
            RegisterComponents();
        }

        public int OutChannels { get; }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return cat([.. blocks.Select(block => block.forward(input)), input], 1).MoveToOuterDisposeScope();
        }
    }

    private sealed class Cells : Module<Tensor, Tensor>
    {
        private readonly Sequential pool;

        public Cells(int inChannels, int outChannels, int side, Norm norm) : base(nameof(Cells))
        {
            pool = Sequential(AdaptiveAvgPool2d(side), Blocks.Conv2dReLU(inChannels, outChannels, kernel: 1, norm: norm));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return Resampling.To(pool.forward(input), input.shape[2], input.shape[3], InterpolationMode.Bilinear, alignCorners: true).MoveToOuterDisposeScope();
        }
    }
}
