namespace Osteon.Reporting;

/// <summary>Says in a sentence whether the ensemble was worth it.</summary>
/// <param name="Best">The member with the greatest mean Dice; the first of equals.</param>
/// <param name="Difference">Ensemble minus best member, in Dice; NaN without an ensemble.</param>
/// <param name="Sentence">For a person.</param>
public sealed record EnsembleVerdict(MemberScore Best, double Difference, string Sentence)
{
    // Half of the last decimal shown.
    private const double Invisible = 0.00005;

    /// <summary>True when the best member alone does better: worth a warning.</summary>
    public bool IsBelow => Difference <= -Invisible;

    /// <summary>Compares.</summary>
    /// <returns>Null when no member has a score.</returns>
    public static EnsembleVerdict? Of(ReportModel model)
    {
        var best = model.Members.Where(m => double.IsFinite(m.MeanDice)).MaxBy(m => m.MeanDice);
        if (best is null)
        {
            return null;
        }

        if (model.Ensemble is not { } ensemble || !double.IsFinite(ensemble.MeanDice))
        {
            return new EnsembleVerdict(best, double.NaN, $"The best member is {best.Name}.");
        }

        var difference = ensemble.MeanDice - best.MeanDice;
        var size = Numbers.Score(Math.Abs(difference));
        return new EnsembleVerdict(best, difference, difference switch
        {
            >= Invisible => $"The ensemble is {size} above its best member {best.Name}.",
            <= -Invisible => $"The ensemble is {size} below its best member {best.Name}; that member alone does better on this data.",
            _ => $"The ensemble equals its best member {best.Name} to four decimals.",
        });
    }
}
