using System.Globalization;
using Microsoft.Data.Sqlite;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>Writes events into MLflow's tables. Columns are always named, so that the statements outlive an upgrade by MLflow.</summary>
/// <param name="folder">Holds <c>mlflow.db</c>, and beside it <c>mlartifacts/EXPERIMENT/RUN/artifacts/…</c>, where <c>mlflow server</c> looks for files.</param>
/// <param name="warn">Told of events that contradict what is stored.</param>
internal sealed class SqliteSink(string folder, Action<string> warn) : IRunSink
{
    private readonly string _path = Path.Combine(folder, TrackingLocation.DatabaseName);
    private Database? _database;

    /// <inheritdoc/>
    public string Name => _path;

    /// <inheritdoc/>
    public RetryPolicy Retries { get; } = new(Most: 7, Factor: 0.5, Jitter: 0.1, Longest: TimeSpan.FromSeconds(30));

    /// <inheritdoc/>
    public DeliveryState? Begin(StartEvent start, DeliveryState state, Action<DeliveryState> keep, CancellationToken cancellation)
    {
        // A run that is there already stays in its experiment, whatever its journal says.
        var id = start.Existing.Length > 0 ? start.Existing : start.RunId;
        var experiment = 0L;
        Transact(database => experiment = WriteStart(database, start, id));
        return state with
        {
            RunId = id,
            ExperimentId = experiment.ToString(CultureInfo.InvariantCulture),
            ArtifactUri = FormattableString.Invariant($"mlflow-artifacts:/{experiment}/{id}/artifacts"),
        };
    }

    /// <inheritdoc/>
    public void Write(DeliveryState run, IReadOnlyList<RunEvent> events, CancellationToken cancellation) => Transact(database =>
    {
        if (database.Scalar("SELECT 1 FROM runs WHERE run_uuid = $0", run.RunId) is null)
        {
            throw new DeliveryException(DeliveryFailure.Lost, $"{_path} no longer holds it");
        }

        foreach (var item in events)
        {
            ApplyOrSkip(database, run, item);
        }
    });

    /// <inheritdoc/>
    public void Place(DeliveryState run, ArtifactEvent artifact, string file, CancellationToken cancellation)
    {
        var place = Path.Combine(folder, "mlartifacts", run.ExperimentId, run.RunId, "artifacts", artifact.Target);
        var beside = $"{place}.{artifact.Staged}.partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            // A rename where both lie on one file system; across two, a copy beside the place first, so that no half file is ever seen.
            File.Move(file, beside, overwrite: true);
            File.Move(beside, place, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryException(DeliveryFailure.Later, error.Message, inner: error);
        }
    }

