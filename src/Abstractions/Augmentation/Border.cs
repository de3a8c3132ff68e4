namespace Osteon.Abstractions;

/// <summary>How a pixel between pixels is read; the numbers are OpenCV's.</summary>
public enum Interpolation
{
    /// <summary>The nearest pixel.</summary>
    Nearest = 0,

    /// <summary>Bilinear.</summary>
    Linear = 1,

    /// <summary>Bicubic, 4×4.</summary>
    Cubic = 2,

    /// <summary>The mean over the area a pixel covers; for making images smaller.</summary>
    Area = 3,

    /// <summary>Lanczos, 8×8.</summary>
    Lanczos4 = 4,
}

/// <summary>What lies outside the image; the numbers are OpenCV's.</summary>
public enum BorderMode
{
    /// <summary>A constant: iiii|abcd|iiii.</summary>
    Constant = 0,

    /// <summary>The edge: aaaa|abcd|dddd.</summary>
    Replicate = 1,

    /// <summary>A mirror that repeats the edge: dcba|abcd|dcba.</summary>
    Reflect = 2,

    /// <summary>The other side: abcd|abcd|abcd.</summary>
    Wrap = 3,

    /// <summary>A mirror on the edge's centre: dcb|abcd|cba.</summary>
    Reflect101 = 4,
}

/// <summary>What fills the place of pixels that come from outside the image.</summary>
/// <param name="Mode">The rule.</param>
/// <param name="Fill">Intensity outside, in the pixel's own units, where the rule is <see cref="BorderMode.Constant"/>.</param>
/// <param name="FillMask">Label word outside, bit k for class k, where the rule is <see cref="BorderMode.Constant"/>; 0: no class.</param>
public readonly record struct Border(BorderMode Mode, double Fill = 0, long FillMask = 0)
{
    /// <summary>The border as options write it.</summary>
    /// <param name="mode">constant, replicate, reflect (or symmetric, numpy's name for it), reflect_101 or wrap.</param>
    /// <param name="fill">In [0, 65535].</param>
    /// <param name="fillMask">Any word.</param>
    /// <exception cref="ConfigurationException">The mode is unknown, or the fill is outside its interval.</exception>
    public static Border Of(string mode, double fill, long fillMask) => new(
        mode switch
        {
            "constant" => BorderMode.Constant,
            "replicate" => BorderMode.Replicate,
            "reflect" or "symmetric" => BorderMode.Reflect,
            "reflect_101" => BorderMode.Reflect101,
            "wrap" => BorderMode.Wrap,
            _ => throw new ConfigurationException($"border_mode '{mode}' is unknown; constant, replicate, reflect, reflect_101, symmetric and wrap are allowed."),
        },
        fill is >= 0 and <= ushort.MaxValue ? fill : throw new ConfigurationException($"fill {fill} is outside [0, 65535]."),
        fillMask);
}
