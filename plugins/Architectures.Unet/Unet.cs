using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>SMP's options and defaults.</summary>
public sealed record UnetOptions
{
    /// <summary>Stages of the encoder that are used, 3 to 5.</summary>
    public int EncoderDepth { get; init; } = 5;

    /// <summary>Channels of the decoder's blocks, deepest first; one for each stage of the encoder. Empty: 256, 128, 64, 32, 16, the last of them for fewer stages.</summary>
    public IReadOnlyList<int> DecoderChannels { get; init; } = [];

    /// <summary>scse, or null for none.</summary>
    public string? DecoderAttentionType { get; init; }

    /// <summary>nearest or bilinear.</summary>
    public string DecoderInterpolation { get; init; } = "nearest";

    /// <summary>batchnorm, instancenorm (with learnt scale and shift), or identity.</summary>
    public string DecoderUseNorm { get; init; } = "batchnorm";
}

/// <summary>U-Net over any encoder, as segmentation_models.pytorch 0.5 builds it, with its key names.</summary>
/// <remarks>Ronneberger, Fischer, Brox 2015, arXiv:1505.04597.</remarks>
[Architecture("Unet")]
public sealed class Unet : Architecture
{
    private static readonly int[] DefaultChannels = [256, 128, 64, 32, 16];

    private readonly UnetDecoderOptions _decoder;
    private readonly int _depth;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public Unet(UnetOptions options)
    {
        _depth = options.EncoderDepth is >= 3 and <= 5
            ? options.EncoderDepth
            : throw new ConfigurationException($"encoder_depth {options.EncoderDepth} must be 3, 4 or 5.");
        var channels = options.DecoderChannels.Count == 0 ? DefaultChannels[^_depth..] : options.DecoderChannels;
        if (channels.Count != _depth || channels.Any(c => c < 1))
        {
            throw new ConfigurationException($"decoder_channels [{string.Join(", ", channels)}] must be {_depth} numbers above 0, one for each stage of encoder_depth.");
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
            Blocks.NormalizationOf("decoder_use_norm", options.DecoderUseNorm));
    }

    /// <inheritdoc/>
    public override int SizeMultiple => 1 << _depth;

    /// <inheritdoc/>
    public override Module<Tensor, Tensor> Build(NetworkShape shape, EncoderFactory encoder) =>
        new UnetNetwork(encoder(new EncoderOptions { InChannels = shape.InChannels, Depth = _depth }), _decoder, shape);
}
