namespace Osteon.Plugins.HandBone;

/// <summary>The bones of the data set in channel order. Fingers count from the thumb, each from its tip to its metacarpal.</summary>
public static class HandBoneClasses
{
    /// <summary>The 29 names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Enumerable.Range(1, 19).Select(i => $"finger-{i}"),
        "Trapezium", "Trapezoid", "Capitate", "Hamate", "Scaphoid", "Lunate", "Triquetrum", "Pisiform", "Radius", "Ulna",
    ];

    /// <summary>The names as a set.</summary>
    internal static IReadOnlySet<string> Known { get; } = All.ToHashSet(StringComparer.Ordinal);
}
