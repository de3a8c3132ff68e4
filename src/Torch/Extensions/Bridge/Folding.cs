using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>Gives a normalisation of known statistics to the convolution before it, for evaluation.</summary>
public static class Folding
{
    /// <summary>Multiplies what a convolution gives, channel by channel, and adds to it. It has a bias afterwards, and so another state dictionary.</summary>
    /// <param name="convolution">Not transposed in groups.</param>
    /// <param name="scale">(K).</param>
    /// <param name="shift">(K).</param>
    public static void Fold(this Convolution convolution, Tensor scale, Tensor shift) => convolution.FoldIn(scale, shift);

    /// <summary>Makes a normalisation pass on what it gets, in evaluation.</summary>
    public static void PassOn(this BatchNorm norm) => norm.IsFolded = true;

    /// <summary>What a normalisation does in evaluation, channel by channel: y = scale × x + shift.</summary>
    /// <returns>(K) each, the caller's; null where it keeps no statistics.</returns>
    public static (Tensor Scale, Tensor Shift)? Line(this BatchNorm norm)
    {
        if (norm.running_mean is not { } mean || norm.running_var is not { } variance)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var scale = (variance + norm.eps).rsqrt();
        scale = norm.weight is { } weight ? weight * scale : scale;
        var shift = norm.bias is { } bias ? bias - (mean * scale) : -(mean * scale);
        return (scale.MoveToOuterDisposeScope(), shift.MoveToOuterDisposeScope());
    }
}
