using System.ComponentModel.DataAnnotations;
using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>Where cases come from and what they mean.</summary>
public sealed record DataPlan
{
    /// <summary>The format plugin.</summary>
    public Choice Format { get; init; } = new("hand-bone");

    /// <summary>Where the files lie.</summary>
    public SourcePlan Source { get; init; } = new();

    /// <summary>Classes used, in channel order; empty: the format's own. Classes of the source that are not named are left out.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Whether classes may overlap.</summary>
    public LabelMode Mode { get; init; } = LabelMode.Multilabel;

    /// <summary>Makes the data set first, when named; the source's root is then where it is made.</summary>
    public Choice? Synthesize { get; init; }
}

/// <summary>Where a data set lies.</summary>
public sealed record SourcePlan
{
    /// <summary>A folder, absolute or relative to the working directory; empty when the data set is synthesized.</summary>
    public string Root { get; init; } = string.Empty;
}

/// <summary>How cases are stored.</summary>
public sealed record ConvertPlan
{
    /// <summary>Longer side of stored images and labels in pixels, aspect kept; 0 keeps the original. Images by area, labels by nearest.</summary>
    public int Size { get; init; }

    /// <summary>
    /// Size of a stored pixel as [row, column], in the unit of the files' own, mm as a rule: images whose file tells the size of a pixel are brought to it,
    /// smaller by area, larger linearly, labels by nearest. Others stay as they are. Null: all do. Not with a size.
    /// </summary>
    public Spacing? Spacing { get; init; }

    /// <summary>nonzero: what is black all around an image is cut away before it is brought to its size, as nnU-Net does; answers come back in the image's own frame. Null: none.</summary>
    public Cropping? Crop { get; init; }

    /// <summary>How images and labels are brought to their size. Null: area.</summary>
    public ResamplingKind? Resampling { get; init; }
}

/// <summary>What of an image is stored.</summary>
public enum Cropping
{
    /// <summary>All of it.</summary>
    None,

    /// <summary>The smallest rectangle around its pixels that are not 0.</summary>
    Nonzero,
}

/// <summary>How pixels become fewer or more.</summary>
public enum ResamplingKind
{
    /// <summary>Images by area where they become smaller, linearly where they become larger; labels by the nearest pixel.</summary>
    Area,

    /// <summary>nnU-Net's way: images by cubic B-splines, without averaging; of labels each class linearly, from a half on.</summary>
    Spline,
}

/// <summary>What computing costs; changes no result.</summary>
public sealed record CostPlan
{
    /// <summary>As it is shown, e.g. EUR.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>Price of an hour of wall time, at least 0.</summary>
    [Range(0.0, double.MaxValue)]
    public double PerHour { get; init; }
}
