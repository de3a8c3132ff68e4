namespace Osteon.Reporting;

/// <summary>Table cells tinted by how far a value falls short of the table's greatest: the weak ones stand out.</summary>
/// <param name="Low">The least finite value.</param>
/// <param name="High">The greatest.</param>
internal readonly record struct HeatCell(double Low, double High)
{
    // The strongest tint still leaves text on it readable, light and dark.
    private const double Strongest = 62;

    public static HeatCell Over(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).ToArray();
        return new HeatCell(finite.Min(), finite.Max());
    }

    /// <summary>0 at <see cref="High"/>, 1 at <see cref="Low"/>; 0 when all values are equal or this one is not finite.</summary>
    public double Shortfall(double value) => double.IsFinite(value) && High > Low ? (High - value) / (High - Low) : 0;

    public Html Write(double value, bool isBest, bool isEnsemble)
    {
        var kind = $"n{(isEnsemble ? " ensemble" : "")}{(isBest && double.IsFinite(value) ? " top" : "")}";
        return double.IsFinite(value)
            ? new Html().Add($"<td class=\"{kind}\" style=\"--t:{Shortfall(value) * Strongest}%\">{Numbers.Score(value)}</td>")
            : new Html().Add($"<td class=\"{kind} none\"><span aria-label=\"no value\">–</span></td>");
    }

    /// <summary>A bar from the least to the greatest value.</summary>
    public Html Legend() => double.IsNaN(Low)
        ? new Html()
        : new Html().Add($"Colour by Dice: <span class=\"ramp\">{Numbers.Score(Low)} <i style=\"--from:{Strongest}%\"></i> {Numbers.Score(High)}</span>. ");
}
