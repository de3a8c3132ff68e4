using System.Globalization;

namespace Osteon.Tracking;

/// <summary>Closes runs whose process died without a word: killed, out of memory, or power lost.</summary>
internal static class Reaper
{
    /// <summary>Marks them FAILED at their last sign of life. Runs of live processes, of other machines and of other programs stay.</summary>
    public static void CloseAbandonedRuns(Database database, ArtifactFolder artifacts, TimeProvider clock, Action<string> warn)
    {
        const string Running =
            "SELECT runs.run_uuid, runs.name, pid.value, host.value, start.value FROM runs " +
            "JOIN tags pid ON pid.run_uuid = runs.run_uuid AND pid.\"key\" = $0 " +
            "JOIN tags host ON host.run_uuid = runs.run_uuid AND host.\"key\" = $1 " +
            "JOIN tags start ON start.run_uuid = runs.run_uuid AND start.\"key\" = $2 WHERE runs.status = 'RUNNING'";
        foreach (var row in database.Rows(Running, RunTags.ProcessId, RunTags.Host, RunTags.ProcessStart))
        {
            var runId = (string)row[0]!;
            if (!int.TryParse(row[2] as string, CultureInfo.InvariantCulture, out var processId)
                || row[3] is not string host
                || row[4] is not string start
                || !new ProcessIdentity(host, processId, start).IsGone)
            {
                continue;
            }

            database.Execute(
                "UPDATE runs SET status = 'FAILED', end_time = max(start_time, coalesce((SELECT max(timestamp) FROM metrics WHERE run_uuid = $0), $1)) " +
                "WHERE run_uuid = $0",
                runId, clock.GetUtcNow().ToUnixTimeMilliseconds());
            database.Execute(
                "INSERT OR REPLACE INTO tags (\"key\", value, run_uuid) VALUES ($0, $1, $2)",
                RunTags.Reaped, $"process {processId} on {host} ended without closing the run", runId);
            artifacts.ForgetStaged(runId);
            warn($"tracking: run '{row[1]}' ({runId}) was left running by process {processId}, which is gone; it is marked FAILED");
        }
    }
}
