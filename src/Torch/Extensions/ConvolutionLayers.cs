using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch;

/// <summary>Layers that follow each other in nearly every network, called as one where evaluation allows it; see <see cref="FusedConvolution"/>.</summary>
public static class ConvolutionLayers
{
    /// <summary>Convolution and normalisation.</summary>
    /// <returns>What the current dispose scope owns.</returns>
    public static Tensor Normalised(Conv2d convolution, BatchNorm2d norm, Tensor input) =>
        FusedConvolution.Try(convolution, norm, input) ?? norm.forward(convolution.forward(input));

    /// <summary>Convolution, normalisation, a shortcut where there is one, ReLU.</summary>
    /// <returns>What the current dispose scope owns.</returns>
    public static Tensor Rectified(Conv2d convolution, BatchNorm2d norm, Tensor input, Tensor? shortcut = null)
    {
        if (FusedConvolution.Try(convolution, norm, input, shortcut, relu: true) is { } whole)
        {
            return whole;
        }

        var x = norm.forward(convolution.forward(input));
        return functional.relu(shortcut is null ? x : x.add_(shortcut), inplace: true);
    }
}
