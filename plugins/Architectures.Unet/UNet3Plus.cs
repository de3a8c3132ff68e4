using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>How large the network is, and what it learns from.</summary>
public sealed record UNet3PlusOptions
{
    /// <summary>Channels at full size; each level below has twice as many. The paper has 64.</summary>
    [Range(1, 1024)]
    public int Width { get; init; } = 64;

    /// <summary>Whether each level of the decoder gives logits to learn from; all count alike.</summary>
    public bool DeepSupervision { get; init; }

    /// <summary>Whether a classifier says if the class is in the image at all, and holds the logits at 0 where it is not. Of one class, and with deep supervision.</summary>
    public bool ClassificationGuided { get; init; }

    /// <summary>Whether the encoder normalises; the decoder always does.</summary>
    public bool BatchNorm { get; init; } = true;
}

/// <summary>U-Net 3+: each level of the decoder sees every level of the encoder and of the decoder below it. Key names are those of the authors' published code.</summary>
/// <remarks>Huang et al. 2020, arXiv:2004.08790, figures 1 and 3.</remarks>
[Architecture("UNet3Plus")]
public sealed class UNet3Plus : Architecture
{
    private readonly UNet3PlusOptions _options;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">The classifier is asked for without deep supervision.</exception>
    public UNet3Plus(UNet3PlusOptions options) => _options = options.ClassificationGuided && !options.DeepSupervision
        ? throw new ConfigurationException("classification_guided needs deep_supervision: true; the classifier guides all outputs of the decoder.")
        : options;

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder) => _options.ClassificationGuided && shape.Classes != 1
        ? throw new ConfigurationException($"classification_guided tells whether one class is in the image; the experiment has {shape.Classes}. Leave it away.")
        : new UNet3PlusNetwork(shape, _options);
}
