using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="ReportStage" />
[TaskName("Report")]
[TaskDescription("Writes one HTML page about the experiment")]
[IsDependentOn(typeof(EnsembleTask))]
public sealed class ReportTask : StageTask<ReportStage>;
