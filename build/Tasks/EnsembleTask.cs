using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="EnsembleStage" />
[TaskName("Ensemble")]
[TaskDescription("Votes the members into one submission and scores it")]
[IsDependentOn(typeof(InferTask))]
public sealed class EnsembleTask : StageTask<EnsembleStage>;
