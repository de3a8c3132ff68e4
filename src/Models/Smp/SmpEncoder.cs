using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>
/// An encoder of SMP's own: the input comes first, then a map at each halving of the size; all stages exist at any depth, so that files of
/// weights fit, and are dilated after they are built (<see cref="Dilation"/>).
/// </summary>
public abstract class SmpEncoder : Encoder
{
    private const int Halvings = 5;

    /// <summary>Declares the maps that a depth leaves.</summary>
    /// <param name="options">What the architecture asks for.</param>
    /// <param name="channels">Channels of all the maps after the input: of strides 2, 4, 8, 16 and 32. Six where the encoder's own first map stands in the input's place.</param>
    /// <param name="leastDepth">The least depth SMP takes.</param>
    /// <param name="dilates">False where pooling halves the maps, which dilation cannot stand in for: the output stride is then 32.</param>
    /// <exception cref="ConfigurationException">An option is outside what SMP allows.</exception>
    protected SmpEncoder(EncoderOptions options, IReadOnlyList<int> channels, int leastDepth = 1, bool dilates = true)
        : base(options.Name, ChannelsOf(Checked(options, leastDepth, dilates), channels), TimmFeatures.SmpStrides(options)) => Depth = options.Depth;

    /// <summary>Maps after the input.</summary>
    protected int Depth { get; }

    private static int[] ChannelsOf(EncoderOptions options, IReadOnlyList<int> channels)
    {
        int[] all = channels.Count > Halvings ? [.. channels] : [options.InChannels, .. channels];
        return all[..(options.Depth + 1)];
    }

    private static EncoderOptions Checked(EncoderOptions options, int leastDepth, bool dilates) => options switch
    {
        { InChannels: < 1 } => throw new ConfigurationException($"encoder {options.Name}: in_channels {options.InChannels} must be at least 1."),
        _ when options.Depth < leastDepth || options.Depth > Halvings => throw new ConfigurationException($"encoder {options.Name}: depth {options.Depth} must be {leastDepth} to {Halvings}."),
        { OutputStride: not (8 or 16 or 32) } => throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} must be 8, 16 or 32."),
        { OutputStride: < 32 } when !dilates => throw new ConfigurationException(
            $"encoder {options.Name}: output stride {options.OutputStride} cannot be had, since pooling halves its maps, which dilation does not stand in for. Ask for 32, or take another encoder."),
        _ => options,
    };
}
