using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Spatial;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record ThinPlateSplineOptions : WarpOptions
{
    /// <summary>Interval of ten times the deviation of a control point's way, as a fraction of the sides.</summary>
    [Within(0, 1)]
    public Interval ScaleRange { get; init; } = new(0.2, 0.4);

    /// <summary>Control points in a row and in a column; 2 means the corners and the centre.</summary>
    [Range(2, 20)]
    public int NumControlPoints { get; init; } = 4;
}

/// <summary>Bends the image as a thin plate that is pushed at control points. The draw is the points' ways, x and y of each.</summary>
/// <remarks>
/// Bookstein 1989, doi:10.1109/34.24792, with the kernels of Albumentations 2.0.8 (r⁴ log r² where it solves for the weights, r² log r² where it
/// bends). The smooth field is computed at 128 places along the shorter side and read bilinearly in between, within 0.02 pixels of an image of
/// 1024.
/// </remarks>
[Augmentation("ThinPlateSpline")]
public sealed class ThinPlateSpline(ThinPlateSplineOptions options) : SpatialAugmentation<DrawnNumbers>(options.Checked().P)
{
    private readonly Border _border = options.Border("constant");
    private readonly (double X, double Y)[] _points = Points(options.NumControlPoints);

    /// <inheritdoc/>
    protected override DrawnNumbers DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var deviation = options.ScaleRange.Draw(ref random) / 10;
        var ways = new double[2 * _points.Length];
        for (var i = 0; i < ways.Length; i++)
        {
            ways[i] = random.NextGaussian() * deviation;
        }

        return new DrawnNumbers(ways);
    }

    /// <inheritdoc/>
    protected override Geometry Map(DrawnNumbers draw, Frame frame)
    {
        var weights = Weights(draw.Values);
        return new GridField((x, y, workspace) => Fill(weights, frame, x, y, workspace), frame, _border, options.Reading);
    }

    private static (double X, double Y)[] Points(int count) => count == 2
        ? [(0, 0), (0, 1), (1, 0), (1, 1), (0.5, 0.5)]
        : [.. from row in Enumerable.Range(0, count) from column in Enumerable.Range(0, count) select ((double)column / (count - 1), (double)row / (count - 1))];

    private double[,] Weights(IReadOnlyList<double> ways)
    {
        var n = _points.Length;
        var rows = new double[n + 3, n + 5];
        for (var i = 0; i < n; i++)
        {
            var (x, y) = _points[i];
            for (var j = 0; j < n; j++)
            {
                var squared = Squared(x - _points[j].X, y - _points[j].Y);
                rows[i, j] = squared > 0 ? squared * squared * Math.Log(squared + 1e-6) : 0;
            }

            (rows[i, n], rows[i, n + 1], rows[i, n + 2]) = (1, x, y);
            (rows[n, i], rows[n + 1, i], rows[n + 2, i]) = (1, x, y);
            (rows[i, n + 3], rows[i, n + 4]) = (x + ways[2 * i], y + ways[(2 * i) + 1]);
        }

        return Linear.Solve(rows);
    }

    private void Fill(double[,] weights, Frame frame, Span<float> x, Span<float> y, Workspace workspace)
    {
        var (height, width) = frame;
        var cell = Math.Max(1, Math.Min(height, width) / 128);
        var (nodeRows, nodeColumns) = (((height - 1) / cell) + 2, ((width - 1) / cell) + 2);
        var atX = workspace.Numbers<float>(nodeRows * nodeColumns);
        var atY = workspace.Numbers<float>(nodeRows * nodeColumns);
        for (var i = 0; i < nodeRows; i++)
        {
            for (var j = 0; j < nodeColumns; j++)
            {
                var (u, v) = Bent(weights, (double)(j * cell) / width, (double)(i * cell) / height);
                (atX[(i * nodeColumns) + j], atY[(i * nodeColumns) + j]) = ((float)(u * width), (float)(v * height));
            }
        }

        Spread(atX, nodeColumns, cell, frame, x);
        Spread(atY, nodeColumns, cell, frame, y);
    }

    private (double X, double Y) Bent(double[,] weights, double x, double y)
    {
        var n = _points.Length;
        var (u, v) = (weights[n, 0] + (weights[n + 1, 0] * x) + (weights[n + 2, 0] * y), weights[n, 1] + (weights[n + 1, 1] * x) + (weights[n + 2, 1] * y));
        for (var i = 0; i < n; i++)
        {
            var squared = Squared(x - _points[i].X, y - _points[i].Y);
            var kernel = squared > 0 ? squared * Math.Log(squared + 1e-6) : 0;
            u += kernel * weights[i, 0];
            v += kernel * weights[i, 1];
        }

        return (u, v);
    }

    private static void Spread(ReadOnlySpan<float> nodes, int nodeColumns, int cell, Frame frame, Span<float> field)
    {
        Span<float> row = new float[nodeColumns];
        for (var i = 0; i < frame.Height; i++)
        {
            var above = nodes[(i / cell * nodeColumns)..];
            var share = i % cell / (float)cell;
            for (var j = 0; j < nodeColumns; j++)
            {
                row[j] = above[j] + (share * (above[j + nodeColumns] - above[j]));
            }

            var target = field.Slice(i * frame.Width, frame.Width);
            for (var j = 0; j < target.Length; j++)
            {
                var left = row[j / cell];
                target[j] = left + (j % cell / (float)cell * (row[(j / cell) + 1] - left));
            }
        }
    }

    private static double Squared(double x, double y) => (x * x) + (y * y);
}
