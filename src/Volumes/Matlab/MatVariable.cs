namespace Osteon.Volumes;

/// <summary>A variable of a MATLAB file.</summary>
/// <param name="Name">As MATLAB calls it.</param>
/// <param name="Class">double, single, int8 … uint64, logical, char, sparse, cell, struct, object, function or opaque.</param>
/// <param name="Shape">At least two axes.</param>
/// <param name="IsComplex">Has an imaginary part.</param>
public sealed record MatVariable(string Name, string Class, IReadOnlyList<int> Shape, bool IsComplex)
{
    private static readonly HashSet<string> Numeric = ["double", "single", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "logical"];

    /// <summary>True for real, full arrays of numbers: what is read.</summary>
    public bool IsReadable => Numeric.Contains(Class) && !IsComplex;

    /// <summary>As errors print it, e.g. label_separated (uint8, 631×790×7).</summary>
    public override string ToString() => $"{Name} ({(IsComplex ? "complex " : string.Empty)}{Class}, {string.Join('×', Shape)})";
}
