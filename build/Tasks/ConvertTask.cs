using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="ConvertStage" />
[TaskName("Convert")]
[TaskDescription("Turns images and annotations into the case store")]
[IsDependentOn(typeof(SynthesizeTask))]
public sealed class ConvertTask : StageTask<ConvertStage>;
