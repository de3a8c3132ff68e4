namespace Osteon.Masks;

/// <summary>What a pixel measures, in mm or any other unit; height before width.</summary>
/// <param name="Row">From one row to the next, above 0.</param>
/// <param name="Column">From one column to the next, above 0.</param>
public readonly record struct Spacing(double Row, double Column)
{
    /// <summary>Distances in pixels.</summary>
    public static Spacing Pixels { get; } = new(1, 1);

    /// <summary>The corner-to-corner distance of a frame: no two of its pixels are farther apart.</summary>
    public double Diagonal(Frame frame) => Math.Sqrt(Square(frame.Height * Row) + Square(frame.Width * Column));

    /// <summary>This, when both are positive numbers.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    internal Spacing Checked() => Row is > 0 and < double.PositiveInfinity && Column is > 0 and < double.PositiveInfinity
        ? this
        : throw new ArgumentException($"A spacing of {Row} × {Column} is none; both must be above 0.");

    private static double Square(double value) => value * value;
}
