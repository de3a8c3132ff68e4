using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Architectures.Pyramid;

/// <summary>SMP's options and defaults.</summary>
public sealed record PANOptions : SegmentationModelOptions
{
    /// <summary>16, by dilation of the last stage, or 32. Swin does not dilate and keeps 32 either way, as in SMP.</summary>
    public int EncoderOutputStride { get; init; } = 16;

    /// <summary>Channels of the decoder's maps.</summary>
    public int DecoderChannels { get; init; } = 32;

    /// <summary>How maps are enlarged: see <see cref="Resampling.Mode"/>; bilinear puts corner pixels' centres on each other.</summary>
    public string DecoderInterpolation { get; init; } = "bilinear";

    /// <summary>How much logits are enlarged at last; 4 gives the image's size.</summary>
    public int Upsampling { get; init; } = 4;
}

/// <summary>Attention over a pyramid of the deepest map, whose means guide the way up, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Li, Xiong, An, Wang 2018, arXiv:1805.10180. The pyramid halves the deepest map thrice.</remarks>
[Architecture("PAN")]
public sealed class PAN : Architecture
{
    private readonly PANOptions _options;
    private readonly PANDecoderOptions _decoder;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public PAN(PANOptions options)
    {
        _options = options.EncoderOutputStride is 16 or 32
            ? options
            : throw new ConfigurationException($"encoder_output_stride {options.EncoderOutputStride} must be 16 or 32.");
        options.CheckedDepth();
        _decoder = new PANDecoderOptions(
            SegmentationModelOptions.CheckedChannels("decoder_channels", options.DecoderChannels),
            Resampling.Mode("decoder_interpolation", options.DecoderInterpolation));
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(PAN), _options, shape, _options.EncoderOutputStride, keptStrides: true);
        var least = maps.Strides[^1] * PyramidAttention.LeastSide;
        if (maps.OnlySize is { } only && Math.Min(only.Height, only.Width) < least)
        {
            maps.Dispose();
            throw new ConfigurationException($"PAN halves the deepest map thrice, for which images must be {least} pixels high and wide at least, and encoder {maps.GetName()} takes {only} alone. Set the encoder's img_size to {least} or more.");
        }

        var head = Heads.Segmentation(_options.DecoderChannels, shape.Classes, upsampling: _options.Upsampling, activation: _options.Activation);
        return new SegmentationModel(nameof(PAN), maps, new PANDecoder(maps.Channels, _decoder), head, _options, shape)
        {
            LeastSide = least,
        };
    }
}
