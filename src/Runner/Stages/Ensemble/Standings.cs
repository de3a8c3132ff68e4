using System.Globalization;

namespace Osteon.Runner;

/// <summary>Members and ensemble side by side; nobody should learn later that one member alone was better.</summary>
/// <param name="Members">In plan order.</param>
/// <param name="Ensemble">The vote.</param>
/// <param name="Analysis">What each is worth.</param>
public sealed record Standings(IReadOnlyList<(Member Member, ScoreTable Scores)> Members, ScoreTable Ensemble, EnsembleAnalysis Analysis)
{
    // More would not fit a line; the report has them all.
    private const int ClassColumns = 4;

    /// <summary>What a session's members and vote scored.</summary>
    public static Standings Of(ExperimentSession session) => new(
        [.. Member.Predicting(session.Plan).Select(m => (m, ScoreTable.Load(session.OutputOf(m.UnitOf("Infer")).Folder)))],
        ScoreTable.Load(session.OutputOf("Ensemble").Folder),
        EnsembleAnalysis.Load(session.OutputOf("Ensemble").Folder));

    /// <summary>True when test cases had truth.</summary>
    public bool Scored => Ensemble.Cases.Count > 0;

    /// <summary>The member with the highest mean test Dice; the first of equals.</summary>
    public (Member Member, ScoreTable Scores) Best => Members.MaxBy(m => m.Scores.Dice);

    /// <summary>A table for the console, and a sentence on the best member.</summary>
    public IEnumerable<string> Lines()
    {
        if (!Scored)
        {
            yield return "The test cases have no labels: predictions were written, nothing was scored.";
            yield break;
        }

        string[][] rows = [Header(), .. Members.Select((m, i) => Row(m.Member.ToString(), m.Scores, Members.Count > 1 ? Analysis.Members[i].Value(Ensemble.Dice) : null)), Row("ensemble", Ensemble, null)];
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            yield return string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])));
        }

        foreach (var model in Analysis.FoldEnsembles)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{model.Name}: Dice {model.Dice:F4}");
        }

        if (Members.Count > 1)
        {
            yield return Verdict();
        }

        foreach (var sentence in Analysis.Sentences(Ensemble.Classes.Count))
        {
            yield return sentence;
        }
    }

    private string Verdict()
    {
        var difference = Ensemble.Dice - Best.Scores.Dice;
        return string.Create(CultureInfo.InvariantCulture,
            $"Best member: {Best.Member}. The ensemble is {Math.Abs(difference):F4} {(difference >= 0 ? "above" : "BELOW")} it.");
    }

    private string[] Header() =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{Ensemble.Cases.Count} test cases"),
        "Dice",
        .. Ensemble.Classes.Count <= ClassColumns ? Ensemble.Classes.Select(name => $"Dice {name}") : [],
        "IoU",
        .. Ensemble.Accuracy is null ? Array.Empty<string>() : ["pixel accuracy"],
        .. Members.Count > 1 ? ["adds"] : Array.Empty<string>(),
    ];

    private string[] Row(string name, ScoreTable scores, double? adds) =>
    [
        name,
        Number(scores.Dice),
        .. scores.Classes.Count <= ClassColumns ? scores.ClassDice.Select(Number) : [],
        Number(scores.Iou),
        .. scores.Accuracy is { } accuracy ? [Number(accuracy)] : Array.Empty<string>(),
        .. Members.Count > 1 ? [adds is { } value && double.IsFinite(value) ? value.ToString("+0.0000;-0.0000", CultureInfo.InvariantCulture) : ""] : Array.Empty<string>(),
    ];

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
