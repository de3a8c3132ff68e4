using System.Buffers;
using System.Globalization;
using System.Text;
using Osteon.Abstractions;
using Osteon.Reporting;

namespace Osteon.Runner;

/// <summary>What a sweep found: a table for the console, sweep.csv, sweep.html with a picture, and MLflow.</summary>
/// <param name="space">What was tried where.</param>
/// <param name="goal">What it was after.</param>
/// <param name="results">In the order they were tried.</param>
public sealed class SweepTable(SweepSpace space, SweepGoal goal, IReadOnlyList<SweepResult> results)
{
    private static readonly SearchValues<char> ForShells = SearchValues.Create(" {}[]\"'&|;<>()$*?");

    private readonly SweepResult[] _ranked = [.. results.OrderByDescending(r => double.IsNaN(r.Score) ? double.NegativeInfinity : goal.Gain(r.Score))];

    /// <summary>The best point first, and how to take it.</summary>
    public IEnumerable<string> Lines()
    {
        string[][] rows = [Header, .. _ranked.Select(Row)];
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            yield return string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
        }

        if (_ranked[0].Failure is null)
        {
            yield return $"Best: {string.Join(' ', _ranked[0].Point.Set.Select(set => $"--set {(set.AsSpan().ContainsAny(ForShells) ? $"'{set}'" : set)}"))}";
        }
    }

    /// <summary>Writes sweep.csv and sweep.html, and tells the session's run.</summary>
    /// <returns>The page's path.</returns>
    public string Save(ExperimentSession session)
    {
        var (csv, page) = (Path.Combine(session.RunFolder, "sweep.csv"), Path.Combine(session.RunFolder, "sweep.html"));
        AtomicFile.WriteAllText(csv, Csv());
        SweepPage.Write($"Sweep of {session.Plan.Name}",
            $"The lowest validation loss and the {goal.Metric} of the epoch that was kept, means over members, with their epochs. Validation cases only.",
            new SweepPicture(space, goal, _ranked).Draw(), Header, [.. _ranked.Select(Row)], page);
        if (session.Tracking.Parent is { } run)
        {
            for (var i = 0; i < results.Count; i++)
            {
                run.Metric($"sweep/{goal.Metric}", results[i].Score, i + 1);
            }

            run.Artifact(csv);
            run.Artifact(page);
        }

        return page;
    }

    internal static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("F4", CultureInfo.InvariantCulture);

    private IReadOnlyList<string> Keys => [.. results[0].Point.Values.Select(v => v.Key)];

    private string[] Header => [.. Keys, "lowest val loss @ epoch", $"best {goal.Metric} @ epoch", "members"];

    private static string[] Row(SweepResult result) =>
    [
        .. result.Point.Values.Select(v => v.Value),
        At(result.Loss, result.Members.Select(m => m.LossEpoch)),
        result.Failure is null ? At(result.Score, result.Members.Select(m => m.Epoch)) : "failed",
        result.Failure ?? string.Join(", ", result.Members.Select(m => Number(m.Score))),
    ];

    private static string At(double value, IEnumerable<double> epochs) => double.IsNaN(value) ? Number(value)
        : $"{Number(value)} @ {string.Join(", ", epochs.Select(e => double.IsNaN(e) ? "–" : e.ToString(CultureInfo.InvariantCulture)))}";

    private string Csv()
    {
        var text = new StringBuilder(string.Join(',', [.. Keys.Select(Quoted), "member", goal.Metric, "best_epoch", "lowest_val_loss", "lowest_val_loss_epoch"])).Append('\n');
        foreach (var result in results)
        {
            foreach (var member in result.Members)
            {
                string[] cells = [.. result.Point.Values.Select(v => v.Value), member.Member, .. new[] { member.Score, member.Epoch, member.Loss, member.LossEpoch }.Select(n => n.ToString("R", CultureInfo.InvariantCulture))];
                text.AppendJoin(',', cells.Select(Quoted)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
