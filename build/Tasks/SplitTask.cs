using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="SplitStage" />
/// <remarks>The experiment that split.like names is split first.</remarks>
[TaskName("Split")]
[TaskDescription("Divides the cases into folds by patient")]
[IsDependentOn(typeof(CheckTask))]
public sealed class SplitTask : StageTask<SplitStage>
{
    /// <inheritdoc />
    public override async Task RunAsync(ExperimentContext context)
    {
        await OtherExperiment.BringUpToDateAsync(context.Session, "Split", at => new ProcessExecutor(at), context.DryRun, context.Cancellation);
        await base.RunAsync(context);
    }
}
