using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>How a fold's validation cases come out at each candidate threshold: thresholds.json, from which a model's thresholds are chosen.</summary>
internal sealed class ValidationCurves(Plan plan, CaseStore store)
{
    private const string FileName = "thresholds.json";

    private static readonly JsonSerializerOptions Layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly IReadOnlyList<double> _candidates = ThresholdTuning.Candidates(plan.Infer.Threshold);
    private readonly List<ThresholdCurve> _curves = [];

    /// <summary>Judges a labelled case at every candidate.</summary>
    public void Add(StoredCase stored, LogitPlanes logits)
    {
        if (!stored.Labelled)
        {
            return;
        }

        var truth = store.ReadTruth(stored);
        var scaling = new LinearScaling(logits.Frame, stored.Original);
        var dice = new double[truth.Count][];
        Parallel.For(0, dice.Length, k => dice[k] = [.. _candidates.Select(t => MaskMetrics.Dice(scaling.Above(logits[k], Predictor.LogitOf(t)), truth[k], EmptyRule.One))]);
        _curves.Add(new ThresholdCurve(stored.Id, stored.Source.Patient, dice));
    }

    /// <summary>Writes thresholds.json.</summary>
    public void Save(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(_curves, Layout));

    /// <summary>A model's thresholds, out of all of its folds that predict. With one fold, patients are the groups of the nested check.</summary>
    public static IReadOnlyList<TunedThreshold> Tune(ExperimentSession session, IReadOnlyList<string> classes, string model)
    {
        Member[] members = [.. Member.Predicting(session.Plan).Where(m => m.Model == model)];
        var curves = members.SelectMany(member => UnitJson.Read<List<ThresholdCurve>>(Path.Combine(session.OutputOf(member.UnitOf("Validate")).Folder, FileName), Layout)
            .Select(curve => members.Length > 1 ? curve with { Group = $"fold {member.Fold}" } : curve)).ToArray();
        return curves.Length == 0
            ? throw new ConfigurationException("infer.tune_thresholds needs labelled validation cases, and there are none.")
            : ThresholdTuning.Of(classes, ThresholdTuning.Candidates(session.Plan.Infer.Threshold), session.Plan.Infer.Threshold, curves);
    }

    /// <summary>Says what was chosen, and whether it held.</summary>
    public static void Tell(ExperimentSession session)
    {
        var classes = CaseStore.Open(session.OutputOf("Convert").Folder).Classes;
        foreach (var model in session.Plan.Models.Keys)
        {
            var tuned = Tune(session, classes, model);
            var kept = tuned.Where(t => t.Tuned).ToArray();
            session.Console.Info(string.Create(CultureInfo.InvariantCulture,
                $"{model}: thresholds of {kept.Length} of {tuned.Count} classes tuned; Dice {tuned.Average(t => t.Gain):+0.0000;-0.0000} on the cases they were chosen on, {tuned.Average(t => t.NestedGain):+0.0000;-0.0000} in the nested check"));
            foreach (var t in tuned)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"  {t.Class}: {t.Best:0.##} gains {t.Gain:+0.0000;-0.0000}, nested {t.NestedGain:+0.0000;-0.0000} ± {t.Error:0.0000}{(t.Tuned ? "" : $"; stays {t.Threshold:0.##}")}");
                (t.Tuned ? (Action<string>)session.Console.Info : session.Console.Verbose)(text);
            }
        }
    }
}
