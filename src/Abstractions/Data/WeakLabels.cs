namespace Osteon.Abstractions;

/// <summary>How a case's metadata says that its labels are less than outlines.</summary>
public static class WeakLabels
{
    /// <summary>The column.</summary>
    public const string Key = "weak_labels";

    /// <summary>Its value where every pixel of a box counts as its class.</summary>
    public const string Boxes = "boxes";
}
