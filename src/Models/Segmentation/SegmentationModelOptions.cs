using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>What SMP's architectures have in common; names and defaults are its own.</summary>
public abstract record SegmentationModelOptions
{
    /// <summary>Stages of the encoder that are used, 3 to 5.</summary>
    public int EncoderDepth { get; init; } = 5;

    /// <summary>
    /// What follows the logits: sigmoid, softmax, softmax2d, logsoftmax, tanh, argmax, argmax2d, clamp, identity, or null for none.
    /// Training and prediction here take logits: a network with one can be looked at, and its weights exported.
    /// </summary>
    public string? Activation { get; init; }

    /// <summary>An image classifier on the deepest map, or null for none.</summary>
    public AuxParams? AuxParams { get; init; }

    /// <summary>The depth, checked.</summary>
    /// <exception cref="ConfigurationException">It is outside what is allowed.</exception>
    public int CheckedDepth(int least = 3) => EncoderDepth >= least && EncoderDepth <= 5
        ? EncoderDepth
        : throw new ConfigurationException($"encoder_depth {EncoderDepth} must be {least} to 5.");

    /// <summary>A number of channels, checked.</summary>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="channels">At least 1 …</param>
    /// <param name="multiple">… and a multiple of this.</param>
    /// <exception cref="ConfigurationException">It is not.</exception>
    public static int CheckedChannels(string option, int channels, int multiple = 1) => channels >= 1 && channels % multiple == 0
        ? channels
        : throw new ConfigurationException(multiple == 1 ? $"{option} {channels} must be at least 1." : $"{option} {channels} must be a multiple of {multiple}.");

    /// <summary>A share of what is dropped in training, checked.</summary>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="dropout">In [0, 1).</param>
    /// <exception cref="ConfigurationException">It is not.</exception>
    public static double CheckedDropout(string option, double dropout) => dropout is >= 0 and < 1
        ? dropout
        : throw new ConfigurationException(FormattableString.Invariant($"{option} {dropout} must be at least 0 and below 1."));
}

/// <summary>SMP's <c>aux_params</c>: a second head that tells which classes occur in the image.</summary>
public sealed record AuxParams
{
    /// <summary>Classes it tells apart; to be trained here, as many as the experiment has.</summary>
    public int Classes { get; init; }

    /// <summary>avg or max.</summary>
    public string Pooling { get; init; } = "avg";

    /// <summary>Share of the pooled features that is dropped in training, in [0, 1); null for none.</summary>
    public double? Dropout { get; init; }

    /// <summary>As <see cref="SegmentationModelOptions.Activation"/>.</summary>
    public string? Activation { get; init; }

    /// <summary>Its loss, binary cross-entropy on whether a class occurs, in shares of the main one. Not SMP's, which leaves the loss to its user.</summary>
    public double LossWeight { get; init; } = 0.5;
}
