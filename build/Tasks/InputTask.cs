using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="InputStage" />
/// <remarks>The segmentation that the plan's input names is brought up to date first.</remarks>
[TaskName("Input")]
[TaskDescription("Trains the segmentation that a classifier's input names, and makes its masks of every case")]
[IsDependentOn(typeof(AugmentTask))]
public sealed class InputTask : StageTask<InputStage>
{
    /// <inheritdoc />
    public override async Task RunAsync(ExperimentContext context)
    {
        await OtherExperiment.BringUpToDateAsync(context.Session, "Input", at => new ProcessExecutor(at), context.DryRun, context.Cancellation);
        await base.RunAsync(context);
    }
}
