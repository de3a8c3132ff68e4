using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Architectures.DeepLab;

/// <summary>What DeepLabV3 and DeepLabV3Plus have in common; names are SMP's.</summary>
public abstract record AtrousOptions : SegmentationModelOptions
{
    private static readonly int[] DefaultRates = [12, 24, 36];

    /// <summary>16 or 8, by dilation of the encoder's last stages.</summary>
    public int EncoderOutputStride { get; init; } = 16;

    /// <summary>Channels of the decoder's maps.</summary>
    public int DecoderChannels { get; init; } = 256;

    /// <summary>How far apart the taps of the three dilated convolutions lie. Empty: 12, 24, 36.</summary>
    public IReadOnlyList<int> DecoderAtrousRates { get; init; } = [];

    /// <summary>Whether those convolve each channel by itself first.</summary>
    public bool DecoderAsppSeparable { get; init; }

    /// <summary>Share of what is dropped behind them in training, in [0, 1).</summary>
    public double DecoderAsppDropout { get; init; } = 0.5;

    /// <summary>The pyramid's numbers, checked with the rest.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    internal AtrousPyramidOptions Checked()
    {
        CheckedDepth();
        if (EncoderOutputStride is not (8 or 16))
        {
            throw new ConfigurationException($"encoder_output_stride {EncoderOutputStride} must be 8 or 16.");
        }

        var rates = DecoderAtrousRates.Count == 0 ? DefaultRates : DecoderAtrousRates;
        return rates.Count == DefaultRates.Length && rates.All(rate => rate >= 1)
            ? new AtrousPyramidOptions(
                SegmentationModelOptions.CheckedChannels("decoder_channels", DecoderChannels), rates, DecoderAsppSeparable,
                SegmentationModelOptions.CheckedDropout("decoder_aspp_dropout", DecoderAsppDropout))
            : throw new ConfigurationException($"decoder_atrous_rates [{string.Join(", ", rates)}] must be three numbers above 0.");
    }
}
