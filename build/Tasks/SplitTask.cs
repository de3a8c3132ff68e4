using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="SplitStage" />
[TaskName("Split")]
[TaskDescription("Divides the cases into folds by patient")]
[IsDependentOn(typeof(CheckTask))]
public sealed class SplitTask : StageTask<SplitStage>;
