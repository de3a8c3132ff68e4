using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Smooths each channel by the binomial kernel of three before it drops pixels, which a shift of the image then moves less; mirrored at the edges, or zeros beyond them. It has no keys.</summary>
/// <remarks>Zhang 2019, arXiv:1904.11486.</remarks>
/// <param name="stride">Pixels from one place to the next.</param>
/// <param name="mirrored">What lies beyond the edges.</param>
public sealed class BlurPool2d(int stride, bool mirrored = true) : Module<Tensor, Tensor>(nameof(BlurPool2d))
{
    private static readonly float[] s_kernel = [1 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 4 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 1 / 16f];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var channels = input.shape[1];
        var kernel = tensor(s_kernel, [1, 1, 3, 3]).to(input.dtype).to(input.device).expand(channels, 1, 3, 3);
        return functional.conv2d(functional.pad(input, [1, 1, 1, 1], mirrored ? PaddingModes.Reflect : PaddingModes.Constant), kernel, strides: [stride, stride], groups: channels).MoveToOuterDisposeScope();
    }
}
