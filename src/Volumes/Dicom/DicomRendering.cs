namespace Osteon.Volumes;

/// <summary>Whether MONOCHROME1, where small values are bright, is turned around.</summary>
public enum InvertMode
{
    /// <summary>As the file says: bright is bright in every image.</summary>
    Auto,

    /// <summary>Never: values rise as they are stored.</summary>
    Never,
}

/// <summary>How a DICOM file's values become an image.</summary>
public sealed record DicomRendering : IntensityOptions
{
    /// <summary>With intensity window and no center_width: which of the file's windows, by number from 0 or by its explanation; VOI tables count on after windows.</summary>
    public string Window { get; init; } = "0";

    /// <summary>auto turns MONOCHROME1 around, never leaves it.</summary>
    public InvertMode Invert { get; init; } = InvertMode.Auto;

    /// <inheritdoc/>
    protected override bool NeedsWindow => false;
}
