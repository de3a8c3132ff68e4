namespace Osteon.Abstractions;

/// <summary>
/// The eight ways to lay a grid on itself or its transpose. Output pixel (i, j) is input pixel (j, i) when transposed, else
/// (i, j), then counted from the last row or column where a bit says so.
/// </summary>
[Flags]
public enum Orientation
{
    /// <summary>As it is.</summary>
    Identity = 0,

    /// <summary>Upside down.</summary>
    FlipRows = 1,

    /// <summary>Left and right change sides.</summary>
    FlipColumns = 2,

    /// <summary>Half a turn.</summary>
    Rotate180 = FlipRows | FlipColumns,

    /// <summary>Rows become columns.</summary>
    Transpose = 4,

    /// <summary>Three quarter turns counter-clockwise.</summary>
    Rotate270 = Transpose | FlipRows,

    /// <summary>A quarter turn counter-clockwise, as numpy.rot90.</summary>
    Rotate90 = Transpose | FlipColumns,

    /// <summary>Mirrored at the diagonal from top right to bottom left.</summary>
    AntiTranspose = Transpose | FlipRows | FlipColumns,
}
