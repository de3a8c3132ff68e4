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

    /// <summary>This interval, when its ends are in order and inside [least, most].</summary>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="least">The least value allowed.</param>
    /// <param name="most">The greatest value allowed.</param>
    /// <exception cref="ConfigurationException">They are not.</exception>
    public Interval Checked(string option, double least = double.MinValue, double most = double.MaxValue) => least <= Low && Low <= High && High <= most
        ? this
        : throw new ConfigurationException($"{option} {this} must be [low, high] with {Text(least)}low ≤ high{Text(most, after: true)}.");

    /// <summary>[low, high], as it is written in YAML.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Low}, {High}]");

    private static string Text(double bound, bool after = false)
    {
        var number = bound.ToString(CultureInfo.InvariantCulture);
        return Math.Abs(bound) == double.MaxValue ? string.Empty : after ? $" ≤ {number}" : $"{number} ≤ ";
    }
}
