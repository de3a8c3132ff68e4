using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="AugmentStage" />
[TaskName("Augment")]
[TaskDescription("Makes extra training cases of each fold's training cases, where the experiment asks for any")]
[IsDependentOn(typeof(SplitTask))]
public sealed class AugmentTask : StageTask<AugmentStage>;
