using Cake.Core;
using Cake.Frosting;
using Osteon.Reporting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Shows all results, tagged ones among them, as a table and as one HTML page.</summary>
[TaskName("Leaderboard")]
[TaskDescription("Shows all results: a table, and runs/leaderboard.html")]
public sealed class LeaderboardTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var column = context.CommandLine["sort"] ?? Leaderboard.Columns[0];
        if (!Leaderboard.Columns.Contains(column))
        {
            throw new CakeException(2, $"--sort={column}: expected {string.Join(", ", Leaderboard.Columns)}.");
        }

        var board = Leaderboard.Of(context.Root, context.CreateConsole().Warn);
        var rows = board.Rows(context.CommandLine["filter"], column);
        if (rows.Count == 0)
        {
            context.Say(context.CommandLine["filter"] is { } filter ? $"No result whose experiment, tag or commit holds '{filter}'." : "No result yet: --target=Ensemble makes one.");
        }
        else
        {
            foreach (var line in Leaderboard.Lines(rows, context.CommandLine.Top))
            {
                context.Say(line);
            }
        }

        if (!context.DryRun)
        {
            var page = Path.Combine(context.Root, "runs", "leaderboard.html");
            LeaderboardPage.Write(board.Rows(), page);
            context.Say($"Leaderboard: {Path.GetRelativePath(context.Root, page)}");
        }
    }
}
