using Cake.Core;
using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>
/// Takes a training step of each model several times from one seed and names what does not repeat itself. Needs no data and
/// leaves nothing behind. Exit code 0 when every bit is the same, 1 when one is not or an operator is refused.
/// </summary>
[TaskName("Determinism")]
[TaskDescription("Compares a training step with itself, bit by bit, and names operators that differ")]
public sealed class DeterminismTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        if (context.DryRun)
        {
            context.Say($"would take a training step of {string.Join(", ", context.Session.Plan.Models.Keys)}, {context.CommandLine.Runs} times each");
            return;
        }

        var different = new List<string>();
        foreach (var report in DeterminismCheck.Of(context.Session, context.CommandLine.Runs, context.Cancellation))
        {
            foreach (var line in report.Lines())
            {
                context.Say(line);
            }

            if (!report.Repeats)
            {
                different.Add(report.Model);
            }
        }

        if (different.Count > 0)
        {
            throw new CakeException(1, $"Training does not repeat itself: {string.Join(", ", different)}.");
        }
    }
}
