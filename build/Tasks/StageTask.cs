using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>A target that brings the units of one stage up to date. It always runs: which units are out of date is the stage's to say.</summary>
public abstract class StageTask<TStage> : AsyncFrostingTask<ExperimentContext>
    where TStage : Stage, new()
{
    /// <inheritdoc />
    public override async Task RunAsync(ExperimentContext context)
    {
        await context.StageRunner.RunAsync(new TStage(), context.Cancellation);
        context.Cancellation.ThrowIfCancellationRequested();
    }
}
