using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>How one part of an ensemble comes out on the test images.</summary>
/// <param name="Name">A member, a model with all of its folds, or the ensemble.</param>
/// <param name="Weight">What it counts.</param>
/// <param name="Scores">By name, as in the report; NaN where there is nothing to measure.</param>
/// <param name="Without">The ensemble's ROC AUC without it; NaN where nothing is left.</param>
public sealed record ClassPart(string Name, double Weight, IReadOnlyDictionary<string, double> Scores, double Without);

/// <summary>An ensemble that classifies, taken apart: classification.json beside its predictions.</summary>
public sealed record ClassAnalysis
{
    /// <summary>The file's name in the Ensemble unit's folder.</summary>
    public const string FileName = "classification.json";

    /// <summary>What parts are compared by.</summary>
    public const string Metric = "roc_auc";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The rule in words.</summary>
    public required string Rule { get; init; }

    /// <summary>Test images whose class is known.</summary>
    public int Cases { get; init; }

    /// <summary>Their patients.</summary>
    public int Patients { get; init; }

    /// <summary>The ensemble's scores with their intervals over patients; empty where no class is known.</summary>
    public IReadOnlyDictionary<string, Estimate> Scores { get; init; } = new Dictionary<string, Estimate>();

    /// <summary>Members, in plan order; empty where no class is known.</summary>
    public IReadOnlyList<ClassPart> Members { get; init; } = [];

    /// <summary>Each model with all of its folds; empty where there is one model or one fold.</summary>
    public IReadOnlyList<ClassPart> FoldEnsembles { get; init; } = [];

    /// <summary>Models on validation images, by networks that have not learned from them; the weight is how often a greedy selection takes each.</summary>
    public IReadOnlyList<ClassPart> Models { get; init; } = [];

    /// <summary>Validation images whose class is known.</summary>
    public int ValidationCases { get; init; }

    /// <summary>Measures an ensemble.</summary>
    /// <param name="store">Knows patients.</param>
    /// <param name="classes">How many there are.</param>
    /// <param name="members">Who takes part.</param>
    /// <param name="weights">What each counts.</param>
    /// <param name="said">Each one's predictions.</param>
    /// <param name="vote">Joins them.</param>
    /// <param name="rule">In words.</param>
    internal static ClassAnalysis Of(CaseStore store, int classes, Member[] members, double[] weights, IReadOnlyList<ClassPrediction>[] said, ClassVote vote, string rule)
    {
        var voted = vote.Of(said, weights);
        ClassPrediction[] known = [.. voted.Where(p => p.Label is not null)];
        if (known.Length == 0)
        {
            return new ClassAnalysis { Rule = rule };
        }

        string[] patients = [.. known.Select(p => store[p.Id].Source.Patient)];
        string[] models = [.. members.Select(m => m.Model).Distinct()];
        return new ClassAnalysis
        {
            Rule = rule,
            Cases = known.Length,
            Patients = patients.Distinct(StringComparer.Ordinal).Count(),
            Scores = Bootstrap.Of(patients, MemberClassification.Headlines, sample => ClassPredictions.ScoresOf(sample.Select(i => known[i]), classes)!),
            Members = [.. members.Select((m, i) => Part(m.ToString(), weights[i], said[i], j => j == i))],
            FoldEnsembles = models.Length > 1 && models.Length < members.Length
                ? [.. models.Select(model => Part(string.Create(CultureInfo.InvariantCulture, $"{model}, {members.Count(m => m.Model == model)} folds"),
                    members.Select((m, i) => m.Model == model ? weights[i] : 0).Sum(), vote.Of(said, [.. members.Select(m => m.Model == model ? 1.0 : 0)]), j => members[j].Model == model))]
                : [],
        };

        ClassPart Part(string name, double weight, IReadOnlyList<ClassPrediction> alone, Func<int, bool> isOf)
        {
            double[] rest = [.. weights.Select((w, j) => isOf(j) ? 0 : w)];
            var scores = ClassPredictions.ScoresOf(alone, classes)!;
            return new ClassPart(name, weight, MemberClassification.Headlines.ToDictionary(h => h, h => scores[h], StringComparer.Ordinal),
                rest.Any(w => w > 0) ? ClassPredictions.ScoresOf(vote.Of(said, rest), classes)![Metric] : double.NaN);
        }
    }

    /// <summary>Writes classification.json.</summary>
    public void Save(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Layout) + "\n");

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static ClassAnalysis Load(string folder) => UnitJson.Read<ClassAnalysis>(Path.Combine(folder, FileName), Layout);

    /// <summary>A table for the console, and sentences on what it means.</summary>
    public IEnumerable<string> Lines()
    {
        if (Cases == 0)
        {
            yield return "The test images have no labels: predictions were written, nothing was scored.";
            yield break;
        }

        string[][] rows =
        [
            [string.Create(CultureInfo.InvariantCulture, $"{Cases} test images"), .. MemberClassification.Headlines.Select(TitleOf), .. Members.Count > 1 ? ["adds"] : Array.Empty<string>()],
            .. Members.Select(m => Row(m.Name, m.Scores, Members.Count > 1 ? Scores[Metric].Mean - m.Without : null)),
            Row("ensemble", Scores.ToDictionary(s => s.Key, s => s.Value.Mean, StringComparer.Ordinal), Members.Count > 1 ? double.NaN : null),
        ];
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            yield return string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))).TrimEnd();
        }

        foreach (var model in FoldEnsembles)
        {
            yield return $"{model.Name}: ROC AUC {Number(model.Scores[Metric])}, accuracy {Number(model.Scores["accuracy"])}";
        }

        foreach (var sentence in Sentences())
        {
            yield return sentence;
        }
    }

    /// <summary>What a person should know, a sentence each.</summary>
    public IEnumerable<string> Sentences()
    {
        yield return $"{Rule}.";
        if (Models.Count > 1)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Out of fold, on {ValidationCases} validation images, a greedy selection takes {string.Join(", ", Models.Where(m => m.Weight > 0).Select(m => $"{m.Name} {m.Weight:0}×"))}; alone, {string.Join(", ", Models.Select(m => $"{m.Name} has a ROC AUC of {Number(m.Scores[Metric])}"))}.");
        }

        if (Cases > 0 && Scores[Metric] is { } auc && double.IsFinite(auc.Mean))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"ROC AUC {auc.Mean:F4}, and from {auc.Low:F4} to {auc.High:F4} in 95 of 100 resamples of the {Patients} test patients ({Cases} images).");
        }

        if (Members.Count > 1 && Members.MaxBy(m => m.Scores[Metric]) is { } best && Scores[Metric].Mean - best.Scores[Metric] is var difference && double.IsFinite(difference))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Best member: {best.Name}. The ensemble's ROC AUC is {Math.Abs(difference):F4} {(difference >= 0 ? "above" : "BELOW")} it.");
        }
    }

    /// <summary>A score's name as people write it.</summary>
    internal static string TitleOf(string name) => name switch
    {
        "roc_auc" => "ROC AUC",
        "f1" => "F1",
        _ => name.Replace('_', ' '),
    };

    private static string[] Row(string name, IReadOnlyDictionary<string, double> scores, double? adds) =>
    [
        name,
        .. MemberClassification.Headlines.Select(h => Number(scores[h])),
        .. adds is { } value ? [double.IsFinite(value) ? value.ToString("+0.0000;-0.0000", CultureInfo.InvariantCulture) : ""] : Array.Empty<string>(),
    ];

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("F4", CultureInfo.InvariantCulture) : "–";
}
