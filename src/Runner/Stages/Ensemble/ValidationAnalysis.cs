using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>
/// Models on validation cases: of each case, every model's network of the fold that validates on it. That is where members are chosen; the
/// test cases stay unseen until the choice is made. More than half of a bag decide, for its size changes.
/// </summary>
internal sealed class ValidationAnalysis : IDisposable
{
    private const int MostSteps = 10;

    private readonly string[] _models;
    private readonly List<(StoredCase Case, IReadOnlyList<Mask> Truth, int[] Members)> _cases = [];
    private readonly MemberVotes _votes;

    /// <summary>Finds the cases.</summary>
    public ValidationAnalysis(ExperimentSession session, CaseStore store)
    {
        var plan = session.Plan;
        _models = [.. plan.Models.Keys];
        Member[] members = [.. Member.Predicting(plan)];
        _votes = new MemberVotes(session, store, [.. members.Select(m => m.UnitOf("Validate"))], ValidateStage.Predictions);
        foreach (var fold in InferFolds.Of(plan))
        {
            int[] own = [.. _models.Select(model => Array.FindIndex(members, m => m.Model == model && m.Fold == fold))];
            _cases.AddRange(ValidationCases.Of(session, store, fold).Where(c => c.Labelled).Select(c => (c, store.ReadTruth(c), own)));
        }
    }

    /// <summary>Labelled validation cases.</summary>
    public int Count => _cases.Count;

    /// <summary>Mean Dice over classes of the mean over cases.</summary>
    /// <param name="weights">One a model.</param>
    public double Score(IReadOnlyList<double> weights)
    {
        var dice = new double[_cases.Count][];
        Parallel.For(0, dice.Length, i =>
        {
            var (stored, truth, members) = _cases[i];
            dice[i] = [.. _votes.Of(stored, majority: true, members).With(weights).Select((mask, k) => MaskMetrics.Dice(mask, truth[k], EmptyRule.One))];
        });
        return Enumerable.Range(0, dice[0].Length).Average(k => dice.Average(d => d[k]));
    }

    /// <summary>Selects models, and measures each.</summary>
    /// <param name="analysis">Gets models, their Dice and the selection.</param>
    /// <returns>The analysis, and how often each model was chosen; all once where there is nothing to choose by.</returns>
    public (EnsembleAnalysis Analysis, IReadOnlyList<double> Chosen) Into(EnsembleAnalysis analysis)
    {
        double[] all = [.. _models.Select(_ => 1.0)];
        if (_cases.Count == 0)
        {
            return (analysis, all);
        }

        if (_models.Length == 1)
        {
            var alone = Score(all);
            return (analysis with { ValidationCases = Count, ValidationDice = alone, Models = [new PartValue(_models[0], 1, alone, double.NaN)] }, all);
        }

        var together = Score(all);
        var (counts, steps) = GreedySelection.Of(_models, Score, MostSteps);
        return (analysis with
        {
            ValidationCases = Count,
            ValidationDice = together,
            Models = [.. _models.Select((model, m) => new PartValue(model, counts[m], Score(Only(m)), Score([.. all.Select((w, i) => i == m ? 0 : w)])))],
            Selection = steps,
        }, [.. counts.Select(c => (double)c)]);

        double[] Only(int m) => [.. all.Select((_, i) => i == m ? 1.0 : 0)];
    }

    /// <inheritdoc/>
    public void Dispose() => _votes.Dispose();
}
