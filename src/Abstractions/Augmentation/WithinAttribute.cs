using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.CompilerServices;
using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>
/// What an option of several numbers allows, as <see cref="RangeAttribute"/> says it of one: every number lies in [low, high], and the ends
/// of an <see cref="Interval"/> or <see cref="WholeInterval"/> are in order.
/// </summary>
/// <param name="low">The least number allowed.</param>
/// <param name="high">The greatest.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WithinAttribute(double low, double high) : RangeAttribute(low, high)
{
    /// <summary>A number x alone means [AloneFrom, x]; where nothing is said, what the option's type makes of it.</summary>
    public double AloneFrom { get; init; } = double.NaN;

    /// <summary>A number x alone means [x, x].</summary>
    public bool AloneTwice { get; init; }

    /// <summary>What a number alone stands for; null where the option's type decides.</summary>
    public double? First(double alone) => AloneTwice ? alone : double.IsNaN(AloneFrom) ? null : AloneFrom;

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || (Numbers(value).All(Inside) && InOrder(value));

    /// <summary>The bounds in words, for messages.</summary>
    public string Allowed(Type type) =>
        $"{(type == typeof(Interval) || type == typeof(WholeInterval) || type == typeof(PerAxis) ? "[low, high] with low ≤ high" : "numbers")}{(Bounded ? $", both {Bounds}" : string.Empty)}";

    private bool Bounded => (double)Minimum > -double.MaxValue || (double)Maximum < double.MaxValue;

    private string Bounds => ((double)Minimum, (double)Maximum) switch
    {
        (var low, double.MaxValue) => $"{(MinimumIsExclusive ? "above" : "at least")} {Text(low)}",
        var (low, high) => $"in {(MinimumIsExclusive ? '(' : '[')}{Text(low)}, {Text(high)}{(MaximumIsExclusive ? ')' : ']')}",
    };

    private bool Inside(double number) => MinimumIsExclusive ? number > (double)Minimum && number <= (double)Maximum : number >= (double)Minimum && number <= (double)Maximum;

    private static bool InOrder(object value) => value switch
    {
        Interval interval => interval.Low <= interval.High,
        WholeInterval interval => interval.Low <= interval.High,
        PerAxis axes => InOrder(axes.X) && InOrder(axes.Y),
        _ => true,
    };

    private static IEnumerable<double> Numbers(object value) => value switch
    {
        Interval interval => [interval.Low, interval.High],
        WholeInterval interval => [interval.Low, interval.High],
        PerAxis axes => [axes.X.Low, axes.X.High, axes.Y.Low, axes.Y.High],
        Frame frame => [frame.Height, frame.Width],
        IEnumerable<int> list => list.Select(n => (double)n),
        IEnumerable<double> list => list,
        ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => Convert.ToDouble(tuple[i], CultureInfo.InvariantCulture)),
        _ => [Convert.ToDouble(value, CultureInfo.InvariantCulture)],
    };

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
