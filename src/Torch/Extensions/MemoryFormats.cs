using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>A whole network in channels-last order, in which oneDNN and cuDNN convolve faster.</summary>
public static class MemoryFormats
{
    /// <summary>Reorders the 4-d parameters and buffers in place; shapes and values stay. Give the network channels-last inputs too.</summary>
    public static T to_channels_last<T>(this T module) where T : nn.Module
    {
        module.Convert(t => t.ndim == 4 ? t.contiguous(channels_last) : t);
        return module;
    }
}
