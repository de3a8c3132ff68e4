using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>
/// Models on validation cases: of each case, every model's network of the fold that validates on it. That is where members are chosen; the
/// test cases stay unseen until the choice is made. More than half of a bag decide, for its size changes. What is done to the vote's masks afterwards
/// is chosen later, for the chosen bag, and not done to these.
/// </summary>
internal sealed class ValidationAnalysis : IDisposable
{
    private const int MostSteps = 10;

    private readonly CaseStore _store;
    private readonly string[] _models;
    private readonly (int Fold, StoredCase Case)[] _cases;
    private readonly ValidationMasks _masks;
    private readonly LabelMode _mode;

    /// <summary>Finds the cases.</summary>
    public ValidationAnalysis(ExperimentSession session, CaseStore store)
    {
        (_store, _masks, _mode) = (store, new ValidationMasks(session, store), session.Plan.Data.Mode);
        _models = [.. session.Plan.Models.Keys];
        _cases = [.. from fold in InferFolds.Of(session.Plan) from stored in ValidationCases.Of(session, store, fold) where stored.Labelled select (fold, stored)];
    }

    /// <summary>Labelled validation cases.</summary>
    public int Count => _cases.Length;

    /// <summary>For each bag the mean Dice over classes of the mean over cases. Every case is opened once for all bags, and not kept.</summary>
    /// <param name="bags">Weights, one a model.</param>
    public IReadOnlyList<double> Scores(IReadOnlyList<IReadOnlyList<double>> bags)
    {
        var dice = new double[_cases.Length][][];
        Parallel.For(0, dice.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>      // and no more cases in memory
        {
            var (fold, stored) = _cases[i];
            var truth = _store.ReadTruth(stored);
            var judged = _mode.Judged(truth);
            dice[i] = [.. _masks.Vote([.. _models.Select(model => new Member(model, fold))], stored, 0, TiedPixels.Unset).With(bags)
                .Select(masks => masks.Select((mask, k) => MaskMetrics.Dice(judged.Of(mask), truth[k], EmptyRule.One)).ToArray())];
        });
        return [.. Enumerable.Range(0, bags.Count).Select(b => Enumerable.Range(0, dice[0][b].Length).Average(k => dice.Average(d => d[b][k])))];
    }

    /// <summary>Selects models, and measures each.</summary>
    /// <param name="analysis">Gets models, their Dice and the selection.</param>
    /// <returns>The analysis, and how often each model was chosen; all once where there is nothing to choose by.</returns>
    public (EnsembleAnalysis Analysis, IReadOnlyList<double> Chosen) Into(EnsembleAnalysis analysis)
    {
        double[] all = [.. _models.Select(_ => 1.0)];
        if (_cases.Length == 0)
        {
            return (analysis, all);
        }

        if (_models.Length == 1)
        {
            var alone = Scores([all])[0];
            return (analysis with { ValidationCases = Count, ValidationDice = alone, Models = [new PartValue(_models[0], 1, alone, double.NaN)] }, all);
        }

        var (counts, steps) = GreedySelection.Of(_models, Scores, MostSteps);
        var parts = Scores([all, .. all.Select((_, m) => Only(m)), .. all.Select((_, m) => Without(m))]);
        return (analysis with
        {
            ValidationCases = Count,
            ValidationDice = parts[0],
            Models = [.. _models.Select((model, m) => new PartValue(model, counts[m], parts[1 + m], parts[1 + _models.Length + m]))],
            Selection = steps,
        }, [.. counts.Select(c => (double)c)]);

        double[] Only(int m) => [.. all.Select((_, i) => i == m ? 1.0 : 0)];
        double[] Without(int m) => [.. all.Select((w, i) => i == m ? 0 : w)];
    }

    /// <inheritdoc/>
    public void Dispose() => _masks.Dispose();
}
