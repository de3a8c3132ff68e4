using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Spatial;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record PerspectiveOptions : WarpOptions
{
    /// <summary>Interval of the deviation of a corner's way inward, as a fraction of the sides; x alone means [0, x].</summary>
    [Within(0, 1, AloneFrom = 0)]
    public Interval Scale { get; init; } = new(0.05, 0.1);

    /// <summary>True: the frame stays; false: it is the quadrangle's.</summary>
    public bool KeepSize { get; init; } = true;

    /// <summary>True: the whole image stays visible; false: the quadrangle fills the frame.</summary>
    public bool FitOutput { get; init; }
}

/// <summary>What was drawn: how far each corner moves inward, as a fraction of width and height, in [0, 0.32).</summary>
/// <param name="TopLeftX">To the right.</param>
/// <param name="TopLeftY">Down.</param>
/// <param name="TopRightX">To the left.</param>
/// <param name="TopRightY">Down.</param>
/// <param name="BottomRightX">To the left.</param>
/// <param name="BottomRightY">Up.</param>
/// <param name="BottomLeftX">To the right.</param>
/// <param name="BottomLeftY">Up.</param>
public readonly record struct PerspectiveDraw(
    double TopLeftX, double TopLeftY, double TopRightX, double TopRightY, double BottomRightX, double BottomRightY, double BottomLeftX, double BottomLeftY);

/// <summary>Stretches a quadrangle inside the image over the frame, as if seen from aside.</summary>
/// <remarks>cv2.warpPerspective with Albumentations 2.0.8's matrix, which with keep_size enlarges by the frame over the quadrangle once more.</remarks>
[Augmentation("Perspective")]
public sealed class Perspective(PerspectiveOptions options) : SpatialAugmentation<PerspectiveDraw>(options.Checked().P)
{
    private readonly Border _border = options.Border("constant");

    /// <inheritdoc/>
    protected override PerspectiveDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var deviation = options.Scale.Draw(ref random);
        Span<double> inward = stackalloc double[8];
        foreach (ref var way in inward)
        {
            way = Math.Abs(random.NextGaussian() * deviation) % 0.32;
        }

        return new PerspectiveDraw(inward[0], inward[1], inward[2], inward[3], inward[4], inward[5], inward[6], inward[7]);
    }

    /// <inheritdoc/>
    protected override Geometry Map(PerspectiveDraw draw, Frame frame)
    {
        var (height, width) = frame;
        (double X, double Y)[] quadrangle = Ordered(
        [
            ((float)(draw.TopLeftX * width), (float)(draw.TopLeftY * height)), ((float)((1 - draw.TopRightX) * width), (float)(draw.TopRightY * height)),
            ((float)((1 - draw.BottomRightX) * width), (float)((1 - draw.BottomRightY) * height)), ((float)(draw.BottomLeftX * width), (float)((1 - draw.BottomLeftY) * height)),
        ]);
        (double X, double Y)[] corners = [(0, 0), (width, 0), (width, height), (0, height)];
        var matrix = Quadrangle.Map(quadrangle, corners);
        var (outWidth, outHeight) = (
            (int)Math.Max(2, Math.Max(Distance(quadrangle[1], quadrangle[0]), Distance(quadrangle[2], quadrangle[3]))),
            (int)Math.Max(2, Math.Max(Distance(quadrangle[2], quadrangle[1]), Distance(quadrangle[3], quadrangle[0]))));
        if (options.FitOutput)
        {
            var moved = corners.Select(c => matrix.Apply(c.X, c.Y)).Select(c => ((float)c.X, (float)c.Y)).ToArray();
            var (left, top) = (moved.Min(c => c.Item1), moved.Min(c => c.Item2));
            var whole = moved.Select(c => ((double)MathF.Round(c.Item1 - left), (double)MathF.Round(c.Item2 - top))).ToArray();
            matrix = Quadrangle.Map(corners, whole);
            (outWidth, outHeight) = ((int)whole.Max(c => c.Item1), (int)whole.Max(c => c.Item2));
        }

        return options.KeepSize
            ? new GridProjection(matrix.Then(new Projection((double)width / outWidth, 0, 0, 0, (double)height / outHeight, 0)), frame, _border, options.Reading)
            : new GridProjection(matrix, new Frame(Math.Clamp(outHeight, 1, 32766), Math.Clamp(outWidth, 1, 32766)), _border, options.Reading);
    }

    /// <summary>The two leftmost from above, the two rightmost from below, clockwise from the upper left.</summary>
    private static (double X, double Y)[] Ordered((double X, double Y)[] points)
    {
        var byColumn = points.OrderBy(p => p.X).ToArray();
        var (upperLeft, lowerLeft) = byColumn[0].Y < byColumn[1].Y ? (byColumn[0], byColumn[1]) : (byColumn[1], byColumn[0]);
        var (upperRight, lowerRight) = byColumn[2].Y < byColumn[3].Y ? (byColumn[2], byColumn[3]) : (byColumn[3], byColumn[2]);
        return [upperLeft, upperRight, lowerRight, lowerLeft];
    }

    private static float Distance((double X, double Y) a, (double X, double Y) b)
    {
        var (x, y) = ((float)(a.X - b.X), (float)(a.Y - b.Y));
        return MathF.Sqrt((x * x) + (y * y));
    }
}

