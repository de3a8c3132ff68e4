using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>SMP's options and defaults.</summary>
public sealed record MAnetOptions : ClimbingOptions
{
    /// <summary>Channels in which positions of the deepest map are compared.</summary>
    public int DecoderPabChannels { get; init; } = 64;
}

/// <summary>U-Net with attention between the positions of the deepest map and over the channels of each step, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Fan et al. 2020, doi:10.1109/ACCESS.2020.3025372. The attention compares every pixel of the deepest map with every other.</remarks>
[Architecture("MAnet")]
public sealed class MAnet : Architecture
{
    private readonly MAnetOptions _options;
    private readonly MAnetDecoderOptions _decoder;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public MAnet(MAnetOptions options)
    {
        _options = options;
        _decoder = new MAnetDecoderOptions(
            options.CheckedChannels(),
            SegmentationModelOptions.CheckedChannels("decoder_pab_channels", options.DecoderPabChannels),
            Resampling.Mode("decoder_interpolation", options.DecoderInterpolation),
            Norm.Of("decoder_use_norm", options.DecoderUseNorm));
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(MAnet), _options, shape);
        var head = Heads.Segmentation(_decoder.Channels[^1], shape.Classes, activation: _options.Activation);
        return new SegmentationModel(nameof(MAnet), maps, new MAnetDecoder(maps.Channels, _decoder), head, _options, shape);
    }
}
