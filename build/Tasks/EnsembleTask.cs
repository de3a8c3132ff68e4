using System.Globalization;
using Cake.Core;
using Cake.Frosting;
using Osteon.Masks;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="EnsembleStage" />
/// <remarks>With --csv it votes on files, whoever made them, and needs no experiment.</remarks>
[TaskName("Ensemble")]
[TaskDescription("Joins the members into one submission and scores it; with --csv votes on any submissions")]
[IsDependentOn(typeof(InferTask))]
public sealed class EnsembleTask : StageTask<EnsembleStage>
{
    /// <inheritdoc />
    public override Task RunAsync(ExperimentContext context)
    {
        var line = context.CommandLine;
        if (line.All("csv") is not { Count: > 0 } files)
        {
            return base.RunAsync(context);
        }

        if (line.Experiment is { } experiment)
        {
            throw new CakeException(2, $"--csv votes on files without an experiment; leave --experiment={experiment} out, or --csv.");
        }

        var vote = new FileVote
        {
            Files = [.. files.Select(file => Path.GetFullPath(file, context.Root))],
            Output = Path.GetFullPath(line.Output ?? Path.Combine("runs", "vote", EnsembleStage.Submission), context.Root),
            MinVotes = line["min-votes"] is { } votes ? Number(votes) : 0,
            Weights = line["member-weights"]?.Split(',').Select(Weight).ToArray(),
            TiesSet = Choice(line, "ties", "unset", "set") == "set",
            OnMissing = Choice(line, "on-missing", "error", "empty") == "empty" ? OnMissing.Empty : OnMissing.Error,
        };
        vote.Check();
        if (context.DryRun)
        {
            context.Say($"would vote on {files.Count} files");
            return Task.CompletedTask;
        }

        foreach (var told in vote.Run(context.Cancellation))
        {
            context.Say(told);
        }

        context.Say($"Submission: {Path.GetRelativePath(context.Root, vote.Output)}");
        return Task.CompletedTask;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var votes) && votes > 0 ? votes : throw new CakeException(2, $"--min-votes={text}: expected a whole number from 1.");

    private static double Weight(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && weight is >= 0 and <= 1e6 ? weight : throw new CakeException(2, $"--member-weights: '{text}' is no weight; expected numbers from 0, a comma between them, as in 2,1,1.");

    private static string Choice(CommandLine line, string name, params string[] allowed) =>
        line[name] is not { } given ? allowed[0] : allowed.Contains(given) ? given : throw new CakeException(2, $"--{name}={given}: expected {string.Join(" or ", allowed)}.");
}
