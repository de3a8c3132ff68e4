using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Where TorchSharp's package serves the tensors, layers are always called one by one.</summary>
public static class FusedConvolution
{
    /// <summary>Null.</summary>
    public static Tensor? Try(Conv2d convolution, BatchNorm2d? norm, Tensor input, Tensor? shortcut = null, bool relu = false, double most = double.PositiveInfinity) => null;

    /// <summary>Null.</summary>
    public static Tensor? TryJoined(Conv2d convolution, BatchNorm2d? norm, Tensor below, Tensor? beside, bool relu = false) => null;

    /// <summary>The same convolution.</summary>
    public static Conv2d GivingPlanes(this Conv2d convolution) => convolution;
}
