using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>Takes up journals whose process is gone: cuts off a torn tail, and closes a run that nobody ended.</summary>
internal static class Adoption
{
    // A process on another machine cannot be asked for; the run's folder is touched every few seconds while it lives.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(15);

    /// <summary>Why a journal was not taken, or that it was.</summary>
    public enum Outcome
    {
        /// <summary>There is nothing to take.</summary>
        Nothing,

        /// <summary>Its process runs, or another process is at it.</summary>
        Busy,

        /// <summary>It goes somewhere else.</summary>
        Elsewhere,

        /// <summary>It cannot be read.</summary>
        Unreadable,

        /// <summary>It was taken.</summary>
        Taken,
    }

    /// <summary>The journal's first record, whoever it belongs to; null when there is none yet.</summary>
    public static StartEvent? Peek(RunFolder folder)
    {
        try
        {
            using var reader = JournalReader.Open(folder.Journal);
            return reader?.Next() as StartEvent;
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Takes a journal.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="goesHere">Whether a run is for <paramref name="sink"/>.</param>
    /// <param name="destination">What the state calls that place.</param>
    /// <param name="sink">Where it goes.</param>
    /// <param name="now">The time.</param>
    /// <param name="warn">Told of runs that are closed.</param>
    public static (Outcome Outcome, Delivery? Delivery) TryTake(
        RunFolder folder, Func<StartEvent, bool> goesHere, string destination, IRunSink sink, DateTimeOffset now, Action<string> warn)
    {
        if (!folder.HasJournal || Peek(folder) is not { } start)
        {
            return (Outcome.Nothing, null);
        }

        if (!goesHere(start))
        {
            return (Outcome.Elsewhere, null);
        }

        FileStream? owned = null;
        try
        {
            var touched = folder.LastSign;
            owned = folder.TryLock();
            if (owned is null || !folder.HasJournal)
            {
                owned?.Dispose();
                return (owned is null ? Outcome.Busy : Outcome.Nothing, null);
            }

            var (length, lastTime, ended) = Scan(folder, touched);
            if (!ended)
            {
                if (Lives(start, now - touched))
                {
                    owned.Dispose();
                    return (Outcome.Busy, null);
                }

                length = Close(folder, start, length, lastTime);
                warn($"tracking: run '{start.Name}' ({start.RunId}) was left running by process {Tag(start, RunTags.ProcessId)}, which is gone; it is marked FAILED");
            }

            return (Outcome.Taken, Delivery.OfOther(folder, owned, length, destination, sink, warn));
        }
        catch (Exception error) when (error is IOException or FormatException or UnauthorizedAccessException)
        {
            owned?.Dispose();
            warn($"tracking: {folder.Journal} cannot be taken up ({error.Message}); it is left where it is");
            return (Outcome.Unreadable, null);
        }
    }

    private static (long Length, long LastTime, bool Ended) Scan(RunFolder folder, DateTime touched)
    {
        using var reader = JournalReader.Open(folder.Journal) ?? throw new FormatException("it has no beginning");
        var (time, ended) = (0L, false);
        while (reader.Next() is { } item)
        {
            ended |= item is EndEvent;
            time = item is MetricEvent metric ? Math.Max(time, metric.Time) : time;
        }

        return (reader.Position, time > 0 ? time : new DateTimeOffset(touched, TimeSpan.Zero).ToUnixTimeMilliseconds(), ended);
    }

    private static bool Lives(StartEvent start, TimeSpan silence)
    {
        var owner = new ProcessIdentity(
            Tag(start, RunTags.Host),
            int.TryParse(Tag(start, RunTags.ProcessId), CultureInfo.InvariantCulture, out var id) ? id : 0,
            Tag(start, RunTags.ProcessStart));
        return owner.IsHere ? !owner.IsGone : silence < LongestSilence;
    }

    private static long Close(RunFolder folder, StartEvent start, long length, long lastTime)
    {
        using var file = new FileStream(folder.Journal, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(length);
        file.Position = length;
        var buffer = Array.Empty<byte>();
        foreach (var item in (RunEvent[])
        [
            new TagEvent(RunTags.Reaped, $"process {Tag(start, RunTags.ProcessId)} on {Tag(start, RunTags.Host)} ended without closing the run"),
            new EndEvent(RunStatus.Failed, Math.Max(lastTime, start.Time)),
        ])
        {
            var size = RecordCodec.Encode(item, ref buffer);
            file.Write(buffer, 0, size);
        }

        file.Flush(flushToDisk: true);
        return file.Position;
    }

    private static string Tag(StartEvent start, string key) => start.Tags.GetValueOrDefault(key, "?");
}
