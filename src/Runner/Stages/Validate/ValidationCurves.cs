using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>
/// How a fold's validation cases come out at each candidate threshold: thresholds.json, from which a model's thresholds are chosen, and a file of masks a
/// case, from which what is chosen afterwards is chosen at these thresholds.
/// </summary>
internal sealed class ValidationCurves(Plan plan, CaseStore store, string folder)
{
    private const string FileName = "thresholds.json", Folder = "thresholds";

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
        var scaling = new LinearScaling(logits.Frame, stored.Shown);
        var (masks, dice) = (new Mask[truth.Count][], new double[truth.Count][]);
        Parallel.For(0, dice.Length, k =>
        {
            masks[k] = [.. _candidates.Select(t => Whole(scaling.Above(logits[k], Predictor.LogitOf(t))))];
            dice[k] = [.. masks[k].Select(mask => MaskMetrics.Dice(mask, truth[k], EmptyRule.One))];
        });
        ThresholdedMasks.Of(masks).Save(PathOf(folder, stored.Id));
        _curves.Add(new ThresholdCurve(stored.Id, stored.Source.Patient, dice));

        Mask Whole(Mask mask) => stored.Crop is { } box ? box.Place(mask, stored.Original) : mask;
    }

    /// <summary>Where a case's masks lie in a unit's folder.</summary>
    public static string PathOf(string folder, string id) => CasePredictions.PathOf(folder, Folder, id) + ".masks";

    /// <summary>Writes thresholds.json.</summary>
    public void Save() => AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(_curves, Layout));

    /// <summary>A model's thresholds, out of all of its folds that predict. With one fold, patients are the groups of the nested check.</summary>
    /// <param name="session">The experiment.</param>
    /// <param name="classes">Channel order.</param>
    /// <param name="model">Its name.</param>
    /// <param name="without">A group that is not asked, as <see cref="ValidationCases.GroupOf"/> has it; null: all are.</param>
    public static IReadOnlyList<TunedThreshold> Tune(ExperimentSession session, IReadOnlyList<string> classes, string model, string? without = null)
    {
        var asked = (from member in Member.Predicting(session.Plan)
                     where member.Model == model
                     from curve in UnitJson.Read<List<ThresholdCurve>>(Path.Combine(session.OutputOf(member.UnitOf("Validate")).Folder, FileName), Layout)
                     where ValidationCases.GroupOf(session.Plan, member.Fold, curve.Group) != without
                     select (member.Fold, Curve: curve)).ToArray();
        var byFold = asked.Select(a => a.Fold).Distinct().Count() > 1;
        return asked.Length == 0
            ? throw new ConfigurationException("infer.tune_thresholds needs labelled validation cases, and there are none.")
            : ThresholdTuning.Of(classes, ThresholdTuning.Candidates(session.Plan.Infer.Threshold), session.Plan.Infer.Threshold,
                [.. asked.Select(a => byFold ? a.Curve with { Group = $"fold {a.Fold}" } : a.Curve)]);
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
