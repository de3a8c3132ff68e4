namespace Osteon.Abstractions;

/// <summary>What every network of a run has to fit.</summary>
/// <param name="InChannels">Image channels.</param>
/// <param name="Classes">Logit channels.</param>
public sealed record NetworkShape(int InChannels, int Classes)
{
    /// <summary>
    /// Where each class's logit starts, or null for 0: the logit of the class's share of pixels spares the hundreds of steps in
    /// which a network would learn nothing but that small classes are rare (Lin et al. 2017, arXiv:1708.02002, section 4.1).
    /// </summary>
    public IReadOnlyList<double>? HeadBias { get; init; }
}

/// <summary>Builds the experiment's encoder; the architecture says depth and stride. Throws when the experiment names none.</summary>
public delegate Encoder EncoderFactory(EncoderOptions options);

/// <summary>Builds networks of one kind.</summary>
public abstract class Architecture
{
    /// <summary>A new network, initialised from libtorch's generator, in training mode, on the CPU.</summary>
    /// <param name="shape">Channels in and out.</param>
    /// <param name="encoder">Makes the encoder; name and input channels are filled in by the caller's experiment.</param>
    public abstract Network Build(NetworkShape shape, EncoderFactory encoder);
}
