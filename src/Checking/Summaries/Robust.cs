namespace Osteon.Checking;

/// <summary>A centre and a scale that a few faulty values cannot move.</summary>
/// <param name="Median">The middle value.</param>
/// <param name="Scale">1.4826 × the median absolute deviation, the standard deviation of normal values; at least the floor it was made with.</param>
/// <remarks>Huber, Ronchetti 2009, Robust Statistics, section 5.1.</remarks>
public readonly record struct Robust(double Median, double Scale)
{
    /// <summary>Of some values.</summary>
    /// <param name="values">Not empty.</param>
    /// <param name="floor">The least scale, so that values that are all but equal make no outliers of their last digits.</param>
    public static Robust Of(IReadOnlyCollection<double> values, double floor)
    {
        var median = MedianOf(values);
        return new Robust(median, Math.Max(floor, 1.4826 * MedianOf([.. values.Select(v => Math.Abs(v - median))])));
    }

    /// <summary>How many scales a value lies from the median.</summary>
    public double Deviations(double value) => Math.Abs(value - Median) / Scale;

    /// <summary>The middle value, the mean of the two middle ones for an even count; NaN of none.</summary>
    public static double MedianOf(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            return double.NaN;
        }

        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
