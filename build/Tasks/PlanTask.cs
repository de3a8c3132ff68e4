using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Writes what the experiment's planner makes of the data, as an experiment that extends it.</summary>
[TaskName("Plan")]
[TaskDescription("Plans networks and training from the data, and writes them as an experiment")]
[IsDependentOn(typeof(ConvertTask))]
public sealed class PlanTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var session = context.Session;
        if (context.DryRun)
        {
            context.Say($"would write {session.ForPeople(SelfConfiguration.PathFor(session))}");
            return;
        }

        var file = session.ForPeople(SelfConfiguration.Write(session, context.CommandLine.Force.Contains("Plan"), context.Cancellation));
        context.Closing.Say($"Planned: {file}. Read it, edit it, and run --experiment={(file.StartsWith("experiments/", StringComparison.Ordinal) && file.LastIndexOf('/') == "experiments/".Length - 1 ? Path.GetFileNameWithoutExtension(file) : file)}.");
    }
}
