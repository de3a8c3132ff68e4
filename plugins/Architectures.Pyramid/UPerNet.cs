using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Architectures.Pyramid;

/// <summary>SMP's options and defaults.</summary>
public sealed record UPerNetOptions : SegmentationModelOptions
{
    /// <summary>Channels of the decoder's maps.</summary>
    public int DecoderChannels { get; init; } = 256;

    /// <summary>What stands behind the decoder's convolutions, but for that behind the pooled means, which is always batch normalisation: see <see cref="Norm.Of"/>.</summary>
    public JsonNode? DecoderUseNorm { get; init; } = "batchnorm";

    /// <summary>How much logits are enlarged at last; 4 gives the image's size.</summary>
    public int Upsampling { get; init; } = 4;
}

/// <summary>A feature pyramid below pooled means of the deepest map, as segmentation_models.pytorch 0.5 builds it, with its key names; up to 0.4 it was another network.</summary>
/// <remarks>Xiao et al. 2018, arXiv:1807.10221.</remarks>
[Architecture("UPerNet")]
public sealed class UPerNet : Architecture
{
    private readonly UPerNetOptions _options;
    private readonly Norm _norm;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public UPerNet(UPerNetOptions options)
    {
        (_options, _norm) = (options, Norm.Of("decoder_use_norm", options.DecoderUseNorm));
        options.CheckedDepth();
        SegmentationModelOptions.CheckedChannels("decoder_channels", options.DecoderChannels);
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(UPerNet), _options, shape);
        var head = Heads.Segmentation(_options.DecoderChannels, shape.Classes, kernel: 1, upsampling: _options.Upsampling, activation: _options.Activation);
        return new SegmentationModel(nameof(UPerNet), maps, new UPerNetDecoder(maps.Channels, _options.DecoderChannels, _norm), head, _options, shape);
    }
}
