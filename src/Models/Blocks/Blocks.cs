using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Blocks that several families share, with the references' key names.</summary>
public static class Blocks
{
    /// <summary>Convolution, normalisation, ReLU: SMP's Conv2dReLU. Keys: 0 the convolution, 1 the normalisation.</summary>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="norm">What follows the convolution, which has a bias only where that is nothing; null is batch normalisation.</param>
    /// <param name="padding">Null: half the kernel, so that the size stays.</param>
    /// <param name="stride">Pixels from one place to the next.</param>
    public static Sequential Conv2dReLU(int inChannels, int outChannels, int kernel = 3, Norm? norm = null, int? padding = null, int stride = 1)
    {
        norm ??= Norm.Batch;
        var convolution = Conv2d(inChannels, outChannels, kernel, stride: stride, padding: padding ?? (kernel / 2), bias: norm.Kind == Normalization.Identity);
        return Sequential(convolution, norm.Layer(outChannels), ReLU(inplace: true));
    }

    /// <summary>The nearest multiple of a divisor, not more than 10 % below the value: how mobile networks round channels.</summary>
    /// <remarks>Keeps at least <paramref name="divisor"/>, or <paramref name="least"/> where given. Sandler et al. 2018, arXiv:1801.04381.</remarks>
    public static int MakeDivisible(double value, int divisor = 8, int? least = null, double roundLimit = 0.9)
    {
        var rounded = Math.Max(least ?? divisor, (int)(value + (divisor / 2.0)) / divisor * divisor);
        return rounded < roundLimit * value ? rounded + divisor : rounded;
    }

    /// <summary>Shares of samples that each block of a deep network drops: from 0 at the first, evenly, to the most at the last.</summary>
    /// <remarks>Huang et al. 2016, arXiv:1603.09382.</remarks>
    /// <param name="most">At the last block, in [0, 1).</param>
    /// <param name="depths">Blocks of each stage.</param>
    /// <returns>A share a block, by stage.</returns>
    public static double[][] DropPathRates(double most, params IReadOnlyList<int> depths)
    {
        var last = Math.Max(depths.Sum() - 1, 1);
        return [.. depths.Select((depth, stage) => Enumerable.Range(depths.Take(stage).Sum(), depth).Select(block => most * block / last).ToArray())];
    }
}