/// <summary>Projective maps between quadrangles.</summary>
internal static class Quadrangle
{
    /// <summary>cv2.getPerspectiveTransform: the map that takes four points to four others.</summary>
    public static Projection Map(ReadOnlySpan<(double X, double Y)> from, ReadOnlySpan<(double X, double Y)> to)
    {
        var rows = new double[8, 9];
        for (var i = 0; i < 4; i++)
        {
            var ((x, y), (u, v)) = (from[i], to[i]);
            double[] across = [x, y, 1, 0, 0, 0, -x * u, -y * u, u], down = [0, 0, 0, x, y, 1, -x * v, -y * v, v];
            for (var k = 0; k < 9; k++)
            {
                (rows[i, k], rows[i + 4, k]) = (across[k], down[k]);
            }
        }

        var m = Linear.Solve(rows);
        return new Projection(m[0, 0], m[1, 0], m[2, 0], m[3, 0], m[4, 0], m[5, 0], m[6, 0], m[7, 0], 1);
    }
}

/// <summary>Small systems of linear equations.</summary>
internal static class Linear
{
    /// <summary>Solves n equations by elimination with partial pivoting.</summary>
    /// <param name="rows">(n, n + k): coefficients, then right sides; changed.</param>
    /// <returns>(n, k).</returns>
    public static double[,] Solve(double[,] rows)
    {
        var (n, k) = (rows.GetLength(0), rows.GetLength(1) - rows.GetLength(0));
        for (var i = 0; i < n; i++)
        {
            var pivot = i;
            for (var r = i + 1; r < n; r++)
            {
                pivot = Math.Abs(rows[r, i]) > Math.Abs(rows[pivot, i]) ? r : pivot;
            }

            for (var c = 0; c < n + k; c++)
            {
                (rows[i, c], rows[pivot, c]) = (rows[pivot, c], rows[i, c]);
            }

            for (var r = i + 1; r < n; r++)
            {
                var factor = rows[r, i] / rows[i, i];
                for (var c = i; c < n + k; c++)
                {
                    rows[r, c] -= factor * rows[i, c];
                }
            }
        }

        var solution = new double[n, k];
        for (var i = n - 1; i >= 0; i--)
        {
            for (var c = 0; c < k; c++)
            {
                var sum = rows[i, n + c];
                for (var j = i + 1; j < n; j++)
                {
                    sum -= rows[i, j] * solution[j, c];
                }

                solution[i, c] = sum / rows[i, i];
            }
        }

        return solution;
    }
}
