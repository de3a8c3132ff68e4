using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="TrainStage" />
[TaskName("Train")]
[TaskDescription("Trains each model on each fold")]
[IsDependentOn(typeof(InputTask))]
public sealed class TrainTask : StageTask<TrainStage>;
