namespace Osteon.Reporting;

/// <summary>Maps values to lengths along a line, and knows round values to mark.</summary>
/// <param name="Low">The value at <paramref name="From"/>.</param>
/// <param name="High">The value at <paramref name="To"/>; greater than <paramref name="Low"/>.</param>
/// <param name="Step">Distance of the marked values: 1, 2 or 5 times a power of ten.</param>
/// <param name="From">Where the line begins, in pixels.</param>
/// <param name="To">Where it ends; less than <paramref name="From"/> for an axis that points up.</param>
internal readonly record struct Axis(double Low, double High, double Step, double From, double To)
{
    /// <summary>An axis that begins and ends at marked values and holds all of the given ones that are finite.</summary>
    public static Axis Around(IEnumerable<double> values, int marks, double from, double to)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (low > high)
        {
            (low, high) = (0, 1);
        }

        if (high - low < 1e-9 * Math.Max(1, Math.Abs(high)))
        {
            var margin = low == 0 ? 0.5 : 0.05 * Math.Abs(low);
            (low, high) = (low - margin, high + margin);
        }

        var step = Round((high - low) / marks);
        return new Axis(Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step, step, from, to);
    }

    /// <summary>Marks at whole numbers only, from 0 or 1 upwards; ends at the last value, not at a mark.</summary>
    public static Axis OfEpochs(int last, int marks, double from, double to) =>
        new(0, Math.Max(1, last), Math.Max(1, Round(Math.Max(1, last) / (double)marks)), from, to);

    /// <summary>Where a value lies.</summary>
    public double Map(double value) => From + ((value - Low) / (High - Low) * (To - From));

    /// <summary>The marked values, ascending.</summary>
    public IEnumerable<double> Marks()
    {
        var (low, step) = (Low, Step);
        var count = (int)Math.Floor(((High - Low) / Step) + 1e-9);
        return Enumerable.Range(0, count + 1).Select(i => low + (i * step));
    }

    /// <summary>A marked value with as many decimals as the step has.</summary>
    public string Label(double value)
    {
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(Step) - 1e-9), 0, 10);
        // Adding 0 turns −0 into 0.
        return (Math.Round(value, decimals) + 0.0).ToString("F" + decimals, System.Globalization.CultureInfo.InvariantCulture).Replace('-', '−');
    }

    /// <summary>The least of 1, 2, 5 times a power of ten that is not below.</summary>
    private static double Round(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch
        {
            <= 1 + 1e-9 => power,
            <= 2 + 1e-9 => 2 * power,
            <= 5 + 1e-9 => 5 * power,
            _ => 10 * power,
        };
    }
}
