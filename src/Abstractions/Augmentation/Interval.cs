using System.Globalization;

namespace Osteon.Abstractions;

/// <summary>A closed interval that an augmentation draws from; written in YAML as [low, high], or as a number x for [-x, x].</summary>
/// <param name="Low">The least value.</param>
/// <param name="High">The greatest value; equal to the least one where nothing is left to chance.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>[-limit, limit], as Albumentations reads a single number.</summary>
    /// <param name="limit">At least 0.</param>
    public Interval(double limit)
        : this(-limit, limit)
    {
    }

    /// <summary>A uniform draw.</summary>
    public double Draw(ref RandomStream random) => random.NextDouble(Low, High);

    /// <summary>[low, high], as it is written in YAML.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Low}, {High}]");
}
