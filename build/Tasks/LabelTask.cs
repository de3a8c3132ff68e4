using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="LabelStage" />
[TaskName("Label")]
[TaskDescription("Finds the class of each image, where images are classified")]
[IsDependentOn(typeof(ConvertTask))]
public sealed class LabelTask : StageTask<LabelStage>;
