using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>SMP's options and defaults.</summary>
public sealed record UnetOptions : SegmentationModelOptions
{
    /// <summary>Channels of the decoder's blocks, deepest first; one for each stage of the encoder. Empty: 256, 128, 64, 32, 16, the last of them for fewer stages.</summary>
    public IReadOnlyList<int> DecoderChannels { get; init; } = [];

    /// <summary>What stands behind each of the decoder's convolutions: see <see cref="Norm.Of"/>.</summary>
    public JsonNode? DecoderUseNorm { get; init; } = "batchnorm";

    /// <summary>scse, or null for none.</summary>
    public string? DecoderAttentionType { get; init; }

    /// <summary>nearest or bilinear.</summary>
    public string DecoderInterpolation { get; init; } = "nearest";

    /// <summary>Whether two more convolutions stand before the decoder, as for VGG encoders.</summary>
    public bool DecoderAddCenterBlock { get; init; }
}

/// <summary>U-Net over any encoder, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Ronneberger, Fischer, Brox 2015, arXiv:1505.04597.</remarks>
[Architecture("Unet")]
public sealed class Unet : Architecture
{
    private static readonly int[] DefaultChannels = [256, 128, 64, 32, 16];

    private readonly UnetOptions _options;
    private readonly UnetDecoderOptions _decoder;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public Unet(UnetOptions options)
    {
        _options = options;
        var depth = options.CheckedDepth();
        var channels = options.DecoderChannels.Count == 0 ? DefaultChannels[^depth..] : options.DecoderChannels;
        if (channels.Count != depth || channels.Any(c => c < 1))
        {
            throw new ConfigurationException($"decoder_channels [{string.Join(", ", channels)}] must be {depth} numbers above 0, one for each stage of encoder_depth.");
        }

        if (options.DecoderAttentionType == "scse" && channels.Any(c => c < ScseAttention.Reduction))
        {
            throw new ConfigurationException($"decoder_channels [{string.Join(", ", channels)}] must be at least {ScseAttention.Reduction} each where decoder_attention_type is scse, which keeps one in {ScseAttention.Reduction}.");
        }

        _decoder = new UnetDecoderOptions(
            channels,
            options.DecoderAttentionType switch
            {
                null or "" => false,
                "scse" => true,
                var other => throw new ConfigurationException($"decoder_attention_type '{other}' is unknown; scse and null are allowed."),
            },
            options.DecoderInterpolation switch
            {
                "nearest" => InterpolationMode.Nearest,
                "bilinear" => InterpolationMode.Bilinear,
                var other => throw new ConfigurationException($"decoder_interpolation '{other}' is unknown; nearest and bilinear are allowed."),
            },
            Norm.Of("decoder_use_norm", options.DecoderUseNorm),
            options.DecoderAddCenterBlock);
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var maps = encoder(new EncoderOptions { InChannels = shape.InChannels, Depth = _options.EncoderDepth });
        var head = Heads.Segmentation(_decoder.Channels[^1], shape.Classes, activation: _options.Activation);
        return new SegmentationModel(nameof(Unet), maps, new UnetDecoder(maps.Channels, _decoder), head, _options, shape);
    }
}
