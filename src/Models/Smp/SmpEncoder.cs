using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>
/// An encoder of SMP's own: the input comes first, then a map at each halving of the size; all stages exist at any depth, so that files of
/// weights fit, and are dilated after they are built (<see cref="Dilation"/>).
/// </summary>
public abstract class SmpEncoder : Encoder
{
    /// <summary>Declares the maps that a depth leaves.</summary>
    /// <param name="options">What the architecture asks for.</param>
    /// <param name="channels">Channels of all the maps after the input: of strides 2, 4, 8, 16 and 32.</param>
    /// <param name="leastDepth">The least depth SMP takes.</param>
    /// <exception cref="ConfigurationException">An option is outside what SMP allows.</exception>
    protected SmpEncoder(EncoderOptions options, IReadOnlyList<int> channels, int leastDepth = 1)
        : base(options.Name, [options.InChannels, .. channels.Take(Checked(options, leastDepth).Depth)], TimmFeatures.SmpStrides(options)) => Depth = options.Depth;

    /// <summary>Maps after the input.</summary>
    protected int Depth { get; }

    private static EncoderOptions Checked(EncoderOptions options, int leastDepth) => options switch
    {
        { InChannels: < 1 } => throw new ConfigurationException($"encoder {options.Name}: in_channels {options.InChannels} must be at least 1."),
        _ when options.Depth < leastDepth || options.Depth > 5 => throw new ConfigurationException($"encoder {options.Name}: depth {options.Depth} must be {leastDepth} to 5."),
        { OutputStride: not (8 or 16 or 32) } => throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} must be 8, 16 or 32."),
        _ => options,
    };
}
