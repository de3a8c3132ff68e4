using System.ComponentModel.DataAnnotations;

namespace Osteon.Abstractions;

/// <summary>What every augmentation lets an experiment choose; an augmentation's own options derive from it.</summary>
public abstract record AugmentationOptions
{
    /// <summary>How often it is applied.</summary>
    [Range(0.0, 1.0)]
    public double P { get; init; } = 0.5;
}

/// <summary>
/// Options whose defaults Albumentations changed between its versions 1 and 2. Those are null here until they are written, and the
/// augmentation asks <see cref="Old"/> what null means.
/// </summary>
public abstract record CompatibleOptions : AugmentationOptions
{
    /// <summary>Whose defaults are meant where nothing is written: <c>2.x</c> or <c>1.x</c> of Albumentations.</summary>
    [AllowedValues("1.x", "2.x")]
    public string Compat { get; init; } = "2.x";

    /// <summary>True where version 1's defaults are meant.</summary>
    public bool Old => Compat == "1.x";
}

/// <summary>What fills the place of pixels that come from outside the image.</summary>
public abstract record BorderOptions : CompatibleOptions
{
    /// <summary>constant, replicate, reflect (symmetric is another name for it), reflect_101 or wrap. constant; in 1.x reflect_101, but for Affine and Perspective.</summary>
    public string? BorderMode { get; init; }

    /// <summary>Intensity outside, in the pixel's own units, where the border is constant.</summary>
    [Range(0.0, 65535.0)]
    public double Fill { get; init; }

    /// <summary>Label word outside, bit k for class k, where the border is constant; 0: no class.</summary>
    public long FillMask { get; init; }

    /// <summary>The border that is meant.</summary>
    /// <param name="old">Version 1's default.</param>
    /// <exception cref="ConfigurationException">There is no such border.</exception>
    public Border Border(string old = "reflect_101") => Abstractions.Border.Of(BorderMode ?? (Old ? old : "constant"), Fill, FillMask);
}

/// <summary>Options of warps: what fills the outside, and how pixels between pixels are read. Label words are always read at the nearest.</summary>
public abstract record WarpOptions : BorderOptions
{
    /// <summary>nearest, linear, cubic, area or lanczos4, for grey levels. A warp has no areas: there area is linear, as in OpenCV.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Linear;

    /// <summary>The interpolation that a warp does.</summary>
    public Interpolation Reading => Interpolation == Interpolation.Area ? Interpolation.Linear : Interpolation;
}
