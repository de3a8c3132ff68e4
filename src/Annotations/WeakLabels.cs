namespace Osteon.Annotations;

/// <summary>How metadata says that labels are less than outlines.</summary>
public static class WeakLabels
{
    /// <summary>The column.</summary>
    public const string Key = "weak_labels";

    /// <summary>Every pixel of a box counts as its class.</summary>
    public const string Boxes = "boxes";
}
