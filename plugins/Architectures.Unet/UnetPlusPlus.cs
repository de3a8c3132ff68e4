using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>SMP's options and defaults.</summary>
public sealed record UnetPlusPlusOptions : AttentiveOptions;

/// <summary>U-Net with a dense grid of blocks between encoder and decoder, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>
/// Zhou, Siddiquee, Tajbakhsh, Liang 2018, arXiv:1807.10165; without its deep supervision, which SMP leaves out.
/// </remarks>
/// <param name="options">Checked at once.</param>
/// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
[Architecture("UnetPlusPlus")]
public sealed class UnetPlusPlus(UnetPlusPlusOptions options) : Architecture
{
    private readonly UnetDecoderOptions _decoder = options.CheckedDecoder(center: false);

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(UnetPlusPlus), options, shape, needed: 1..);
        var decoder = new UnetPlusPlusDecoder(maps.Channels, _decoder with { Center = maps.GetName().StartsWith("vgg", StringComparison.Ordinal) });
        var head = Heads.Segmentation(_decoder.Channels[^1], shape.Classes, activation: options.Activation);
        return new SegmentationModel(nameof(UnetPlusPlus), maps, decoder, head, options, shape);
    }
}
