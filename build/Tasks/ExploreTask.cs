using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="ExploreStage" />
[TaskName("Explore")]
[TaskDescription("Writes one HTML page about the data: a first look, red findings or not")]
[IsDependentOn(typeof(ConvertTask))]
public sealed class ExploreTask : StageTask<ExploreStage>;
