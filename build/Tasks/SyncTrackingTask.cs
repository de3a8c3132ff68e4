using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Osteon.Runner;
using Osteon.Tracking;

namespace Osteon.Build;

/// <summary>
/// Sends what runs have logged and no server or store has yet: after a server was down, from a cluster without a network, or of
/// processes that were killed. Needs no experiment. Exit code 0 when nothing waits any more, 1 when the rest cannot be sent now,
/// 2 when a setting has to be mended first.
/// </summary>
[TaskName("SyncTracking")]
[TaskDescription("Sends to MLflow what has been logged and has not arrived")]
public sealed class SyncTrackingTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var spool = Path.Combine(context.Root, ".osteon", SessionTracking.Spool);
        if (context.DryRun)
        {
            context.Say($"would send what waits in {spool}");
            return;
        }

        var report = TrackingBacklog.Send(
            spool, Environment.GetEnvironmentVariable, TimeProvider.System, context.Say, line => context.Warning("{0}", line), context.Cancellation);
        context.Say($"Tracking: {report.Sent} runs sent, {report.Busy} in the hands of other processes, {report.Failures.Count} left");
        if (report.Failures.Count > 0)
        {
            throw new CakeException(report.Denied ? 2 : 1, string.Join(Environment.NewLine, report.Failures));
        }
    }
}
