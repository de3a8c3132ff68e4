using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>Measures the ensemble without each member, and of each model's folds alone, case by case.</summary>
internal sealed class EnsembleParts
{
    private readonly IReadOnlyList<Member> _members;
    private readonly double[] _weights;

    /// <summary>Weights of each part, and the Dice by class of its cases so far.</summary>
    private readonly List<(string Name, double[] Weights, List<double[]> Dice)> _without = [], _models = [];

    public EnsembleParts(IReadOnlyList<Member> members, double[] weights)
    {
        (_members, _weights) = (members, weights);
        if (members.Count == 1)
        {
            return;
        }

        _without.AddRange(members.Select((m, i) => (m.ToString(), weights.Select((w, j) => i == j ? 0 : w).ToArray(), new List<double[]>())));
        string[] models = [.. members.Select(m => m.Model).Distinct()];
        if (models.Length > 1 && models.Length < members.Count)
        {
            _models.AddRange(models.Select(model => (model, members.Select(m => m.Model == model ? 1.0 : 0).ToArray(), new List<double[]>())));
            _models.AddRange(models.Select(model => ($"-{model}", members.Select((m, i) => m.Model == model ? 0 : weights[i]).ToArray(), new List<double[]>())));
        }
    }

    /// <summary>Votes on a case without each; one without labels is left out.</summary>
    /// <param name="store">Has the truth.</param>
    /// <param name="stored">The case.</param>
    /// <param name="vote">Opens its members; not asked for a case that is left out.</param>
    /// <param name="chain">What is done to the ensemble's masks, and so to these.</param>
    /// <param name="mode">How classes relate.</param>
    public void Add(CaseStore store, StoredCase stored, Func<CaseVote> vote, PostProcessChain? chain, LabelMode mode)
    {
        if (!stored.Labelled || _without.Count == 0)
        {
            return;
        }

        var truth = store.ReadTruth(stored);
        var judged = mode.Judged(truth);
        var parts = _without.Concat(_models).Where(p => p.Weights.Any(w => w > 0)).ToArray();
        foreach (var (part, masks) in parts.Zip(vote().With([.. parts.Select(p => p.Weights)])))
        {
            part.Dice.Add([.. (chain?.Apply(masks) ?? masks).Select((mask, k) => MaskMetrics.Dice(judged.Of(mask), truth[k], EmptyRule.One))]);
        }
    }

    /// <summary>What came out.</summary>
    /// <param name="analysis">Gets it.</param>
    /// <param name="store">Knows patients.</param>
    /// <param name="scores">The ensemble's.</param>
    /// <param name="members">Each member's alone.</param>
    public EnsembleAnalysis Into(EnsembleAnalysis analysis, CaseStore store, ScoreTable scores, IReadOnlyList<ScoreTable> members)
    {
        if (scores.Cases.Count == 0)
        {
            return analysis;
        }

        string[] patients = [.. scores.Cases.Select(c => store[c.Case].Source.Patient)];
        var best = members.MaxBy(m => m.Dice)!;
        return analysis with
        {
            Patients = patients.Distinct(StringComparer.Ordinal).Count(),
            Dice = Bootstrap.Of([.. scores.Cases.Zip(patients, (c, p) => (p, c.Dice))]).Headline,
            Difference = members.Count == 1 ? null : Bootstrap.Of([.. scores.Cases.Select((c, i) =>
                (patients[i], (IReadOnlyList<double>)[.. c.Dice.Zip(best.Cases.First(b => b.Case == c.Case).Dice, (a, b) => a - b)]))]).Headline,
            Members = [.. _without.Select((p, m) => new PartValue(p.Name, _weights[m], members[m].Dice, Mean(p.Dice)))],
            FoldEnsembles = [.. _models.Take(_models.Count / 2).Select((p, i) => new PartValue(
                $"{p.Name}, {p.Weights.Count(w => w > 0)} folds",
                _members.Select((m, j) => m.Model == p.Name ? _weights[j] : 0).Sum(),
                Mean(p.Dice),
                Mean(_models[i + (_models.Count / 2)].Dice)))],
        };
    }

    private static double Mean(List<double[]> dice) => dice.Count == 0 ? double.NaN : Enumerable.Range(0, dice[0].Length).Average(k => dice.Average(d => d[k]));
}
