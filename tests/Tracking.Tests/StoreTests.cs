using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Osteon.Abstractions;
using Osteon.Testing;

namespace Osteon.Tracking.Tests;

public sealed partial class StoreTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private readonly TrackingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_schema_is_the_one_mlflow_upgrades()
    {
        var expected = File.ReadAllText(SharedData.Path("facts/mlflow-schema.sql"));
        using var stream = new StreamReader(typeof(TrackingStore).Assembly.GetManifestResourceStream("Schema.sql")!);

        Assert.Equal(Statements(expected), Statements(stream.ReadToEnd()));
    }

    [Fact]
    public void The_database_keeps_the_layout_of_the_text_and_its_revision()
    {
        _folder.Open().Dispose();

        Assert.Equal("acf3f17fdcc7", _folder.Sql("SELECT version_num FROM alembic_version"));
        Assert.Contains(",\n\tUNIQUE (name)\n", _folder.Sql("SELECT sql FROM sqlite_master WHERE name = 'experiments'"), StringComparison.Ordinal);
        Assert.Equal("16", _folder.Sql("SELECT count(*) FROM sqlite_master WHERE type = 'table'"));
        Assert.Equal("wal", _folder.Sql("PRAGMA journal_mode"));
    }

    [Fact]
    public void Several_stores_writing_at_once_lose_nothing()
    {
        var writers = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            using var store = _folder.Open();
            using var run = _folder.Start(store);
            for (var step = 0; step < 5000; step++)
            {
                run.Metric("loss", 1.0 / (step + 1), step);
            }

            run.End(RunStatus.Finished);
        })).ToArray();
        Array.ForEach(writers, w => w.Start());
        Array.ForEach(writers, w => w.Join());

        Assert.Empty(_folder.Warnings);
        Assert.Equal("5000|4999\n5000|4999\n5000|4999", _folder.Sql(
            "SELECT count(*), latest_metrics.step FROM metrics JOIN latest_metrics USING (run_uuid) GROUP BY run_uuid"));
        Assert.Equal("1", _folder.Sql("SELECT count(*) FROM experiments WHERE name = 'hands'"));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.partial*"));
    }

    [Fact]
    public void A_run_whose_process_died_is_closed_at_its_last_sign_of_life()
    {
        var id = Abandon(new ProcessIdentity(Environment.MachineName, Environment.ProcessId, "another start"), lastMetric: 1_700_000_005_000);
        _folder.Clock.Now += 3_600_000;
        _folder.Open().Dispose();

        Assert.Equal("FAILED|1700000005000", _folder.Sql($"SELECT status, end_time FROM runs WHERE run_uuid = '{id}'"));
        Assert.Single(_folder.Warnings);
    }

    [Fact]
    public void Runs_of_a_live_process_and_of_other_machines_stay_running()
    {
        Abandon(ProcessIdentity.Current, 0);
        Abandon(new ProcessIdentity("elsewhere", 1, "x"), 0);
        _folder.Open().Dispose();

        Assert.Equal("RUNNING\nRUNNING", _folder.Sql("SELECT status FROM runs"));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_told_of_once_and_never_throws()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        using (var store = _folder.Open(Path.Combine(file, "tracking")))
        {
            using var run = _folder.Start(store);
            run.Metric("loss", 1);
            Assert.False(store.Flush(Long));
            run.Param("a", "b");
            run.Artifact(file);
            run.End(RunStatus.Finished);
        }

        Assert.Single(_folder.Warnings, w => w.Contains("cannot be written", StringComparison.Ordinal));
        Assert.Contains("4 events are not in", _folder.Warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_left_alone()
    {
        File.WriteAllText(_folder.Database, "not a database, and longer than a header of one hundred bytes has to be, so that it is read as one at all");
        using (var store = _folder.Open())
        {
            _folder.Start(store).Metric("loss", 1);
        }

        Assert.StartsWith("not a database", File.ReadAllText(_folder.Database), StringComparison.Ordinal);
        Assert.Contains("cannot be written", _folder.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_logged_while_the_store_was_away_is_written_when_it_is_back()
    {
        File.WriteAllText(_folder.Database, new string('x', 200));
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Metric("loss", 0.5);
        Assert.False(store.Flush(Long));

        File.Delete(_folder.Database);
        Assert.True(store.Flush(Long));
        Assert.Equal("0.5", _folder.Sql("SELECT value FROM metrics"));
    }

    [Fact]
    public void Another_writers_lock_holds_up_no_call_and_loses_nothing()
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        Assert.True(store.Flush(Long));
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            run.Metric("loss", 0.5);
            Assert.False(store.Flush(TimeSpan.FromSeconds(0.2)));
        }

        Assert.True(store.Flush(Long));
        Assert.Equal("0.5", _folder.Sql("SELECT value FROM metrics"));
        Assert.Empty(_folder.Warnings);
    }

    [Fact]
    public void A_listener_that_throws_does_not_reach_the_run()
    {
        using var store = TrackingStore.Open(_folder.Path, _folder.Clock, _ => throw new InvalidOperationException());
        using var run = _folder.Start(store);
        run.Artifact("absent");
        Assert.True(store.Flush(Long));
    }

    private string Abandon(ProcessIdentity owner, long lastMetric)
    {
        using var store = _folder.Open();
        using var run = store.StartRun("hands", "left", null, new Dictionary<string, string>
        {
            [RunTags.Host] = owner.Host,
            [RunTags.ProcessId] = $"{owner.ProcessId}",
            [RunTags.ProcessStart] = owner.Start,
        });
        run.End(RunStatus.Finished);
        _folder.Sql($"UPDATE runs SET status = 'RUNNING', end_time = NULL WHERE run_uuid = '{run.RunId}'");
        if (lastMetric > 0)
        {
            _folder.Sql($"INSERT INTO metrics (\"key\", value, timestamp, run_uuid) VALUES ('loss', 1, {lastMetric}, '{run.RunId}')");
        }

        return run.RunId;
    }

    private static string[] Statements(string sql) =>
        [.. Comment().Replace(sql, "").Split(';').Select(s => Space().Replace(s, " ").Trim()).Where(s => s.Length > 0)];

    [GeneratedRegex("--.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
