using System.Globalization;
using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>Members say together which class each test image is of: predictions.csv, and what each of them is worth.</summary>
internal static class ClassEnsemble
{
    /// <summary>Makes the unit's files.</summary>
    public static void Run(UnitRun run)
    {
        var plan = run.Plan;
        Member[] members = [.. Member.Predicting(plan)];
        var labels = CaseLabels.Load(run.Input("Label"));
        var store = CaseStore.Open(run.Input("Convert"));
        var vote = new ClassVote(plan.Ensemble.Vote);
        var choice = ClassSelection.Of(run.Session, labels.Classes, vote);
        double[] weights = [.. members.Select(m => plan.Ensemble.Weights.GetValueOrDefault(m.Model, 1) * (plan.Ensemble.Select == MemberSelection.Greedy ? choice.WeightOf(m.Model) : 1))];
        if (weights.All(w => w == 0))
        {
            throw new ConfigurationException("ensemble.weights is 0 for every model that takes part. Give one of them a weight above 0.");
        }

        IReadOnlyList<ClassPrediction>[] said = [.. members.Select(m => ClassPredictions.Read(Path.Combine(run.Input(m.UnitOf("Infer")), InferStage.Predictions), labels.Classes))];
        var voted = vote.Of(said, weights);
        ClassPredictions.Write(Path.Combine(run.Folder, InferStage.Predictions), labels.Classes, voted);
        MemberClassification.Tell(run, string.Empty, voted, labels.Classes);
        var analysis = ClassAnalysis.Of(store, labels.Classes.Count, members, weights, said, vote, RuleOf(plan, weights)) with { Models = choice.Models, ValidationCases = choice.Cases };
        analysis.Save(run.Folder);
        run.Log.Artifact(Path.Combine(run.Folder, InferStage.Predictions));
        run.Log.Artifact(Path.Combine(run.Folder, ClassAnalysis.FileName));
        run.Session.Tracking.Parent?.Artifact(Path.Combine(run.Folder, InferStage.Predictions));
    }

    /// <summary>Publishes the predictions and says how they came out.</summary>
    public static void Conclude(ExperimentSession session)
    {
        var folder = session.OutputOf("Ensemble").Folder;
        var published = Path.Combine(session.RunFolder, InferStage.Predictions);
        AtomicFile.Copy(Path.Combine(folder, InferStage.Predictions), published);
        foreach (var line in ClassAnalysis.Load(folder).Lines())
        {
            session.Console.Result(line);
        }

        session.Console.Result($"Predictions: {session.ForPeople(published)}");
    }

    private static string RuleOf(Plan plan, double[] weights)
    {
        var taking = weights.Count(w => w > 0);
        var members = taking == 1 ? "1 member" : string.Create(CultureInfo.InvariantCulture, $"{taking} members");
        return plan.Ensemble.Vote == Voting.Soft
            ? $"Soft vote of {members}: the class with the largest mean probability, the first of equals"
            : $"Hard vote of {members}: the class with most votes, of equals the more probable one on average";
    }
}
