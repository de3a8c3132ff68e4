using Osteon.Torch.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Runs convolutions and matrix products in a narrower type on this thread, as PyTorch's autocast does. Dispose it on the same thread.</summary>
public sealed class Autocast : IDisposable
{
    private readonly DeviceType _device;
    private readonly int _before;
    private readonly ThreadOwned _thread = new();
    private bool _left;

    private Autocast(DeviceType device, ScalarType dtype)
    {
        _device = device;
        _before = Native.Check(NativeMethods.osteon_autocast((int)device, 1, (int)dtype));
        Native.Check(NativeMethods.osteon_autocast_nesting(1));
    }

    /// <summary>Opens a region.</summary>
    /// <param name="device">Whose operators.</param>
    /// <param name="dtype">BFloat16 on the CPU; BFloat16 or Float16 on a GPU.</param>
    public static Autocast Enter(DeviceType device, ScalarType dtype) => new(device, dtype);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_left)
        {
            _thread.Check(nameof(Autocast));
            _left = true;
            Native.Check(NativeMethods.osteon_autocast_nesting(-1));
            Native.Check(NativeMethods.osteon_autocast((int)_device, _before & 1, _before >> 8));
        }
    }
}
