using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>What became of the journals in a spool.</summary>
/// <param name="Sent">Runs that are delivered now.</param>
/// <param name="Busy">Runs that another process has in hand.</param>
/// <param name="Failures">Why others wait on: a line a destination, or a journal that cannot be read.</param>
/// <param name="Denied">True when a setting has to be mended first.</param>
public sealed record BacklogReport(int Sent, int Busy, IReadOnlyList<string> Failures, bool Denied);

/// <summary>Delivers, in the foreground, what processes that are gone have left in a spool.</summary>
public static class TrackingBacklog
{
    /// <summary>Sends everything it can; a destination that fails too often in a row is left for another time.</summary>
    /// <param name="spool">The folder of journals.</param>
    /// <param name="environment">MLflow's variables. When MLFLOW_TRACKING_URI names a server, runs that were meant for any server go there.</param>
    /// <param name="clock">The time runs of dead processes are judged at.</param>
    /// <param name="say">Told what goes where.</param>
    /// <param name="warn">Told of what is left out.</param>
    /// <param name="cancellation">Ends it; what is sent stays sent.</param>
    /// <exception cref="ConfigurationException">MLFLOW_TRACKING_URI, or a setting for a server, is wrong.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static BacklogReport Send(
        string spool, Func<string, string?> environment, TimeProvider clock, Action<string> say, Action<string> warn, CancellationToken cancellation)
    {
        var warnings = new Warnings(warn);
        var server = environment(TrackingLocation.Variable) is { } uri && TrackingLocation.Resolve(uri, spool, environment) is { IsServer: true } given ? given : null;
        // A run before those nested in it.
        (RunFolder Folder, StartEvent Start)[] waiting =
            [.. RunFolder.Of(spool).Select(f => (Folder: f, Start: Adoption.Peek(f)!)).Where(w => w.Start is not null).OrderBy(w => w.Start.Time).ThenBy(w => w.Start.Parent.Length)];
        var report = new BacklogReport(0, 0, [], false);
        foreach (var group in waiting.GroupBy(w => Where(w.Start, spool, environment, server), ByAddress))
        {
            cancellation.ThrowIfCancellationRequested();
            using var sink = group.Key.OpenSink(spool, warnings.Tell);
            var destination = group.Key.Spell(spool);
            var taken = group.Select(w => Adoption.TryTake(w.Folder, _ => true, destination, sink, clock.GetUtcNow(), warnings.Tell)).ToArray();
            var deliveries = taken.Select(t => t.Delivery).OfType<Delivery>().ToArray();
            try
            {
                var events = deliveries.Sum(d => d.CountWaiting());
                if (deliveries.Length > 0)
                {
                    say($"{events} events of {deliveries.Length} runs go to {group.Key}");
                }

                report = report with { Busy = report.Busy + taken.Count(t => t.Outcome == Adoption.Outcome.Busy) };
                report = Deliver(sink, deliveries, report, cancellation);
            }
            finally
            {
                Array.ForEach(deliveries, d => d.Dispose());
            }
        }

        return report;
    }

    private static readonly IEqualityComparer<TrackingLocation> ByAddress =
        EqualityComparer<TrackingLocation>.Create((a, b) => a?.ToString() == b?.ToString(), l => l.ToString().GetHashCode(StringComparison.Ordinal));

    private static TrackingLocation Where(StartEvent start, string spool, Func<string, string?> environment, TrackingLocation? server)
    {
        var meant = TrackingLocation.Unspell(start.Destination, spool, environment);
        return meant.IsServer && server is not null ? server : meant;
    }

    private static BacklogReport Deliver(IRunSink sink, Delivery[] deliveries, BacklogReport report, CancellationToken cancellation)
    {
        var chance = new RandomStream((ulong)Environment.TickCount64);
        var left = deliveries.ToList();
        for (var failures = 0; left.Count > 0;)
        {
            var before = left.Count;
            var error = Pass(left, ref failures, cancellation);
            report = report with { Sent = report.Sent + before - left.Count };
            if (left.Count == 0)
            {
                break;
            }

            if (error is null)
            {
                return report with { Failures = [.. report.Failures, .. left.Select(d => $"run {d.RunId} waits: {Why(d)}")] };
            }

            if (++failures > sink.Retries.Most || error.Failure == DeliveryFailure.Denied)
            {
                return report with
                {
                    Failures = [.. report.Failures, $"{sink.Name}: {error.Message}; {left.Sum(d => d.CountWaiting())} events of {left.Count} runs wait on"],
                    Denied = report.Denied || error.Failure == DeliveryFailure.Denied,
                };
            }

            cancellation.WaitHandle.WaitOne(sink.Retries.After(failures, error, ref chance));
            cancellation.ThrowIfCancellationRequested();
        }

        return report;
    }

    private static string Why(Delivery delivery) => delivery.Stuck.Length > 0 ? delivery.Stuck
        : delivery.AwaitsParent ? "the run it is nested in is another process's, and not there yet"
        : "its journal has an end that cannot be read";

    /// <summary>Takes every step that can be taken; what is delivered leaves the list. A step forward forgives earlier failures.</summary>
    private static DeliveryException? Pass(List<Delivery> left, ref int failures, CancellationToken cancellation)
    {
        foreach (var delivery in left.Where(d => d.Stuck.Length == 0).ToArray())
        {
            try
            {
                while (delivery.StepEvents(cancellation) || delivery.StepArtifacts(cancellation))
                {
                    failures = 0;
                }

                if (delivery.IsComplete)
                {
                    delivery.Conclude(cancellation);
                    left.Remove(delivery);
                }
            }
            catch (DeliveryException error)
            {
                return error;
            }
            catch (Exception error) when (error is IOException or FormatException or UnauthorizedAccessException)
            {
                delivery.Stop(error.Message);
            }
        }

        return null;
    }
}
