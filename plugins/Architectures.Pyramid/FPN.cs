using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Architectures.Pyramid;

/// <summary>SMP's options and defaults.</summary>
public sealed record FPNOptions : SegmentationModelOptions
{
    /// <summary>Channels of the pyramid's maps.</summary>
    public int DecoderPyramidChannels { get; init; } = 256;

    /// <summary>Channels that each of them is turned into, a multiple of 32.</summary>
    public int DecoderSegmentationChannels { get; init; } = 128;

    /// <summary>How the four are merged: add, or cat, which gives the head four times the channels.</summary>
    public string DecoderMergePolicy { get; init; } = "add";

    /// <summary>Share of channels that is dropped in training, in [0, 1).</summary>
    public double DecoderDropout { get; init; } = 0.2;

    /// <summary>How the pyramid's maps are enlarged: see <see cref="Resampling.Mode"/>.</summary>
    public string DecoderInterpolation { get; init; } = "nearest";

    /// <summary>How much logits are enlarged at last; 4 gives the image's size at a depth of 5, 2 at 4 and 1 at 3.</summary>
    public int Upsampling { get; init; } = 4;
}

/// <summary>A feature pyramid over the encoder's four deepest maps, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Lin et al. 2017, arXiv:1612.03144; the segmentation branch is Kirillov et al. 2019, arXiv:1901.02446.</remarks>
[Architecture("FPN")]
public sealed class FPN : Architecture
{
    private readonly FPNOptions _options;
    private readonly FPNDecoderOptions _decoder;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public FPN(FPNOptions options)
    {
        _options = options;
        options.CheckedDepth();
        _decoder = new FPNDecoderOptions(
            SegmentationModelOptions.CheckedChannels("decoder_pyramid_channels", options.DecoderPyramidChannels),
            SegmentationModelOptions.CheckedChannels("decoder_segmentation_channels", options.DecoderSegmentationChannels, FPNDecoder.NormGroups),
            options.DecoderMergePolicy switch
            {
                "add" => false,
                "cat" => true,
                var other => throw new ConfigurationException($"decoder_merge_policy '{other}' is unknown; add and cat are allowed."),
            },
            SegmentationModelOptions.CheckedDropout("decoder_dropout", options.DecoderDropout),
            Resampling.Mode("decoder_interpolation", options.DecoderInterpolation));
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder.Pyramid(nameof(FPN), _options, shape, needed: ^FPNDecoder.Maps..);
        var head = Heads.Segmentation(_decoder.OutChannels, shape.Classes, kernel: 1, upsampling: _options.Upsampling, activation: _options.Activation);
        return new SegmentationModel(nameof(FPN), maps, new FPNDecoder(maps.Channels, _decoder), head, _options, shape);
    }
}
