namespace Osteon.Masks;

/// <summary>The pixel grid that coordinates or pixels are counted in; height before width.</summary>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Columns, at least 1.</param>
public readonly record struct Frame(int Height, int Width)
{
    /// <summary>Pixels in the frame. Frames beyond 2³¹−1 pixels are refused where files are read.</summary>
    public int Area => checked(Height * Width);

    /// <summary>Height×Width, as errors print it.</summary>
    public override string ToString() => $"{Height}×{Width}";
}
