using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Arrays on their way to where they are computed with.</summary>
public static class Transfer
{
    /// <summary>A copy of an array as a tensor on a device. A GPU fetches it from pinned memory by itself, beside what it computes.</summary>
    /// <param name="data">The elements, in the order of their indices; free to change once this returns.</param>
    /// <param name="size">The shape.</param>
    /// <param name="device">Where to.</param>
    public static Tensor To(float[] data, long[] size, Device device)
    {
        if (device.type == DeviceType.CPU)
        {
            return tensor(data, size);
        }

        using var scope = NewDisposeScope();
        return tensor(data, size).pin_memory().to(device, non_blocking: true).MoveToOuterDisposeScope();
    }
}
