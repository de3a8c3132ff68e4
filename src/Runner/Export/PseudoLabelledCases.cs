using System.Globalization;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>
/// Test cases labelled by the experiment's own ensemble, to learn from; beside them, unless left out, the training cases as they are. A case is as sure as its
/// least sure class: the mean Dice of the members with their vote, weighted as they voted. Cases of which the ensemble is less sure than asked for are left out whole, for a class that
/// was merely left out would be learnt as absent. They stand in every fold's training part and never validate.
/// </summary>
/// <param name="session">The experiment; its ensemble has voted.</param>
/// <param name="least">The least confidence, 0 to 1.</param>
/// <param name="only">Leaves the training cases out.</param>
public sealed class PseudoLabelledCases(ExperimentSession session, double least, bool only) : ExportSource(session)
{
    /// <summary>The fact of a case that says whether its label is truth or pseudo.</summary>
    public const string Origin = "label_origin";

    private readonly List<string> _notes = [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => _notes;

    /// <inheritdoc/>
    public override JsonObject? Provenance { get; protected set; }

    /// <inheritdoc/>
    protected override (IReadOnlyList<ChosenCase> Cases, IReadOnlyList<(string[] Train, string[] Validation)> Folds) Choose(CaseStore store, Split split, CancellationToken cancellation)
    {
        if (Session.Classifies)
        {
            throw new ConfigurationException($"PseudoLabel makes masks, and {Session.Plan.Name} classifies images. Their predictions are a table of labels as they are: labels: {{csv: {{file: runs/{Session.Plan.Name}/predictions.csv, label: predicted}}}}.");
        }

        var test = TestCases.Of(Session, store);
        if (test.Count == 0)
        {
            throw new ConfigurationException($"{Session.Plan.Name} has no test case, so that the ensemble predicted nothing. The source's own test cases and split.test_fraction make some.");
        }

        var members = Voting();
        if (members.Length < 2 && least > 0)
        {
            throw new ConfigurationException($"--min-confidence={least.ToString(CultureInfo.InvariantCulture)}: confidence is how far members agree, and {Session.Plan.Name} has {members.Length}. Leave it out, or train more models or folds.");
        }

        var judged = Judge(store, test, members, cancellation);
        var kept = judged.Where(j => j.Confidence >= least).ToArray();
        if (kept.Length == 0)
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"The ensemble is as sure as {least} of none of {test.Count} test cases; the surest is {judged.MaxBy(j => j.Confidence)!.Case.Id} with {judged.Max(j => j.Confidence):0.000}."));
        }

        Tell(judged, kept, members, store.Classes);
        ChosenCase[] pseudo = [.. kept.Select(j => new ChosenCase(j.Case, IsTest: false, j.Masks, new Dictionary<string, string> { [Origin] = "pseudo", ["confidence"] = j.Confidence.ToString("0.0000", CultureInfo.InvariantCulture) }))];
        ChosenCase[] truth = only ? [] : [.. store.Cases.Where(c => c.Labelled && !split.Test.Contains(c.Id)).Select(c => new ChosenCase(c, IsTest: false, null, new Dictionary<string, string> { [Origin] = "truth" }))];
        string[] ids = [.. pseudo.Select(p => p.Case.Id)];
        return ([.. truth, .. pseudo], only ? [] : [.. split.Folds.Select(f => ((string[])[.. f.Train, .. ids], (string[])[.. f.Validation]))]);
    }

    // Those whose vote counts, and what it counts.
    private (Member Member, double Weight)[] Voting()
    {
        var plan = Session.Plan.Ensemble;
        var chosen = plan.Select == MemberSelection.Greedy ? EnsembleAnalysis.Load(Session.OutputOf("Ensemble").Folder).Models.ToDictionary(m => m.Name, m => m.Weight, StringComparer.Ordinal) : [];
        return [.. Member.Predicting(Session.Plan).Select(m => (m, plan.Weights.GetValueOrDefault(m.Model, 1) * chosen.GetValueOrDefault(m.Model, 1))).Where(m => m.Item2 > 0)];
    }

    private List<Judged> Judge(CaseStore store, IReadOnlyList<StoredCase> test, (Member Member, double Weight)[] members, CancellationToken cancellation)
    {
        var sums = test.ToDictionary(c => c.Id, _ => new double[store.Classes.Count], StringComparer.Ordinal);
        var voted = SubmissionMasks.Read(Path.Combine(Session.OutputOf("Ensemble").Folder, EnsembleStage.Submission), test, store.Classes).ToDictionary(v => v.Case.Id, v => v.Masks, StringComparer.Ordinal);
        foreach (var (member, weight) in members)
        {
            // One member's masks at a time.
            cancellation.ThrowIfCancellationRequested();
            foreach (var (stored, masks) in SubmissionMasks.Read(Path.Combine(Session.OutputOf(member.UnitOf("Infer")).Folder, InferStage.Predictions), test, store.Classes))
            {
                for (var k = 0; k < masks.Count; k++)
                {
                    sums[stored.Id][k] += weight * MaskMetrics.Dice(masks[k], voted[stored.Id][k]);
                }
            }
        }

        var all = members.Sum(m => m.Weight);
        return [.. test.Select(c => new Judged(c, voted[c.Id], [.. sums[c.Id].Select(s => s / all)], c.Labelled ? DiceOf(store.ReadTruth(c), voted[c.Id], Session.Plan.Data.Mode) : null))];
    }

    private void Tell(List<Judged> judged, Judged[] kept, (Member Member, double Weight)[] members, IReadOnlyList<string> classes)
    {
        var left = judged.Except(kept).ToArray();
        _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{kept.Length} of {judged.Count} test cases are labelled by {members.Length} members{(least > 0 ? $" that agree by {least} at least in every class" : string.Empty)}"));
        foreach (var (what, cases) in new[] { ("kept", kept), ("left out", left) })
        {
            if (cases.Count(c => c.Dice is not null) is > 0 and var known)
            {
                _notes.Add(string.Create(CultureInfo.InvariantCulture, $"  {what}: mean Dice {cases.Where(c => c.Dice is not null).Average(c => c.Dice!.Value):0.0000} with the truth of {known}"));
            }
        }

        Provenance = new JsonObject
        {
            ["ensemble"] = Session.OutputOf("Ensemble").Hash,
            ["members"] = new JsonObject(members.Select(m => KeyValuePair.Create(m.Member.ToString(), (JsonNode?)Session.OutputOf(m.Member.UnitOf("Infer")).Hash))),
            ["min_confidence"] = least,
            ["confidence"] = "mean Dice of the members with their vote, of the least sure class",
            ["kept"] = new JsonArray([.. kept.Select(j => (JsonNode)j.ToJson(classes))]),
            ["left_out"] = new JsonArray([.. left.Select(j => (JsonNode)j.ToJson(classes))]),
        };
    }

    private static double DiceOf(IReadOnlyList<Mask> truth, IReadOnlyList<Mask> voted, LabelMode mode) => truth.Zip(mode.Judged(truth).Of(voted), (t, v) => MaskMetrics.Dice(v, t)).Average();

    /// <param name="Case">A test case.</param>
    /// <param name="Masks">The vote.</param>
    /// <param name="Classes">Confidence of each class.</param>
    /// <param name="Dice">Mean Dice with the truth, where there is one.</param>
    private sealed record Judged(StoredCase Case, IReadOnlyList<Mask> Masks, double[] Classes, double? Dice)
    {
        public double Confidence { get; } = Classes.Min();

        public JsonObject ToJson(IReadOnlyList<string> names) => new()
        {
            ["id"] = Case.Id,
            ["confidence"] = Confidence,
            ["class"] = names[Array.IndexOf(Classes, Confidence)],
        };
    }
}
