namespace Osteon.Masks;

/// <summary>How a metric of images and classes becomes one number; SMP's words.</summary>
public enum ScoreReduction
{
    /// <summary>All counts pooled, then the metric. Zero division stays NaN here, as in SMP.</summary>
    Micro,

    /// <summary>Counts pooled over images, the metric of each class, their mean.</summary>
    Macro,

    /// <summary>Counts pooled over images, the metric of each class, their weighted mean.</summary>
    Weighted,

    /// <summary>Counts pooled over classes, the metric of each image, their mean.</summary>
    MicroImagewise,

    /// <summary>The metric of each image and class, their mean.</summary>
    MacroImagewise,

    /// <summary>The metric of each image and class, its mean over images, times the class's weight; the mean of these over classes. SMP divides by their number once more than a weighted mean does.</summary>
    WeightedImagewise,

    /// <summary>The metric of each image and class.</summary>
    None,
}
