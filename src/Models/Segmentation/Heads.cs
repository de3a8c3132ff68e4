using Osteon.Abstractions;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>SMP's last layers.</summary>
public static class Heads
{
    /// <summary>One convolution to logits, enlargement, activation. Key: 0.</summary>
    /// <param name="inChannels">Channels of the decoder's map.</param>
    /// <param name="classes">Logit channels.</param>
    /// <param name="kernel">Side of the kernel, odd; the size stays.</param>
    /// <param name="upsampling">Factor of enlargement, at least 1: bilinear, corner pixels' centres on each other.</param>
    /// <param name="activation">As <see cref="SegmentationModelOptions.Activation"/>.</param>
    /// <exception cref="ConfigurationException">The factor is below 1, or the activation is unknown.</exception>
    public static Sequential Segmentation(int inChannels, int classes, int kernel = 3, double upsampling = 1, string? activation = null) => Sequential(
        upsampling == 1 ? Conv2d(inChannels, classes, kernel, padding: kernel / 2).GivingPlanes() : Conv2d(inChannels, classes, kernel, padding: kernel / 2),
        upsampling switch
        {
            1 => Identity(),
            > 1 => Upsample(scale_factor: [upsampling, upsampling], mode: UpsampleMode.Bilinear, align_corners: true),
            _ => throw new ConfigurationException($"upsampling {upsampling} must be at least 1."),
        },
        Activation("activation", activation));

    /// <summary>Pools a map to one pixel and classifies it. Key: 3.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public static Sequential Classification(int inChannels, AuxParams options) => Sequential(
        options.Pooling switch
        {
            "avg" => AdaptiveAvgPool2d(1),
            "max" => AdaptiveMaxPool2d([1, 1]),
            _ => throw new ConfigurationException($"aux_params.pooling '{options.Pooling}' is unknown; avg and max are allowed."),
        },
        Flatten(),
        options.Dropout switch
        {
            null or 0 => Identity(),
            > 0 and < 1 => Dropout(options.Dropout.Value),
            _ => throw new ConfigurationException($"aux_params.dropout {options.Dropout} must be at least 0 and below 1."),
        },
        Linear(inChannels, options.Classes > 0 ? options.Classes : throw new ConfigurationException($"aux_params.classes {options.Classes} must be at least 1.")),
        Activation("aux_params.activation", options.Activation));

    /// <summary>A module by SMP's name of it.</summary>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="name">The name; null is identity.</param>
    /// <exception cref="ConfigurationException">There is none of that name.</exception>
    public static Module<Tensor, Tensor> Activation(string option, string? name) => name switch
    {
        null or "identity" => Identity(),
        "sigmoid" => Sigmoid(),
        "softmax" or "softmax2d" => Softmax(1),
        "logsoftmax" => LogSoftmax(1),
        "tanh" => Tanh(),
        "argmax" => new Pointwise(name, x => x.argmax()),
        "argmax2d" => new Pointwise(name, x => x.argmax(1)),
        "clamp" => new Pointwise(name, x => x.clamp(0, 1)),
        _ => throw new ConfigurationException($"{option} '{name}' is unknown; sigmoid, softmax, softmax2d, logsoftmax, tanh, argmax, argmax2d, clamp, identity and null are allowed."),
    };

    private sealed class Pointwise(string name, Func<Tensor, Tensor> function) : Module<Tensor, Tensor>(name)
    {
        public override Tensor forward(Tensor input) => function(input);
    }
}
