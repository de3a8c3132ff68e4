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
        _folder.Start(_folder.Open()).End(RunStatus.Finished);

        Assert.Equal("acf3f17fdcc7", _folder.Sql("SELECT version_num FROM alembic_version"));
        Assert.Contains(",\n\tUNIQUE (name)\n", _folder.Sql("SELECT sql FROM sqlite_master WHERE name = 'experiments'"), StringComparison.Ordinal);
        Assert.Equal("16", _folder.Sql("SELECT count(*) FROM sqlite_master WHERE type = 'table'"));
        Assert.Equal("wal", _folder.Sql("PRAGMA journal_mode"));
    }

    // As MLFLOW_EXPERIMENT_ID has it.
    [Fact]
    public void An_experiment_may_be_chosen_by_its_id()
    {
        using (var store = _folder.Open())
        {
            foreach (var (name, experiment, id) in new (string, string, string?)[] { ("a", "feet", null), ("b", "hands", "1"), ("c", "hands", "99"), ("d", "hands", "x") })
            {
                store.StartRun(experiment, name, null, new Dictionary<string, string>(), experimentId: id).End(RunStatus.Finished);
            }
        }

        Assert.Equal("a|feet\nb|feet\nc|hands\nd|hands", _folder.Sql("SELECT runs.name, experiments.name FROM runs JOIN experiments USING (experiment_id) ORDER BY runs.name"));
        Assert.Equal(2, _folder.Warnings.Count(w => w.Contains("(MLFLOW_EXPERIMENT_ID); run", StringComparison.Ordinal)));
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
        var id = Abandon(new ProcessIdentity(Environment.MachineName, Environment.ProcessId, "another start"));
        _folder.Clock.Now += 3_600_000;
        _folder.Open().Dispose();

        Assert.Equal("FAILED|1700000005000", _folder.Sql($"SELECT status, end_time FROM runs WHERE run_uuid = '{id}'"));
        Assert.Single(_folder.Warnings);
        Assert.Empty(Directory.GetDirectories(_folder.Spool));
    }

    [Fact]
    public void A_run_of_another_machine_that_is_silent_for_long_is_dead_too()
    {
        var id = Abandon(new ProcessIdentity("elsewhere", 1, "x"));
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Spool, id, "lock"), _folder.Clock.GetUtcNow().UtcDateTime - TimeSpan.FromHours(1));
        _folder.Open().Dispose();

        Assert.Equal("FAILED", _folder.Sql($"SELECT status FROM runs WHERE run_uuid = '{id}'"));
    }

    [Fact]
    public void Runs_of_a_live_process_and_of_other_machines_stay_running()
    {
        Abandon(ProcessIdentity.Current);
        Abandon(new ProcessIdentity("elsewhere", 1, "x"));
        _folder.Open().Dispose();

        Assert.Equal(2, Directory.GetDirectories(_folder.Spool).Length);
        Assert.Empty(_folder.Warnings);
    }

    [Fact]
    public void A_spool_that_cannot_be_made_is_told_of_once_and_never_throws()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        using (var store = _folder.Open(TrackingLocation.OfFolder(_folder.Path), Path.Combine(file, "spool")))
        {
            using var run = _folder.Start(store);
            run.Metric("loss", 1);
            Assert.False(store.Flush(Long));
            run.Param("a", "b");
            run.Artifact(file);
            run.End(RunStatus.Finished);
        }

        Assert.Single(_folder.Warnings, w => w.Contains("cannot be written", StringComparison.Ordinal));
        Assert.Single(_folder.Warnings, w => w.Contains("artifact", StringComparison.Ordinal));
        Assert.Contains("4 events are lost", _folder.Warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_cannot_be_made_loses_nothing()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        using (var store = _folder.Open(Path.Combine(file, "tracking")))
        {
            _folder.Start(store).Metric("loss", 1);
        }

        Assert.Single(_folder.Warnings, w => w.Contains("cannot be written", StringComparison.Ordinal));
        Assert.Contains("3 events of 1 runs", _folder.Warnings[^1], StringComparison.Ordinal);
        File.Delete(file);
        Assert.Equal(1, _folder.Sync().Sent);
        Assert.Equal("1", _folder.Sql("SELECT value FROM metrics", Path.Combine(file, "tracking", "mlflow.db")));
    }

    [Fact]
    public void A_database_that_was_removed_under_a_run_is_made_again_with_all_of_it()
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Metric("loss", 0.5, 1);
        Assert.Equal("1", _folder.Sql("SELECT count(*) FROM metrics"));
        _folder.Sql("PRAGMA foreign_keys = OFF; DELETE FROM runs; DELETE FROM metrics; DELETE FROM latest_metrics; DELETE FROM tags");
        run.Metric("loss", 0.4, 2);

        Assert.Equal("2|1", _folder.Sql("SELECT count(*), (SELECT count(*) FROM runs) FROM metrics"));
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
        using var store = TrackingStore.Open(TrackingLocation.OfFolder(_folder.Path), _folder.Spool, _folder.Clock, _ => throw new InvalidOperationException());
        using var run = _folder.Start(store);
        run.Artifact("absent");
        Assert.True(store.Flush(Long));
    }

    // A journal as a killed process leaves it, torn tail included.
    private string Abandon(ProcessIdentity owner)
    {
        var folder = new RunFolder(Path.Combine(_folder.Spool, Guid.NewGuid().ToString("N")));
        using (var writer = new JournalWriter(folder, _ => { }))
        {
            writer.Append(new StartEvent(folder.RunId, TrackingLocation.OfFolder(_folder.Path).Spell(_folder.Spool), "hands", "left", "me", 1_700_000_000_000, "", "",
                new Dictionary<string, string>
                {
                    [RunTags.Host] = owner.Host,
                    [RunTags.ProcessId] = $"{owner.ProcessId}",
                    [RunTags.ProcessStart] = owner.Start,
                }));
            writer.Append(new MetricEvent("loss", 1, 1, 1_700_000_005_000));
        }

        using var torn = new FileStream(folder.Journal, FileMode.Append);
        torn.Write([17, 0, 0, 0, 1, 2, 3]);
        return folder.RunId;
    }

    private static string[] Statements(string sql) =>
        [.. Comment().Replace(sql, "").Split(';').Select(s => Space().Replace(s, " ").Trim()).Where(s => s.Length > 0)];

    [GeneratedRegex("--.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
