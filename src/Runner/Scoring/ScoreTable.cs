using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>One test case's numbers.</summary>
/// <param name="Case">Its id.</param>
/// <param name="Dice">By class; a class absent from truth and prediction counts 1.</param>
/// <param name="Iou">By class, by the same rule.</param>
/// <param name="Accuracy">Share of pixels whose class is right, in multiclass mode, NaN where none is decided; else null.</param>
public sealed record CaseScore(string Case, IReadOnlyList<double> Dice, IReadOnlyList<double> Iou, double? Accuracy);

/// <summary>
/// Dice and IoU of predictions against truth at the original size. A class's number is its mean over cases; the headline is
/// the mean over classes: the challenge's rule. In multiclass mode pixels without a class in the truth count for nothing.
/// </summary>
public sealed class ScoreTable(IReadOnlyList<string> classes, IReadOnlyList<CaseScore>? cases = null)
{
    private const string FileName = "scores.json";
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly List<CaseScore> _cases = [.. cases ?? []];

    /// <summary>Channel order.</summary>
    public IReadOnlyList<string> Classes { get; } = classes;

    /// <summary>Scored cases.</summary>
    public IReadOnlyList<CaseScore> Cases => _cases;

    /// <summary>Mean Dice by class; NaN without scored cases.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> ClassDice => Means(c => c.Dice);

    /// <summary>Mean IoU by class.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> ClassIou => Means(c => c.Iou);

    /// <summary>Mean over classes of the mean over cases.</summary>
    [JsonIgnore]
    public double Dice => ClassDice.Average();

    /// <summary>The same for IoU.</summary>
    [JsonIgnore]
    public double Iou => ClassIou.Average();

    /// <summary>Mean pixel accuracy, or null.</summary>
    [JsonIgnore]
    public double? Accuracy => _cases.Count > 0 && _cases.All(c => c.Accuracy is not null) && MaskMetrics.Mean([.. _cases.Select(c => c.Accuracy!.Value)]) is var mean && !double.IsNaN(mean) ? mean : null;

    /// <summary>Scores a case; one without labels is left out.</summary>
    public void Add(CaseStore store, StoredCase stored, IReadOnlyList<Mask> predicted, LabelMode mode)
    {
        if (!stored.Labelled)
        {
            return;
        }

        _cases.Add(Score(stored.Source.Id, predicted, store.ReadTruth(stored), mode));
    }

    /// <summary>A case's numbers.</summary>
    /// <param name="id">The case.</param>
    /// <param name="predicted">One mask a class.</param>
    /// <param name="truth">The same classes, in the same frame.</param>
    /// <param name="mode">How classes relate.</param>
    public static CaseScore Score(string id, IReadOnlyList<Mask> predicted, IReadOnlyList<Mask> truth, LabelMode mode)
    {
        var judged = mode.Judged(truth);
        predicted = judged.Of(predicted);
        return new CaseScore(
            id,
            [.. truth.Zip(predicted, (t, p) => MaskMetrics.Dice(p, t, EmptyRule.One))],
            [.. truth.Zip(predicted, (t, p) => MaskMetrics.IoU(p, t, EmptyRule.One))],
            mode == LabelMode.Multiclass ? truth.Zip(predicted, (t, p) => (double)MaskMetrics.Intersection(t, p)).Sum() / (truth[0].Frame.Area - judged.Undecided) : null);
    }

    /// <summary>Cases of several tables of the same classes in one.</summary>
    public static ScoreTable Of(IReadOnlyList<ScoreTable> tables) => new(tables[0].Classes, [.. tables.SelectMany(t => t.Cases)]);

    /// <summary>Writes scores.json.</summary>
    public void Save(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Layout));

    /// <summary>Reads scores.json.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static ScoreTable Load(string folder) => UnitJson.Read<ScoreTable>(Path.Combine(folder, FileName), Layout);

    private double[] Means(Func<CaseScore, IReadOnlyList<double>> of) =>
        [.. Classes.Select((_, k) => _cases.Count == 0 ? double.NaN : _cases.Average(c => of(c)[k]))];
}
