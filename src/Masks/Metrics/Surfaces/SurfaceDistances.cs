namespace Osteon.Masks;

/// <summary>
/// How far two masks' surfaces are apart: of each surface pixel the distance to the nearest one of the other mask. A surface pixel
/// is a set one with an unset neighbour above, below, left or right, or on the frame's edge.
/// </summary>
/// <remarks>
/// Definitions: Maier-Hein et al. 2024, Metrics Reloaded, doi:10.1038/s41592-023-02151-z. When one mask of two is empty every
/// distance is the frame's diagonal and <see cref="Dice"/> is 0; when both are, the <see cref="EmptyRule"/> tells.
/// </remarks>
public sealed class SurfaceDistances
{
    private readonly double[] _toTruth, _toPrediction;             // ascending
    private readonly double? _fixed;

    private SurfaceDistances(double[] toTruth, double[] toPrediction)
    {
        (_toTruth, _toPrediction) = (toTruth, toPrediction);
        Array.Sort(_toTruth);
        Array.Sort(_toPrediction);
    }

    // Without two surfaces there is one number for every distance.
    private SurfaceDistances(double distance)
        : this([], []) => _fixed = distance;

    /// <summary>Measures, in time linear in the box around both masks.</summary>
    /// <param name="prediction">The one.</param>
    /// <param name="truth">The other.</param>
    /// <param name="spacing">Size of a pixel; the unit of all distances.</param>
    /// <param name="empty">For two empty masks.</param>
    /// <exception cref="ArgumentException">The frames differ, or the spacing is not above 0.</exception>
    public static SurfaceDistances Between(Mask prediction, Mask truth, Spacing spacing, EmptyRule empty = EmptyRule.One)
    {
        spacing = spacing.Checked();
        if (prediction.Frame != truth.Frame)
        {
            throw new ArgumentException($"Masks of {prediction.Frame} and {truth.Frame} cannot be compared.", nameof(truth));
        }

        if (prediction.IsEmpty && truth.IsEmpty)
        {
            return new SurfaceDistances(empty switch { EmptyRule.One => 0, EmptyRule.Zero => spacing.Diagonal(truth.Frame), _ => double.NaN });
        }

        if (prediction.IsEmpty || truth.IsEmpty)
        {
            return new SurfaceDistances(spacing.Diagonal(truth.Frame));
        }

        var box = SurfaceBox.Around(prediction, truth);
        var (predicted, present) = (box.Surface(box.Draw(prediction)), box.Surface(box.Draw(truth)));
        return new SurfaceDistances(
            NearestDistances.Between(box, predicted, present, spacing), NearestDistances.Between(box, present, predicted, spacing));
    }

    /// <summary>From each pixel of the prediction's surface to the truth's, ascending; empty without two surfaces.</summary>
    public ReadOnlySpan<double> ToTruth => _toTruth;

    /// <summary>From each pixel of the truth's surface to the prediction's, ascending.</summary>
    public ReadOnlySpan<double> ToPrediction => _toPrediction;

    /// <summary>The greater of the two directions' percentiles: 100 is the Hausdorff distance, 95 HD95.</summary>
    /// <param name="percentile">In [0, 100]; between two distances linearly, as NumPy does.</param>
    public double Hausdorff(double percentile = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percentile, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percentile, 100);
        return _fixed ?? Math.Max(Percentile(_toTruth, percentile), Percentile(_toPrediction, percentile));
    }

    /// <summary>The mean of all distances of both surfaces: the average symmetric surface distance.</summary>
    public double Average() => _fixed ?? (_toTruth.Sum() + _toPrediction.Sum()) / (_toTruth.Length + _toPrediction.Length);

    /// <summary>The mean distance from the prediction's surface to the truth's; the other way, the mean of <see cref="ToPrediction"/>.</summary>
    public double AverageToTruth() => _fixed ?? _toTruth.Average();

    /// <summary>The share of both surfaces that lies within the tolerance of the other: NSD, in [0, 1].</summary>
    /// <param name="tolerance">At least 0, in the spacing's unit; a distance of exactly this is within.</param>
    /// <remarks>Nikolov et al. 2021, doi:10.2196/26151, with every surface pixel of the same weight.</remarks>
    public double Dice(double tolerance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tolerance, 0);
        if (_fixed is { } distance)
        {
            return double.IsNaN(distance) ? double.NaN : distance == 0 ? 1 : 0;
        }

        return (double)(Within(_toTruth, tolerance) + Within(_toPrediction, tolerance)) / (_toTruth.Length + _toPrediction.Length);
    }

    private static int Within(double[] distances, double tolerance) => distances.Count(d => d <= tolerance);

    private static double Percentile(double[] ascending, double percentile)
    {
        var position = percentile / 100 * (ascending.Length - 1);
        var below = (int)position;
        return below + 1 < ascending.Length
            ? ascending[below] + ((ascending[below + 1] - ascending[below]) * (position - below))
            : ascending[^1];
    }
}
