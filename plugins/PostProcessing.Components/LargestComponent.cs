using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.PostProcessing.Components;

/// <summary>Options of everything that counts components.</summary>
public abstract record ComponentOptions : PostProcessorOptions
{
    /// <summary>8: pixels that touch at a corner belong together; 4: only those that share a side do.</summary>
    [Range(4, 8)]
    [AllowedValues(4, 8)]
    public int Connectivity { get; init; } = 8;

    /// <summary>The same as a word.</summary>
    internal Connectivity Neighbours => (Connectivity)Connectivity;
}

/// <summary>Options of LargestComponent.</summary>
public sealed record LargestComponentOptions : ComponentOptions
{
    /// <summary>How many components stay, the largest first.</summary>
    [Range(1, 1_000_000)]
    public int Keep { get; init; } = 1;

    /// <summary>True: components are those of all classes together, so that a class may keep several pieces that hang together by others.</summary>
    public bool Together { get; init; }
}

/// <summary>Keeps the largest connected component of a class.</summary>
/// <remarks>
/// cv2.connectedComponentsWithStats; of components of one size the one that OpenCV numbers first. With <c>together</c> nnU-Net's first step:
/// Isensee et al. 2021, doi:10.1038/s41592-020-01008-z.
/// </remarks>
[PostProcessor("LargestComponent")]
public sealed class LargestComponent(LargestComponentOptions options) : PostProcessor(options.Checked())
{
    /// <inheritdoc/>
    public override bool Together => options.Together;

    /// <inheritdoc/>
    public override IReadOnlyList<Mask> Process(IReadOnlyList<Mask> masks)
    {
        if (!options.Together || masks.Count < 2)
        {
            return [.. masks.Select(Largest)];
        }

        var kept = Largest(masks.Aggregate((all, mask) => all.Union(mask)));
        return [.. masks.Select(mask => mask.Intersect(kept))];
    }

    private Mask Largest(Mask mask)
    {
        var components = Masks.Components.Of(mask, options.Neighbours);
        if (components.Count <= options.Keep)
        {
            return mask;
        }

        var kept = Enumerable.Range(0, components.Count).OrderByDescending(k => components.Areas[k]).Take(options.Keep).ToHashSet();
        return components.Where(kept.Contains);
    }
}
