using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Where TorchSharp's package serves the tensors: it cannot set libtorch's autocast, so the region says so rather than train in float32 unnoticed.</summary>
public sealed class Autocast : IDisposable
{
    private Autocast()
    {
    }

    /// <summary>Refuses.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static Autocast Enter(DeviceType device, ScalarType dtype) => throw new NotSupportedException(
        $"TorchSharp's package has no autocast, so nothing can run as {dtype} on {device}; train in float32, or build without UseTorchSharp (docs/torchsharp.md).");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
