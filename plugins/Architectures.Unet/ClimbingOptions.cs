using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>What SMP's decoders that climb stage by stage have in common; names and defaults are its own.</summary>
public abstract record ClimbingOptions : SegmentationModelOptions
{
    private static readonly int[] DefaultChannels = [256, 128, 64, 32, 16];

    /// <summary>Channels of the decoder's blocks, deepest first; one for each stage of the encoder. Empty: 256, 128, 64, 32, 16, the last of them for fewer stages.</summary>
    public IReadOnlyList<int> DecoderChannels { get; init; } = [];

    /// <summary>What stands behind each of the decoder's convolutions: see <see cref="Norm.Of"/>.</summary>
    public JsonNode? DecoderUseNorm { get; init; } = "batchnorm";

    /// <summary>How maps are enlarged: see <see cref="Resampling.Mode"/>.</summary>
    public string DecoderInterpolation { get; init; } = "nearest";

    /// <summary>The channels, checked, with the defaults filled in.</summary>
    /// <exception cref="ConfigurationException">They do not fit the depth.</exception>
    internal IReadOnlyList<int> CheckedChannels()
    {
        var depth = CheckedDepth();
        var channels = DecoderChannels.Count == 0 ? DefaultChannels[^depth..] : DecoderChannels;
        return channels.Count == depth && channels.All(c => c >= 1)
            ? channels
            : throw new ConfigurationException($"decoder_channels [{string.Join(", ", channels)}] must be {depth} numbers above 0, one for each stage of encoder_depth.");
    }
}

/// <summary>What Unet and UnetPlusPlus have in common.</summary>
public abstract record AttentiveOptions : ClimbingOptions
{
    /// <summary>scse, or null for none.</summary>
    public string? DecoderAttentionType { get; init; }

    /// <summary>The decoder's numbers, checked.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    internal UnetDecoderOptions CheckedDecoder(bool center)
    {
        var channels = CheckedChannels();
        var scse = DecoderAttentionType switch
        {
            null or "" => false,
            "scse" => true,
            var other => throw new ConfigurationException($"decoder_attention_type '{other}' is unknown; scse and null are allowed."),
        };
        return scse && channels.Any(c => c < ScseAttention.Reduction)
            ? throw new ConfigurationException($"decoder_channels [{string.Join(", ", channels)}] must be at least {ScseAttention.Reduction} each where decoder_attention_type is scse, which keeps one in {ScseAttention.Reduction}.")
            : new UnetDecoderOptions(channels, scse, Resampling.Mode("decoder_interpolation", DecoderInterpolation), Norm.Of("decoder_use_norm", DecoderUseNorm), center);
    }
}
