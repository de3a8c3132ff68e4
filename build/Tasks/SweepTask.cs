using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Trains the experiment at each point of its sweep, and shows which validates best.</summary>
[TaskName("Sweep")]
[TaskDescription("Trains at each point of the experiment's sweep, and ranks them")]
[IsDependentOn(typeof(InputTask))]
public sealed class SweepTask : AsyncFrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override async Task RunAsync(ExperimentContext context)
    {
        var session = context.Session;
        var results = await new SweepRunner(session, at => new ProcessExecutor(at)) { DryRun = context.DryRun }.RunAsync(context.Cancellation);
        if (context.DryRun)
        {
            context.Say($"{session.Plan.Name}: {results.Count} points would be tried");
            return;
        }

        var table = new SweepTable(SweepSpace.Of(session.Loaded), SweepGoal.Of(session.Plan.Sweep!), results);
        foreach (var line in table.Lines())
        {
            context.Closing.Say(line);
        }

        context.Closing.Say($"Sweep: {session.ForPeople(table.Save(session))}");
    }
}
