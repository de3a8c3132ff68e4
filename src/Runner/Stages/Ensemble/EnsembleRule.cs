using System.Globalization;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>Says how an ensemble decides, ties among it.</summary>
internal static class EnsembleRule
{
    /// <summary>A sentence without its full stop.</summary>
    public static string Of(Plan plan, IReadOnlyList<double> weights)
    {
        double[] taking = [.. weights.Where(w => w > 0)];
        var members = taking.Length == 1 ? "1 member" : $"{taking.Length} members";
        if (taking.Length == 1 && plan.Ensemble.Vote == Voting.Hard)
        {
            return "Hard vote of 1 member: its masks are the ensemble's";
        }

        if (plan.Data.Mode == LabelMode.Multiclass)
        {
            return plan.Ensemble.Vote == Voting.Soft
                ? $"Soft vote of {members}: the class with the largest mean probability, the first of equals"
                : $"Hard vote of {members}: the class with most votes, the first of equals";
        }

        if (plan.Ensemble.Vote == Voting.Soft)
        {
            return $"Soft vote of {members}: the mean probability, from the mean of their thresholds on";
        }

        var rule = VoteWeights.Of(taking, plan.Ensemble.MinVotes, plan.Ensemble.Ties == TiedPixels.Set);
        var votes = taking.All(w => w == 1) ? "votes" : "votes by weight";
        var tie = plan.Ensemble.MinVotes > 0 || rule.Total % 2 != 0 || !taking.All(w => w == 1) ? "" : plan.Ensemble.Ties == TiedPixels.Set ? ", a tie is set" : ", a tie is not set";
        return plan.Ensemble.MinVotes > 0
            ? string.Create(CultureInfo.InvariantCulture, $"Hard vote of {members}: {rule.Needed:0.######} of {rule.Total:0.######} {votes}")
            : string.Create(CultureInfo.InvariantCulture, $"Hard vote of {members}: {(plan.Ensemble.Ties == TiedPixels.Set ? "half" : "more than half")} of {rule.Total:0.######} {votes}{tie}");
    }
}
