using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Averages 2×2 pixels at each place, zeros beyond the lower and the right edge, so that the size stays: what timm's shortcuts do where a stage is dilated.</summary>
public sealed class SameAvgPool2d() : Module<Tensor, Tensor>(nameof(SameAvgPool2d))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var padded = functional.pad(input, [0, 1, 0, 1]);
        return functional.avg_pool2d(padded, 2, 1);
    }
}
