using System.Globalization;
using Osteon.Reporting;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>All results of a checkout, those that only its tags know among them, best first.</summary>
public sealed class Leaderboard
{
    private readonly List<LeaderboardRow> _rows;

    private Leaderboard(List<LeaderboardRow> rows) => _rows = rows;

    /// <summary>What rows can be sorted by.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["dice", "made", "time", "cost", "experiment"];

    /// <summary>Gathers results, tags and reproductions.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="warn">Told of files that cannot be read.</param>
    public static Leaderboard Of(string root, Action<string> warn)
    {
        var store = ResultStore.In(root);
        var results = store.Results(warn).ToDictionary(r => (r.Experiment, r.Key, r.Config));
        var tags = new Dictionary<(string, string, string), List<string>>();
        var git = new Git(root);
        foreach (var tag in git.Tags())
        {
            // A tag of another hand holds no result.
            if (TagMessage.Parse(git.TryAsk("for-each-ref", "--format=%(contents)", $"refs/tags/{tag}") ?? string.Empty)?.Result is { } result)
            {
                var id = (result.Experiment, result.Key, result.Config);
                results.TryAdd(id, result);
                (tags.TryGetValue(id, out var known) ? known : tags[id] = []).Add(tag);
            }
        }

        var reproductions = store.Reproductions(warn).GroupBy(r => (r.Experiment, r.Key, r.Config)).ToDictionary(g => g.Key, g => g.First());
        return new([.. results.Select(r => Row(r.Value, tags.GetValueOrDefault(r.Key) ?? [], reproductions.GetValueOrDefault(r.Key)))]);
    }

    /// <summary>Rows whose experiment, tag or commit holds a text, sorted.</summary>
    /// <param name="filter">Null: all.</param>
    /// <param name="column">One of <see cref="Columns"/>; numbers from the greatest, names from the first.</param>
    public IReadOnlyList<LeaderboardRow> Rows(string? filter = null, string column = "dice")
    {
        var rows = _rows.Where(r => filter is null || new[] { r.Experiment, r.Tag, r.Commit }.Any(t => t.Contains(filter, StringComparison.OrdinalIgnoreCase)));
        var sorted = column switch
        {
            "made" => rows.OrderByDescending(r => r.Made),
            "time" => rows.OrderByDescending(r => r.Seconds ?? -1),
            "cost" => rows.OrderByDescending(r => r.Cost.Length == 0 ? -1 : double.Parse(r.Cost.Split(' ')[0], CultureInfo.InvariantCulture)),
            "experiment" => rows.OrderBy(r => r.Experiment, StringComparer.Ordinal),
            _ => rows.OrderByDescending(r => r.Dice.Mean),
        };
        return [.. sorted.ThenBy(r => r.Experiment, StringComparer.Ordinal).ThenBy(r => r.Key, StringComparer.Ordinal)];
    }

    /// <summary>A table for the console.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<LeaderboardRow> rows, int top)
    {
        string[] header = ["experiment", "Dice [95 %]", "members", "data", "tag", "commit", "made (UTC)", "time", "cost", "reproduced"];
        string[][] cells =
        [
            header,
            .. rows.Take(top).Select(r => new[]
            {
                r.Experiment, string.Create(CultureInfo.InvariantCulture, $"{r.Dice.Mean:F4} [{r.Dice.Low:F4}, {r.Dice.High:F4}]{(r.Metric.Length > 0 ? " " + r.Metric : "")}"), r.Members.Count.ToString(CultureInfo.InvariantCulture), r.Data,
                r.Tag, r.Commit, r.Made.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Time(r.Seconds), r.Cost, r.Reproduced,
            }),
        ];
        int[] widths = [.. header.Select((_, column) => cells.Max(row => row[column].Length))];
        foreach (var row in cells)
        {
            yield return string.Join("  ", row.Select((cell, column) => column is 2 or 7 or 8 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd();
        }

        if (rows.Count > top)
        {
            yield return $"… and {rows.Count - top} more: --top={rows.Count} prints all, and the page has them.";
        }

        if (rows.Take(top).Select(r => r.Data).Distinct().Count() > 1)
        {
            yield return "Only rows of one 'data' were measured on the same cases.";
        }
    }

    private static LeaderboardRow Row(ResultRecord result, List<string> tags, ReproductionRecord? reproduced) => new()
    {
        Experiment = result.Experiment,
        Key = result.Key[..8],
        Tag = string.Join(", ", tags),
        Commit = result.Commit is null ? string.Empty : result.Commit[..8] + (result.Dirty ? "+" : string.Empty),
        Made = result.Made,
        Data = result.Data[..8],
        Metric = result.Metric is { } metric ? ClassAnalysis.TitleOf(metric) : string.Empty,
        Dice = Of(result.Dice),
        Classes = result.Classes.ToDictionary(c => c.Key, c => Of(c.Value), StringComparer.Ordinal),
        Members = [.. result.Members.Select(m => (m.Name, m.Dice))],
        Scored = (result.Cases, result.Patients),
        Seconds = result.Seconds,
        ProcessorSeconds = result.ProcessorSeconds,
        Cost = CostOf(result),
        Reproduced = reproduced is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{reproduced.Verdict}, {reproduced.When.UtcDateTime:yyyy-MM-dd HH:mm} on {reproduced.Host}{(reproduced.FromCache ? " (cache)" : string.Empty)}"),
        Settings = Flatten.Of(result.Plan).ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal),
    };

    private static string CostOf(ResultRecord result) =>
        result is { Seconds: { } seconds } && result.Plan["cost"] is { } cost
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600 * (double?)cost["per_hour"] ?? 0:F2} {(string?)cost["currency"]}")
            : string.Empty;

    private static ScoreInterval Of(Estimate estimate) => new(estimate.Mean, estimate.Low, estimate.High);

    private static string Time(double? seconds) => seconds switch
    {
        null => "–",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:F1} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:F1} h"),
    };
}
