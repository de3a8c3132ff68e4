using Osteon.Abstractions;

namespace Osteon.Plugins.Encoders.MobileOne;

/// <summary>What MobileOne takes beyond what all encoders take.</summary>
public sealed record MobileOneOptions : EncoderOptions
{
    /// <summary>One convolution instead of each set of branches: for weights that were fused.</summary>
    public bool InferenceMode { get; init; }
}
