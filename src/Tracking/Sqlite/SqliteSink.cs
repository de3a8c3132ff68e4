using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Osteon.Tracking;

/// <summary>Writes events into MLflow's tables. Columns are always named, so that the statements outlive an upgrade by MLflow.</summary>
/// <param name="path">The database.</param>
/// <param name="artifacts">Where artifacts are placed.</param>
/// <param name="clock">The time runs of dead processes are closed at.</param>
/// <param name="warn">Told of events that contradict what is stored.</param>
internal sealed class SqliteSink(string path, ArtifactFolder artifacts, TimeProvider clock, Action<string> warn) : IRunEventSink
{
    private Database? _database;

    /// <inheritdoc/>
    public void Write(IReadOnlyList<RunEvent> batch)
    {
        var database = _database ??= Connect();
        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            database.Transact(() =>
            {
                foreach (var item in batch)
                {
                    ApplyOrSkip(database, item);
                }
            });
        }
        catch
        {
            // What broke may be the connection: the next attempt begins with a new one.
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _database?.Dispose();
        _database = null;
    }

    private Database Connect()
    {
        var database = Database.Open(path);
        try
        {
            database.Transact(() => Reaper.CloseAbandonedRuns(database, artifacts, clock, warn));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>One event the tables refuse must not hold up all that come after it.</summary>
    private void ApplyOrSkip(Database database, RunEvent item)
    {
        try
        {
            Apply(database, item);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SqliteError or SqliteTooBig or SqliteConstraint or SqliteMismatch)
        {
            warn($"tracking: {item.GetType().Name} of run {item.RunId} is left out ({error.Message})");
        }
    }

    private void Apply(Database database, RunEvent item)
    {
        switch (item)
        {
            case MetricEvent metric:
                WriteMetric(database, metric);
                break;
            case StartEvent start:
                WriteStart(database, start);
                break;
            case ParamEvent param:
                WriteParam(database, param);
                break;
            case TagEvent tag:
                WriteTag(database, tag.RunId, tag.Key, tag.Value);
                break;
            case DatasetEvent dataset:
                WriteDataset(database, dataset);
                break;
            case ArtifactEvent artifact:
                if (ExperimentOf(database, artifact.RunId) is { } experiment)
                {
                    artifacts.Place(experiment, artifact);
                }

                break;
            case EndEvent end:
                database.Execute(
                    "UPDATE runs SET status = $0, end_time = $1 WHERE run_uuid = $2",
                    end.Status.ToString().ToUpperInvariant(), end.Time, end.RunId);
                break;
        }
    }

    private static void WriteStart(Database database, StartEvent start)
    {
        var experiment = FindOrCreateExperiment(database, start.Experiment, start.Time);
        database.Execute(
            "INSERT OR IGNORE INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, " +
            "source_version, lifecycle_stage, artifact_uri, experiment_id) " +
            "VALUES ($0, $1, 'UNKNOWN', '', '', $2, 'RUNNING', $3, '', 'active', $4, $5)",
            start.RunId, start.Name, start.User, start.Time, $"mlflow-artifacts:/{experiment}/{start.RunId}/artifacts", experiment);
        foreach (var (key, value) in start.Tags)
        {
            WriteTag(database, start.RunId, key, value);
        }
    }

    private static long FindOrCreateExperiment(Database database, string name, long time)
    {
        const string Find = "SELECT experiment_id FROM experiments WHERE name = $0";
        if (database.Scalar(Find, name) is long found)
        {
            // MLflow hides the runs of a deleted experiment; who writes to it wants to see them.
            database.Execute("UPDATE experiments SET lifecycle_stage = 'active' WHERE experiment_id = $0 AND lifecycle_stage <> 'active'", found);
            return found;
        }

        database.Execute(
            "INSERT INTO experiments (name, lifecycle_stage, creation_time, last_update_time) VALUES ($0, 'active', $1, $1)", name, time);
        var id = (long)database.Scalar(Find, name)!;
        database.Execute("UPDATE experiments SET artifact_location = $0 WHERE experiment_id = $1", $"mlflow-artifacts:/{id}", id);
        return id;
    }

    private void WriteParam(Database database, ParamEvent param)
    {
        var added = database.Execute(
            "INSERT OR IGNORE INTO params (\"key\", value, run_uuid) VALUES ($0, $1, $2)", param.Key, param.Value, param.RunId);
        if (added > 0)
        {
            return;
        }

        var stands = database.Scalar("SELECT value FROM params WHERE \"key\" = $0 AND run_uuid = $1", param.Key, param.RunId) as string;
        if (stands is not null && stands != param.Value)
        {
            warn($"tracking: parameter '{param.Key}' of run {param.RunId} stays '{stands}'; a parameter is set once, and '{param.Value}' came later");
        }
    }

    private static void WriteMetric(Database database, MetricEvent metric)
    {
        // MLflow's own encoding: infinities as the largest finite numbers, NaN as 0 with a flag.
        var value = double.IsNaN(metric.Value) ? 0 : Math.Clamp(metric.Value, double.MinValue, double.MaxValue);
        var nan = double.IsNaN(metric.Value) ? 1L : 0L;
        var added = database.Execute(
            "INSERT OR IGNORE INTO metrics (\"key\", value, timestamp, run_uuid, step, is_nan) VALUES ($0, $1, $2, $3, $4, $5)",
            metric.Key, value, metric.Time, metric.RunId, metric.Step, nan);
        if (added > 0)
        {
            // "Latest" is the greatest by step, then time, then value; not the one written last.
            database.Execute(
                "INSERT OR REPLACE INTO latest_metrics (\"key\", value, timestamp, run_uuid, step, is_nan) SELECT $0, $1, $2, $3, $4, $5 " +
                "WHERE NOT EXISTS (SELECT 1 FROM latest_metrics WHERE \"key\" = $0 AND run_uuid = $3 AND (step, timestamp, value) >= ($4, $2, $1))",
                metric.Key, value, metric.Time, metric.RunId, metric.Step, nan);
        }
    }

    private static void WriteTag(Database database, string runId, string key, string value)
    {
        database.Execute("INSERT OR REPLACE INTO tags (\"key\", value, run_uuid) VALUES ($0, $1, $2)", key, value, runId);
        if (key == RunTags.RunName)
        {
            database.Execute("UPDATE runs SET name = $0 WHERE run_uuid = $1", Limits.Cut(value, Limits.RunName), runId);
        }
    }

    private static void WriteDataset(Database database, DatasetEvent dataset)
    {
        if (ExperimentOf(database, dataset.RunId) is not { } experiment)
        {
            return;
        }

        database.Execute(
            "INSERT OR IGNORE INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source) " +
            "VALUES ($0, $1, $2, $3, 'local', $4)",
            Guid.NewGuid().ToString("N"), experiment, dataset.Name, dataset.Digest,
            JsonSerializer.Serialize(new Dictionary<string, string> { ["uri"] = dataset.Source }));
        var id = database.Scalar(
            "SELECT dataset_uuid FROM datasets WHERE experiment_id = $0 AND name = $1 AND digest = $2", experiment, dataset.Name, dataset.Digest);
        database.Execute(
            "INSERT OR IGNORE INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id) VALUES ($0, 'DATASET', $1, 'RUN', $2)",
            Guid.NewGuid().ToString("N"), id, dataset.RunId);
        database.Execute(
            "INSERT OR REPLACE INTO input_tags (input_uuid, name, value) SELECT input_uuid, 'mlflow.data.context', $2 FROM inputs " +
            "WHERE source_type = 'DATASET' AND source_id = $0 AND destination_type = 'RUN' AND destination_id = $1",
            id, dataset.RunId, dataset.Context);
    }

    private static long? ExperimentOf(Database database, string runId) =>
        database.Scalar("SELECT experiment_id FROM runs WHERE run_uuid = $0", runId) as long?;

    // sqlite.org/rescode.html
    private const int SqliteError = 1, SqliteTooBig = 18, SqliteConstraint = 19, SqliteMismatch = 20;
}
