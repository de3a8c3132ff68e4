using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>What stands between a decoder's convolution and its activation.</summary>
public enum Normalization
{
    /// <summary>Batch normalisation.</summary>
    BatchNorm,

    /// <summary>Instance normalisation with learnt scale and shift, for batches of one: group normalisation with a group for each channel.</summary>
    InstanceNorm,

    /// <summary>None; the convolution then has a bias.</summary>
    Identity,
}

/// <summary>Blocks that several architectures share, with SMP's key names.</summary>
public static class Blocks
{
    /// <summary>SMP's names of normalisations, for an option of that kind.</summary>
    /// <exception cref="ConfigurationException">Any other name.</exception>
    public static Normalization NormalizationOf(string option, string name) => name switch
    {
        "batchnorm" => Normalization.BatchNorm,
        "instancenorm" => Normalization.InstanceNorm,
        "identity" => Normalization.Identity,
        _ => throw new ConfigurationException($"{option} '{name}' is unknown; batchnorm, instancenorm and identity are allowed."),
    };

    /// <summary>Convolution, normalisation, ReLU: SMP's Conv2dReLU. Keys: 0 the convolution, 1 the normalisation.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="kernel">Side of the kernel; odd, padded so that the size stays.</param>
    /// <param name="normalization">What follows the convolution.</param>
    public static Sequential Conv2dReLU(int inChannels, int outChannels, int kernel = 3, Normalization normalization = Normalization.BatchNorm)
    {
        var bare = normalization == Normalization.Identity;
        var convolution = Conv2d(inChannels, outChannels, kernel, padding: kernel / 2, bias: bare);
        Module<Tensor, Tensor> norm = normalization switch
        {
            Normalization.BatchNorm => BatchNorm2d(outChannels),
            Normalization.InstanceNorm => GroupNorm(outChannels, outChannels),
            _ => Identity(),
        };
        return Sequential(convolution, norm, ReLU(inplace: true));
    }

    /// <summary>The last layer: one 3×3 convolution to logits. Key: 0, SMP's segmentation_head without upsampling.</summary>
    public static Sequential SegmentationHead(int inChannels, int classes) => Sequential(Conv2d(inChannels, classes, 3, padding: 1));
}
