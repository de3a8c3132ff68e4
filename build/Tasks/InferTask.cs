using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="InferStage" />
[TaskName("Infer")]
[TaskDescription("Predicts masks with each model and fold")]
[IsDependentOn(typeof(ValidateTask))]
public sealed class InferTask : StageTask<InferStage>;
