using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.PostProcessing.Components;

/// <summary>Options of FillHoles.</summary>
public sealed record FillHolesOptions : ComponentOptions
{
    /// <summary>Holes of more pixels, counted at the image's original size, stay; null: none do.</summary>
    [Range(1, int.MaxValue)]
    public int? MaxSize { get; init; }
}

/// <summary>Fills holes: what is not set and cannot be left for the image's edge. What lies in a hole counts as filled too.</summary>
/// <remarks>
/// A hole is a component of the rest that has no pixel on the image's edge; where pixels of the class hang together by corners, those of a hole
/// do not, and the other way round. cv2.connectedComponents on the rest; scipy.ndimage.binary_fill_holes.
/// </remarks>
[PostProcessor("FillHoles")]
public sealed class FillHoles(FillHolesOptions options) : ClassPostProcessor(options.Checked())
{
    /// <inheritdoc/>
    protected override Mask Process(Mask mask)
    {
        if (mask.IsEmpty)
        {
            return mask;
        }

        var rest = Masks.Components.Of(mask.Complement(), options.Neighbours == Masks.Connectivity.Eight ? Masks.Connectivity.Four : Masks.Connectivity.Eight);
        var holes = rest.Where(k => !rest.IsOnEdge(k) && !(rest.Areas[k] > options.MaxSize));
        return holes.IsEmpty ? mask : mask.Union(holes);
    }
}
