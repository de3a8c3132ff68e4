namespace Osteon.Abstractions;

/// <summary>What networks are to say of an image.</summary>
public enum ExperimentTask
{
    /// <summary>Which class each pixel is of.</summary>
    Segmentation,

    /// <summary>Which one class the whole image is of.</summary>
    Classification,
}
