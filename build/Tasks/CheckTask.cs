using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="CheckStage" />
[TaskName("Check")]
[TaskDescription("Looks for faults in the data; red ones stop here")]
[IsDependentOn(typeof(LabelTask))]
public sealed class CheckTask : StageTask<CheckStage>;
