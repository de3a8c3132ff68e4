using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Abstractions;

/// <summary>
/// Maps images (N, C, H, W) to logits (N, K, H, W). Calling it gives the main output alone, which is what a prediction needs;
/// what is learnt from besides, such as deep supervision or an auxiliary head, comes by <see cref="ForwardAll"/>.
/// </summary>
public abstract class Network(string name) : Module<Tensor, Tensor>(name)
{
    /// <summary>The image sizes it takes.</summary>
    public abstract InputSizes Sizes { get; }

    /// <summary>What <see cref="ForwardAll"/> returns, the main output first.</summary>
    public virtual IReadOnlyList<NetworkOutput> Outputs => [NetworkOutput.Main];

    /// <summary>Every output that is declared, in evaluation mode too.</summary>
    /// <returns>As many tensors as <see cref="Outputs"/> has; the caller's scope owns them.</returns>
    public virtual IReadOnlyList<Tensor> ForwardAll(Tensor input) => [forward(input)];
}

/// <summary>How an output is compared with the labels.</summary>
public enum OutputKind
{
    /// <summary>Logits (N, K, h, w); where they are smaller than the labels, they are enlarged to their size, bilinearly.</summary>
    Logits,

    /// <summary>Logits (N, K, h, w) of a coarser level of deep supervision; the labels are reduced to their size, by the nearest pixel.</summary>
    CoarseLogits,

    /// <summary>Logits (N, K): whether a class occurs in the image at all.</summary>
    Presence,

    /// <summary>Logits (N, K): which one class the whole image is of. The main output of a network that classifies.</summary>
    ImageLogits,

    /// <summary>What an activation has made of logits: it can be looked at, but neither trained nor predicted with here.</summary>
    Activated,
}

/// <summary>One output of a network.</summary>
/// <param name="Kind">What it is compared with.</param>
/// <param name="Weight">Its loss's share of the sum.</param>
public sealed record NetworkOutput(OutputKind Kind, double Weight = 1)
{
    /// <summary>Logits of full weight.</summary>
    public static NetworkOutput Main { get; } = new(OutputKind.Logits);

    /// <summary>Levels of deep supervision, the finest, main one first: each weighs half of the one before, the coarsest nothing, and all add up to 1.</summary>
    /// <remarks>nnU-Net's weights: Isensee et al. 2021, doi:10.1038/s41592-020-01008-z. A single level is <see cref="Main"/>.</remarks>
    /// <param name="levels">At least 1.</param>
    public static IReadOnlyList<NetworkOutput> DeepSupervision(int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        var sum = 2 - Math.ScaleB(1, 2 - levels);                   // 1 + 1/2 + … of all but the coarsest
        return levels == 1 ? [Main] : [.. Enumerable.Range(0, levels).Select(i =>
            new NetworkOutput(i == 0 ? OutputKind.Logits : OutputKind.CoarseLogits, i == levels - 1 ? 0 : Math.ScaleB(1, -i) / sum))];
    }
}
