using Osteon.Torch.Interop;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>
/// A convolution together with what a decoder or a residual block does before and after it, in one pass over memory: joining an enlarged
/// map, normalising, adding a shortcut, rectifying. Values differ from those of the layers one by one by rounding alone.
/// </summary>
/// <remarks>
/// For evaluation in float32 on processors with AVX-512, channels last, where no gradient is recorded, no autocast is on and nobody
/// observes operators. Everywhere else, and where a shape gains nothing, there is no result and the layers are to be called.
/// </remarks>
public static unsafe class FusedConvolution
{
    /// <summary>Of one map.</summary>
    /// <param name="convolution">Pads with zeros or not at all.</param>
    /// <param name="norm">Follows; null for none.</param>
    /// <param name="input">(N, C, H, W).</param>
    /// <param name="shortcut">Of the result's shape, added after the normalisation; null for none.</param>
    /// <param name="relu">Whether ReLU comes last.</param>
    /// <param name="most">The largest value that ReLU lets through: 6 for ReLU6.</param>
    /// <returns>What the current dispose scope owns, or null.</returns>
    public static Tensor? Try(Conv2d convolution, BatchNorm2d? norm, Tensor input, Tensor? shortcut = null, bool relu = false, double most = double.PositiveInfinity) =>
        Call(convolution, norm, null, input, shortcut, relu ? most : 0, planes: false);

    /// <summary>Of a map enlarged twice by its nearest pixels, and another joined to it by channels.</summary>
    /// <param name="convolution">Of 3×3.</param>
    /// <param name="norm">Follows; null for none.</param>
    /// <param name="below">(N, C, H / 2, W / 2).</param>
    /// <param name="beside">(N, S, H, W); null for none.</param>
    /// <param name="relu">Whether ReLU comes last.</param>
    /// <returns>What the current dispose scope owns, or null.</returns>
    public static Tensor? TryJoined(Conv2d convolution, BatchNorm2d? norm, Tensor below, Tensor? beside, bool relu = false) =>
        Call(convolution, norm, below, beside, null, relu ? double.PositiveInfinity : 0, planes: false);

    /// <summary>Makes a convolution's results contiguous where there are any by this way: for logits, which are read class by class.</summary>
    public static Conv2d GivingPlanes(this Conv2d convolution)
    {
        convolution.GivesPlanes = true;
        return convolution;
    }

    internal static Tensor? TryPlanes(Conv2d convolution, Tensor input) => Call(convolution, null, null, input, null, most: 0, planes: true);

    private static Tensor? Call(Conv2d convolution, BatchNorm2d? norm, Tensor? below, Tensor? beside, Tensor? shortcut, double most, bool planes)
    {
        if (Aten.IsObserved || is_grad_enabled() || convolution.Pads || norm is { training: true } or { running_mean: null })
        {
            return null;
        }

        var line = norm is { IsFolded: false } ? norm : null;
        var call = new ConvolutionCall
        {
            Below = below?.Handle ?? 0,
            Beside = beside?.Handle ?? 0,
            Weight = convolution.weight.Handle,
            Bias = convolution.bias?.Handle ?? 0,
            NormWeight = line?.weight?.Handle ?? 0,
            NormBias = line?.bias?.Handle ?? 0,
            Mean = line?.running_mean?.Handle ?? 0,
            Variance = line?.running_var?.Handle ?? 0,
            Shortcut = shortcut?.Handle ?? 0,
            Eps = line?.eps ?? 0,
            Stride = new(convolution.stride),
            Padding = new(convolution.padding),
            Dilation = new(convolution.dilation),
            Groups = convolution.groups,
            Most = most,
            Planes = planes ? 1 : 0,
        };
        NativeValue result;
        Native.Check(NativeMethods.osteon_fused_convolution(&call, &result));
        GC.KeepAlive(convolution);
        GC.KeepAlive(norm);
        GC.KeepAlive(below);
        GC.KeepAlive(beside);
        GC.KeepAlive(shortcut);
        return result.Tag == Tag.None ? null : Tensor.Own(result);
    }
}
