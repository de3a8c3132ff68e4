using Cake.Frosting;

namespace Osteon.Build;

/// <summary>Without --target.</summary>
[TaskName("Default")]
[TaskDescription("The same as Report")]
[IsDependentOn(typeof(ReportTask))]
public sealed class DefaultTask : FrostingTask<ExperimentContext>;