    /// <inheritdoc/>
    public void Conclude(StartEvent start, DeliveryState run, CancellationToken cancellation)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _database?.Dispose();
        _database = null;
    }

    private void Transact(Action<Database> work)
    {
        try
        {
            var database = _database ??= Database.Open(_path);
            database.Transact(() => work(database));
        }
        catch (Exception error) when (error is SqliteException or DataException or IOException or UnauthorizedAccessException)
        {
            // What broke may be the connection: the next attempt begins with a new one.
            Dispose();
            throw new DeliveryException(DeliveryFailure.Later, error.Message, inner: error);
        }
    }

    /// <summary>One event the tables refuse must not hold up all that come after it.</summary>
    private void ApplyOrSkip(Database database, DeliveryState run, RunEvent item)
    {
        try
        {
            Apply(database, run, item);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SqliteError or SqliteTooBig or SqliteConstraint or SqliteMismatch)
        {
            warn($"tracking: {item.GetType().Name} of run {run.RunId} is left out ({error.Message})");
        }
    }

    private void Apply(Database database, DeliveryState run, RunEvent item)
    {
        switch (item)
        {
            case MetricEvent metric:
                WriteMetric(database, run.RunId, metric);
                break;
            case ParamEvent param:
                WriteParam(database, run.RunId, param);
                break;
            case TagEvent tag:
                WriteTag(database, run.RunId, tag.Key, tag.Value);
                break;
            case DatasetEvent dataset:
                WriteDataset(database, run, dataset);
                break;
            case EndEvent end:
                database.Execute(
                    "UPDATE runs SET status = $0, end_time = $1 WHERE run_uuid = $2",
                    end.Status.ToString().ToUpperInvariant(), end.Time, run.RunId);
                break;
        }
    }

    private long WriteStart(Database database, StartEvent start, string id)
    {
        if (database.Scalar("SELECT experiment_id FROM runs WHERE run_uuid = $0", id) is not long experiment)
        {
            experiment = Chosen(database, start) ?? FindOrCreateExperiment(database, start.Experiment, start.Time);
            database.Execute(
                "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, " +
                "source_version, lifecycle_stage, artifact_uri, experiment_id) " +
                "VALUES ($0, $1, 'UNKNOWN', '', '', $2, 'RUNNING', $3, '', 'active', $4, $5)",
                id, start.Name, start.User, start.Time, $"mlflow-artifacts:/{experiment}/{id}/artifacts", experiment);
        }

        foreach (var (key, value) in start.Tags)
        {
            WriteTag(database, id, key, value);
        }

        if (start.Existing.Length > 0)
        {
            database.Execute("UPDATE runs SET status = 'RUNNING' WHERE run_uuid = $0", id);
        }

        if (start.Parent.Length > 0)
        {
            // Ours is MLflow's id too, but for a run that goes on with another.
            var parent = database.Scalar("SELECT run_uuid FROM tags WHERE \"key\" = $0 AND value = $1", RunTags.Run, start.Parent) as string;
            WriteTag(database, id, RunTags.ParentRunId, parent ?? start.Parent);
        }

        return experiment;
    }

    private long? Chosen(Database database, StartEvent start)
    {
        if (start.ExperimentId.Length == 0)
        {
            return null;
        }

        if (long.TryParse(start.ExperimentId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && database.Scalar("SELECT name FROM experiments WHERE experiment_id = $0", id) is string name)
        {
            return FindOrCreateExperiment(database, name, start.Time);
        }

        warn($"tracking: {_path} has no experiment {start.ExperimentId} (MLFLOW_EXPERIMENT_ID); run '{start.Name}' goes to '{start.Experiment}'");
        return null;
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

    private void WriteParam(Database database, string runId, ParamEvent param)
    {
        var added = database.Execute(
            "INSERT OR IGNORE INTO params (\"key\", value, run_uuid) VALUES ($0, $1, $2)", param.Key, param.Value, runId);
        if (added > 0)
        {
            return;
        }

        var stands = database.Scalar("SELECT value FROM params WHERE \"key\" = $0 AND run_uuid = $1", param.Key, runId) as string;
        if (stands is not null && stands != param.Value)
        {
            warn($"tracking: parameter '{param.Key}' of run {runId} stays '{stands}'; a parameter is set once, and '{param.Value}' came later");
        }
    }

    private static void WriteMetric(Database database, string runId, MetricEvent metric)
    {
        // MLflow's own encoding: infinities as the largest finite numbers, NaN as 0 with a flag.
        var value = double.IsNaN(metric.Value) ? 0 : Math.Clamp(metric.Value, double.MinValue, double.MaxValue);
        var nan = double.IsNaN(metric.Value) ? 1L : 0L;
        var added = database.Execute(
            "INSERT OR IGNORE INTO metrics (\"key\", value, timestamp, run_uuid, step, is_nan) VALUES ($0, $1, $2, $3, $4, $5)",
            metric.Key, value, metric.Time, runId, metric.Step, nan);
        if (added > 0)
        {
            // "Latest" is the greatest by step, then time, then value; not the one written last.
            database.Execute(
                "INSERT OR REPLACE INTO latest_metrics (\"key\", value, timestamp, run_uuid, step, is_nan) SELECT $0, $1, $2, $3, $4, $5 " +
                "WHERE NOT EXISTS (SELECT 1 FROM latest_metrics WHERE \"key\" = $0 AND run_uuid = $3 AND (step, timestamp, value) >= ($4, $2, $1))",
                metric.Key, value, metric.Time, runId, metric.Step, nan);
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

    private static void WriteDataset(Database database, DeliveryState run, DatasetEvent dataset)
    {
        var experiment = long.Parse(run.ExperimentId, CultureInfo.InvariantCulture);
        database.Execute(
            "INSERT OR IGNORE INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source) " +
            "VALUES ($0, $1, $2, $3, 'local', $4)",
            Guid.NewGuid().ToString("N"), experiment, dataset.Name, dataset.Digest, dataset.SourceJson);
        var id = database.Scalar(
            "SELECT dataset_uuid FROM datasets WHERE experiment_id = $0 AND name = $1 AND digest = $2", experiment, dataset.Name, dataset.Digest);
        database.Execute(
            "INSERT OR IGNORE INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id) VALUES ($0, 'DATASET', $1, 'RUN', $2)",
            Guid.NewGuid().ToString("N"), id, run.RunId);
        database.Execute(
            "INSERT OR REPLACE INTO input_tags (input_uuid, name, value) SELECT input_uuid, 'mlflow.data.context', $2 FROM inputs " +
            "WHERE source_type = 'DATASET' AND source_id = $0 AND destination_type = 'RUN' AND destination_id = $1",
            id, run.RunId, dataset.Context);
    }

    // sqlite.org/rescode.html
    private const int SqliteError = 1, SqliteTooBig = 18, SqliteConstraint = 19, SqliteMismatch = 20;
}
