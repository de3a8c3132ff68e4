using System.Globalization;

namespace Osteon.Reporting;

/// <summary>Numbers as the report writes them, whatever the machine's language.</summary>
internal static class Numbers
{
    /// <summary>Four decimals; an en dash for NaN.</summary>
    public static string Score(double value) => double.IsNaN(value) ? "–" : double.IsPositiveInfinity(value) ? "∞"
        : value.ToString("0.0000", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>Four decimals with a sign; an en dash for NaN.</summary>
    public static string Signed(double value) =>
        double.IsNaN(value) ? "–" : value.ToString("+0.0000;−0.0000;±0.0000", CultureInfo.InvariantCulture);

    /// <summary>A length in an SVG: two decimals at most.</summary>
    public static string Length(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);
}
