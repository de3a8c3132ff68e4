using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Channels-last order, in which oneDNN and cuDNN convolve faster.</summary>
public static class MemoryFormats
{
    /// <summary>The same values (N, C, H, W), laid out as (N, H, W, C); this memory where it already is.</summary>
    public static Tensor to_channels_last(this Tensor images)
    {
        using var scope = NewDisposeScope();
        return images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Reorders the 4-d parameters and buffers in place; shapes and values stay. Give the network channels-last inputs too.</summary>
    public static T to_channels_last<T>(this T module) where T : nn.Module
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var tensor in module.parameters().Concat(module.buffers()).Where(t => t.ndim == 4))
        {
            tensor.set_(tensor.to_channels_last());
            tensor.grad?.set_(tensor.grad.to_channels_last());
        }

        return module;
    }
}
