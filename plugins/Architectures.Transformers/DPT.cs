using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Architectures.Transformers;

/// <summary>SMP's options and defaults.</summary>
public sealed record DPTOptions : SegmentationModelOptions
{
    /// <summary>Maps of four blocks are used.</summary>
    public DPTOptions() => EncoderDepth = 4;

    /// <summary>The transformer's blocks whose maps are used, as many as encoder_depth; negative ones count from the last. Null: spread evenly.</summary>
    public IReadOnlyList<int>? EncoderOutputIndices { get; init; }

    /// <summary>What becomes of the class token: cat joins it to every pixel, add adds the mean of all prefix tokens, ignore leaves it out.</summary>
    public string DecoderReadout { get; init; } = "cat";

    /// <summary>Channels of each map at its new size, one for each of encoder_depth. Empty: 256, 512, 1024, 1024.</summary>
    public IReadOnlyList<int> DecoderIntermediateChannels { get; init; } = [];

    /// <summary>Channels of the maps that are fused.</summary>
    public int DecoderFusionChannels { get; init; } = 256;
}

/// <summary>Turns maps of a vision transformer's blocks into a pyramid and fuses them, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Ranftl, Bochkovskiy, Koltun 2021, arXiv:2103.13413. The encoder is a vision transformer of timm's, e.g. tu-vit_base_patch16_224.</remarks>
[Architecture("DPT")]
public sealed class DPT : Architecture
{
    private static readonly int[] DefaultChannels = [256, 512, 1024, 1024];

    private readonly DPTOptions _options;
    private readonly DPTDecoderOptions _decoder;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public DPT(DPTOptions options)
    {
        _options = options;
        var depth = options.CheckedDepth(least: 1);
        var channels = options.DecoderIntermediateChannels.Count == 0 ? DefaultChannels : options.DecoderIntermediateChannels;
        if (channels.Count != depth || channels.Any(c => c < 1))
        {
            throw new ConfigurationException($"decoder_intermediate_channels [{string.Join(", ", channels)}] must be {depth} numbers above 0, one for each of encoder_depth.");
        }

        if (options.EncoderOutputIndices is { } indices && indices.Count != depth)
        {
            throw new ConfigurationException($"encoder_output_indices [{string.Join(", ", indices)}] must be {depth} numbers, one for each of encoder_depth.");
        }

        _decoder = new DPTDecoderOptions(
            channels,
            SegmentationModelOptions.CheckedChannels("decoder_fusion_channels", options.DecoderFusionChannels),
            options.DecoderReadout switch
            {
                "ignore" => Readout.Ignore,
                "add" => Readout.Add,
                "cat" => Readout.Concatenate,
                var other => throw new ConfigurationException($"decoder_readout '{other}' is unknown; cat, add and ignore are allowed."),
            });
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder(new BlockEncoderOptions { InChannels = shape.InChannels, Depth = _options.EncoderDepth, OutputIndices = _options.EncoderOutputIndices });
        return Fits(maps)
            ? new SegmentationModel(nameof(DPT), maps, new DPTDecoder(maps, _decoder), new DPTHead(_decoder.FusionChannels, shape.Classes, _options.Activation), _options, shape)
            {
                DecoderMultiple = 4 << (_options.EncoderDepth - 1),     // where the coarsest map of the pyramid has whole pixels
            }
            : throw Refused(maps);
    }

    // Each map goes to a quarter of the image's size, an eighth, …, by a whole factor: patches of 14 pixels do not.
    private bool Fits(Encoder maps) => maps.Strides.Count == _options.EncoderDepth && maps.Strides.All(stride => stride >= 4 && int.IsPow2(stride));

    private static ConfigurationException Refused(Encoder maps)
    {
        maps.Dispose();
        return new ConfigurationException($"DPT takes vision transformers whose patches' side is a power of two, such as tu-vit_base_patch16_224, and encoder {maps.GetName()} gives maps of strides {string.Join(", ", maps.Strides)}. Choose another encoder, or set its patch_size to 16.");
    }
}
