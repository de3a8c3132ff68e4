using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>SMP's options and defaults.</summary>
public sealed record LinknetOptions : SegmentationModelOptions
{
    /// <summary>What stands behind each of the decoder's convolutions: see <see cref="Norm.Of"/>.</summary>
    public JsonNode? DecoderUseNorm { get; init; } = "batchnorm";
}

/// <summary>Adds the encoder's maps on the way up instead of joining them, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Chaurasia, Culurciello 2017, arXiv:1707.03718.</remarks>
[Architecture("Linknet")]
public sealed class Linknet : Architecture
{
    private const int LastChannels = 32;

    private readonly LinknetOptions _options;
    private readonly Norm _norm;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public Linknet(LinknetOptions options)
    {
        (_options, _norm) = (options, Norm.Of("decoder_use_norm", options.DecoderUseNorm));
        options.CheckedDepth();
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(Linknet), _options, shape, needed: 1..);
        var head = Heads.Segmentation(LastChannels, shape.Classes, kernel: 1, activation: _options.Activation);
        return new SegmentationModel(nameof(Linknet), maps, new Decoder(maps.Channels, _norm), head, _options, shape);
    }

    private sealed class Decoder : Module<IReadOnlyList<Tensor>, Tensor>
    {
        private readonly ModuleList<Step> blocks;

        public Decoder(IReadOnlyList<int> encoderChannels, Norm norm) : base(nameof(Decoder))
        {
            int[] channels = [.. encoderChannels.Skip(1).Reverse(), LastChannels];
            blocks = ModuleList([.. channels.Zip(channels.Skip(1), (below, above) => new Step(below, above, norm))]);
            RegisterComponents();
        }

        public override Tensor forward(IReadOnlyList<Tensor> input)
        {
            using var scope = NewDisposeScope();
            var x = input[^1];
            for (var i = 0; i < blocks.Count; i++)
            {
                x = blocks[i].forward(x);
                x = i < blocks.Count - 1 ? x + input[input.Count - 2 - i] : x;
            }

            return x.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Squeezes, enlarges by a transposed convolution, and expands.</summary>
    private sealed class Step : Module<Tensor, Tensor>
    {
        private readonly Sequential block;

        public Step(int inChannels, int outChannels, Norm norm) : base(nameof(Step))
        {
            var squeezed = inChannels / 4;
            block = Sequential(
                Blocks.Conv2dReLU(inChannels, squeezed, kernel: 1, norm: norm),
                Sequential(ConvTranspose2d(squeezed, squeezed, 4, stride: 2, padding: 1), norm.Layer(squeezed), ReLU(inplace: true)),
                Blocks.Conv2dReLU(squeezed, outChannels, kernel: 1, norm: norm));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => block.forward(input);
    }
}
