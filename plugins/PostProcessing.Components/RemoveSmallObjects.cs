using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.PostProcessing.Components;

/// <summary>Options of RemoveSmallObjects; scikit-image's name and default.</summary>
public sealed record RemoveSmallObjectsOptions : ComponentOptions
{
    /// <summary>Components of fewer pixels, counted at the image's original size, are taken away.</summary>
    [Range(1, int.MaxValue)]
    public int MinSize { get; init; } = 64;
}

/// <summary>Takes small connected components away.</summary>
/// <remarks>cv2.connectedComponentsWithStats; skimage.morphology.remove_small_objects.</remarks>
[PostProcessor("RemoveSmallObjects")]
public sealed class RemoveSmallObjects(RemoveSmallObjectsOptions options) : ClassPostProcessor(options.Checked())
{
    /// <inheritdoc/>
    protected override Mask Process(Mask mask)
    {
        var components = Masks.Components.Of(mask, options.Neighbours);
        return components.Where(k => components.Areas[k] >= options.MinSize);
    }
}
