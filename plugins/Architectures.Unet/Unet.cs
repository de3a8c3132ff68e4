using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>SMP's options and defaults.</summary>
public sealed record UnetOptions : AttentiveOptions
{
    /// <summary>Whether two more convolutions stand before the decoder. For VGG encoders they always do, as in SMP.</summary>
    public bool DecoderAddCenterBlock { get; init; }
}

/// <summary>U-Net over any encoder, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Ronneberger, Fischer, Brox 2015, arXiv:1505.04597.</remarks>
/// <param name="options">Checked at once.</param>
/// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
[Architecture("Unet")]
public sealed class Unet(UnetOptions options) : Architecture
{
    private readonly UnetDecoderOptions _decoder = options.CheckedDecoder(options.DecoderAddCenterBlock);

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(Unet), options, shape, anySizes: true);
        var head = Heads.Segmentation(_decoder.Channels[^1], shape.Classes, activation: options.Activation);
        var decoder = new UnetDecoder(maps.Channels, _decoder with { Center = _decoder.Center || maps.GetName().StartsWith("vgg", StringComparison.Ordinal) });
        return new SegmentationModel(nameof(Unet), maps, decoder, head, options, shape);
    }
}
