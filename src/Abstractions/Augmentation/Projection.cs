namespace Osteon.Abstractions;

/// <summary>
/// A projective map of the plane, row by row: (x, y) goes to ((XX x + XY y + X1) / w, (YX x + YY y + Y1) / w) with
/// w = WX x + WY y + W1. Affine where the last row is (0, 0, 1).
/// </summary>
public readonly record struct Projection(double XX, double XY, double X1, double YX, double YY, double Y1, double WX = 0, double WY = 0, double W1 = 1)
{
    /// <summary>Leaves all points where they are.</summary>
    public static Projection Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>Moves points.</summary>
    public static Projection Shift(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>True where parallels stay parallel.</summary>
    public bool IsAffine => WX == 0 && WY == 0 && W1 == 1;

    /// <summary>The map that does this one first, then the next.</summary>
    public Projection Then(Projection next) => new(
        (next.XX * XX) + (next.XY * YX) + (next.X1 * WX), (next.XX * XY) + (next.XY * YY) + (next.X1 * WY), (next.XX * X1) + (next.XY * Y1) + (next.X1 * W1),
        (next.YX * XX) + (next.YY * YX) + (next.Y1 * WX), (next.YX * XY) + (next.YY * YY) + (next.Y1 * WY), (next.YX * X1) + (next.YY * Y1) + (next.Y1 * W1),
        (next.WX * XX) + (next.WY * YX) + (next.W1 * WX), (next.WX * XY) + (next.WY * YY) + (next.W1 * WY), (next.WX * X1) + (next.WY * Y1) + (next.W1 * W1));

    /// <summary>The map that undoes this one.</summary>
    /// <exception cref="InvalidOperationException">It lays the plane on a line.</exception>
    public Projection Inverse()
    {
        var (a, b, c) = ((YY * W1) - (Y1 * WY), (Y1 * WX) - (YX * W1), (YX * WY) - (YY * WX));
        var determinant = (XX * a) + (XY * b) + (X1 * c);
        if (determinant == 0 || !double.IsFinite(determinant))
        {
            throw new InvalidOperationException($"{this} has no inverse.");
        }

        var d = 1 / determinant;
        var inverse = new Projection(
            a * d, ((X1 * WY) - (XY * W1)) * d, ((XY * Y1) - (X1 * YY)) * d,
            b * d, ((XX * W1) - (X1 * WX)) * d, ((X1 * YX) - (XX * Y1)) * d,
            c * d, ((XY * WX) - (XX * WY)) * d, ((XX * YY) - (XY * YX)) * d);
        return IsAffine ? inverse with { WX = 0, WY = 0, W1 = 1 } : inverse;
    }

    /// <summary>Where a point goes.</summary>
    public (double X, double Y) Apply(double x, double y)
    {
        var w = IsAffine ? 1 : 1 / ((WX * x) + (WY * y) + W1);
        return (((XX * x) + (XY * y) + X1) * w, ((YX * x) + (YY * y) + Y1) * w);
    }
}
