using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Osteon.Datasets;
using Osteon.Runner.Configuration;
using Osteon.Tracking;

namespace Osteon.Runner;

/// <summary>A member of an ensemble and what it scored alone.</summary>
/// <param name="Name">E.g. unet-r18/fold 1.</param>
/// <param name="Dice">Mean test Dice; of a classification its ROC AUC.</param>
public sealed record MemberResult(string Name, double Dice);

/// <summary>What an experiment's vote scored, from what, when and at what cost: a row of the leaderboard.</summary>
public sealed record ResultRecord
{
    internal static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The experiment's name.</summary>
    public required string Experiment { get; init; }

    /// <summary>The key of its Ensemble unit: with <see cref="Config"/>, what tells a row from others.</summary>
    public required string Key { get; init; }

    /// <summary>The hash over the unit's files.</summary>
    public required string Output { get; init; }

    /// <summary>SHA-256 of the resolved plan.</summary>
    public required string Config { get; init; }

    /// <summary>The resolved plan.</summary>
    public required JsonObject Plan { get; init; }

    /// <summary>When the vote was made.</summary>
    public required DateTimeOffset Made { get; init; }

    /// <summary>What was checked out; null outside a repository.</summary>
    public string? Commit { get; init; }

    /// <summary>Files differed from the commit.</summary>
    public bool Dirty { get; init; }

    /// <summary>Digest of the stored cases and their split: rows that share it were measured on the same cases.</summary>
    public required string Data { get; init; }

    /// <summary>The rule by which the labels' outlines became pixels: fillpoly, fillpoly_truncated or coco; null where labels hold none.</summary>
    public string? PolygonRaster { get; init; }

    /// <summary>What was found out about the data set to read its labels, e.g. rle: row order from 1; null where nothing had to be.</summary>
    public IReadOnlyDictionary<string, string>? Found { get; init; }

    /// <summary>What <see cref="Dice"/> and the members' numbers are in place of Dice, where images are classified: roc_auc, or accuracy where all test images are of one class; null: Dice.</summary>
    public string? Metric { get; init; }

    /// <summary>Mean test Dice over classes, or what <see cref="Metric"/> says.</summary>
    public required Estimate Dice { get; init; }

    /// <summary>The same by class, in channel order; of a classification its other scores, by name.</summary>
    public required IReadOnlyDictionary<string, Estimate> Classes { get; init; }

    /// <summary>Scored test cases.</summary>
    public required int Cases { get; init; }

    /// <summary>Their patients.</summary>
    public required int Patients { get; init; }

    /// <summary>In plan order.</summary>
    public required IReadOnlyList<MemberResult> Members { get; init; }

    /// <summary>Wall time of all units up to the vote; null where an earlier version made one of them.</summary>
    public double? Seconds { get; init; }

    /// <summary>Processor time of them.</summary>
    public double? ProcessorSeconds { get; init; }

    /// <summary>Where it was computed.</summary>
    public required Platform Platform { get; init; }

    /// <summary>The result of a session whose Ensemble is done; null when no test case had truth.</summary>
    public static ResultRecord? Of(ExperimentSession session)
    {
        if (session.Lock["Ensemble"] is not { } entry || (session.Classifies ? OfImages(session) : OfMasks(session)) is not { } scored)
        {
            return null;
        }

        var git = GitFacts.Read(session.Options.Root);
        UnitOrigin?[] origins = [.. session.Lock.Entries.Where(u => u.Key != "Report" && IsOfPlan(session, u.Key)).Select(u => session.Cache.Find(u.Key.Split('[')[0], u.Value.Key)?.Origin)];
        var plan = PlanSlices.Json(session.Plan);
        return new ResultRecord
        {
            Experiment = session.Plan.Name,
            Key = entry.Key,
            Output = entry.Output,
            Config = PlanSlices.Digest(session.Plan),
            Plan = plan,
            Made = session.Cache.Find("Ensemble", entry.Key)?.Origin?.Made ?? session.Clock.GetUtcNow(),
            Commit = git?.Commit,
            Dirty = git?.IsDirty ?? false,
            Data = TreeHash.Of([("Convert", session.OutputOf("Convert").Hash), ("Split", session.OutputOf("Split").Hash), .. session.Labels.Select(l => (l, session.OutputOf(l).Hash))]),
            PolygonRaster = session.PolygonRaster,
            Found = session.FoundInData.Count > 0 ? session.FoundInData : null,
            Metric = scored.Metric,
            Dice = scored.Headline,
            Classes = scored.Parts,
            Cases = scored.Cases,
            Patients = scored.Patients,
            Members = scored.Members,
            Seconds = origins.Contains(null) ? null : origins.Sum(o => o!.Seconds),
            ProcessorSeconds = origins.Contains(null) ? null : origins.Sum(o => o!.ProcessorSeconds),
            Platform = Platform.Current(session.Device.Kind),
        };
    }

    private static Scored? OfMasks(ExperimentSession session)
    {
        var standings = Standings.Of(session);
        if (!standings.Scored)
        {
            return null;
        }

        var scores = standings.Ensemble;
        var store = CaseStore.Open(session.OutputOf("Convert").Folder);
        var cases = scores.Cases.Select(c => (store[c.Case].Source.Patient, c.Dice)).ToArray();
        var (headline, classes) = Bootstrap.Of(cases);
        return new Scored(headline, scores.Classes.Zip(classes).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal),
            cases.Length, cases.Select(c => c.Patient).Distinct(StringComparer.Ordinal).Count(), [.. standings.Members.Select(m => new MemberResult(m.Member.ToString(), m.Scores.Dice))]);
    }

    private static Scored? OfImages(ExperimentSession session)
    {
        var analysis = ClassAnalysis.Load(session.OutputOf("Ensemble").Folder);
        if (analysis.Cases == 0)
        {
            return null;
        }

        // Test images of one class alone have no ROC curve.
        var metric = double.IsFinite(analysis.Scores[ClassAnalysis.Metric].Mean) ? ClassAnalysis.Metric : "accuracy";
        return new Scored(analysis.Scores[metric], analysis.Scores.Where(s => s.Key != metric && double.IsFinite(s.Value.Mean)).ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal),
            analysis.Cases, analysis.Patients, [.. analysis.Members.Select(m => new MemberResult(m.Name, m.Scores[metric]))]) { Metric = metric };
    }

    private sealed record Scored(Estimate Headline, IReadOnlyDictionary<string, Estimate> Parts, int Cases, int Patients, IReadOnlyList<MemberResult> Members)
    {
        public string? Metric { get; init; }
    }

    // A lock keeps units of models that the experiment has no more.
    private static bool IsOfPlan(ExperimentSession session, string unitId) =>
        unitId.IndexOf('[', StringComparison.Ordinal) is var at && (at < 0 || Member.Of(session.Plan).Any(m => m.Cell == unitId[(at + 1)..^1]))
        || StoredSizes.Of(session.Plan).Any(size => unitId == StoredSizes.UnitOf(session.Plan, size)
            || (session.Plan.Augment.Count > 0 && Enumerable.Range(0, session.Plan.Split.Folds).Any(fold => unitId == AugmentStage.UnitOf(session.Plan, size, fold))));
}
