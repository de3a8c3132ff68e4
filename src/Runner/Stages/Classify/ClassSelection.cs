namespace Osteon.Runner;

/// <summary>Models on validation images, each by networks that have not learned from them: where members are chosen, while test images stay unseen.</summary>
/// <param name="Models">In plan order, with how often a greedy selection takes each; all once where there is nothing to choose by.</param>
/// <param name="Cases">Validation images whose class is known.</param>
internal sealed record ClassSelection(IReadOnlyList<ClassPart> Models, int Cases)
{
    private const int MostSteps = 10;

    /// <summary>What a model counts.</summary>
    public double WeightOf(string model) => Models.FirstOrDefault(m => m.Name == model)?.Weight ?? 1;

    /// <summary>Selects by ROC AUC.</summary>
    /// <param name="session">The experiment; its members are validated.</param>
    /// <param name="classes">Of images.</param>
    /// <param name="vote">Joins models.</param>
    public static ClassSelection Of(ExperimentSession session, IReadOnlyList<string> classes, ClassVote vote)
    {
        string[] models = [.. session.Plan.Models.Keys];
        IReadOnlyList<ClassPrediction>[] said = [.. models.Select(model => (IReadOnlyList<ClassPrediction>)
            [.. Member.Predicting(session.Plan).Where(m => m.Model == model).SelectMany(m => ClassPredictions.Read(Path.Combine(session.OutputOf(m.UnitOf("Validate")).Folder, ValidateStage.Predictions), classes))])];
        double[] all = [.. models.Select(_ => 1.0)];
        if (!double.IsFinite(Score(all)))
        {
            return new ClassSelection([], said[0].Count(p => p.Label is not null));
        }

        var counts = models.Length == 1 ? [1] : GreedySelection.Of(models, bags => [.. bags.Select(Score)], MostSteps).Counts;
        return new ClassSelection(
        [
            .. models.Select((model, m) =>
            {
                var scores = ClassPredictions.ScoresOf(said[m], classes.Count)!;
                return new ClassPart(model, counts[m], MemberClassification.Headlines.ToDictionary(h => h, h => scores[h], StringComparer.Ordinal), Score([.. all.Select((w, i) => i == m ? 0 : w)]));
            }),
        ], said[0].Count(p => p.Label is not null));

        double Score(IReadOnlyList<double> weights) => weights.All(w => w == 0) ? double.NaN : ClassPredictions.ScoresOf(vote.Of(said, weights), classes.Count)?[ClassAnalysis.Metric] ?? double.NaN;
    }
}
