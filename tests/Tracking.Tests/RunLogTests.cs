using Osteon.Abstractions;

namespace Osteon.Tracking.Tests;

public sealed class RunLogTests : IDisposable
{
    private readonly TrackingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_becomes_a_row_that_mlflow_reads()
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store, "Train[fold=0]");
        run.End(RunStatus.Finished);

        Assert.Matches("^[0-9a-f]{32}$", run.RunId);
        Assert.Equal(
            $"Train[fold=0]|UNKNOWN|FINISHED|1700000000000|1700000000000|active|mlflow-artifacts:/1/{run.RunId}/artifacts|1",
            _folder.Sql("SELECT name, source_type, status, start_time, end_time, lifecycle_stage, artifact_uri, experiment_id FROM runs"));
        Assert.Equal("0|Default|active\n1|hands|active", _folder.Sql("SELECT experiment_id, name, lifecycle_stage FROM experiments ORDER BY 1"));
        Assert.Equal("mlflow-artifacts:/1", _folder.Sql("SELECT artifact_location FROM experiments WHERE experiment_id = 1"));
    }

    [Fact]
    public void Tags_of_the_run_and_its_process_are_kept()
    {
        using var store = _folder.Open();
        using var run = store.StartRun("hands", "all", null, new Dictionary<string, string> { [RunTags.Config] = "ab12" });
        run.Tag("note", "first");
        run.Tag("note", "second");
        run.End(RunStatus.Finished);

        string Tag(string key) => _folder.Sql($"SELECT value FROM tags WHERE \"key\" = '{key}'");
        Assert.Equal("ab12", Tag(RunTags.Config));
        Assert.Equal("second", Tag("note"));
        Assert.Equal("all", Tag(RunTags.RunName));
        Assert.Equal("LOCAL", Tag(RunTags.SourceType));
        Assert.Equal($"{Environment.ProcessId}", Tag(RunTags.ProcessId));
    }

    [Fact]
    public void A_unit_is_nested_in_the_run_of_its_experiment()
    {
        using var store = _folder.Open();
        using var parent = _folder.Start(store, "experiment");
        using var child = _folder.Start(store, "unit", parent.RunId);
        child.End(RunStatus.Finished);

        Assert.Equal($"{child.RunId}|{parent.RunId}", _folder.Sql("SELECT run_uuid, value FROM tags WHERE \"key\" = 'mlflow.parentRunId'"));
    }

    [Fact]
    public void Setting_the_name_tag_renames_the_run()
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store, "before");
        run.Tag(RunTags.RunName, "after");
        run.End(RunStatus.Finished);

        Assert.Equal("after", _folder.Sql("SELECT name FROM runs"));
    }

    [Theory]
    [InlineData(0.25, 0.25, 0)]
    [InlineData(double.NaN, 0, 1)]
    [InlineData(double.PositiveInfinity, double.MaxValue, 0)]
    [InlineData(double.NegativeInfinity, double.MinValue, 0)]
    public void Metrics_are_stored_in_mlflows_encoding(double logged, double stored, int isNan)
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Metric("val/dice", logged, 7);
        run.End(RunStatus.Finished);

        var expected = FormattableString.Invariant($"val/dice|{stored}|7|{isNan}|1700000000000");
        Assert.Equal(expected, _folder.Sql("SELECT \"key\", value, step, is_nan, timestamp FROM metrics"));
        Assert.Equal(expected, _folder.Sql("SELECT \"key\", value, step, is_nan, timestamp FROM latest_metrics"));
    }

    [Fact]
    public void The_latest_metric_is_the_greatest_step_not_the_last_written()
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Metric("loss", 0.5, 2);
        run.Metric("loss", 0.9, 1);
        run.End(RunStatus.Finished);

        Assert.Equal("0.5|2", _folder.Sql("SELECT value, step FROM latest_metrics"));
    }

    [Fact]
    public void At_one_step_the_later_time_is_the_latest_and_at_one_time_the_greater_value()
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Metric("a", 0.9, 1);
        run.Metric("b", 0.3, 1);
        run.Metric("b", 0.2, 1);
        _folder.Clock.Now++;
        run.Metric("a", 0.1, 1);
        run.End(RunStatus.Finished);

        Assert.Equal("a|0.1\nb|0.3", _folder.Sql("SELECT \"key\", value FROM latest_metrics ORDER BY 1"));
    }

    [Fact]
    public void The_same_point_twice_is_one_point()
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Metric("loss", 0.5, 2);
        run.Metric("loss", 0.5, 2);
        run.End(RunStatus.Finished);

        Assert.Equal("1", _folder.Sql("SELECT count(*) FROM metrics"));
    }

    [Fact]
    public void The_first_value_of_a_parameter_stands_and_another_is_told_of()
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Param("lr", "0.001");
        run.Param("lr", "0.001");
        run.Param("lr", "0.01");
        run.End(RunStatus.Finished);

        Assert.Equal("lr|0.001", _folder.Sql("SELECT \"key\", value FROM params"));
        Assert.Contains("'lr'", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_too_long_is_cut_and_told_of_once()
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Param("plan", new string('x', 6001));
        run.Tag("note", new string('y', 5000));
        run.End(RunStatus.Finished);

        Assert.Equal("6000", _folder.Sql("SELECT length(value) FROM params"));
        Assert.Contains("6001 characters", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("val/dice.mean:α 1_2-3", "val/dice.mean:α 1_2-3")]
    [InlineData("dice[hand]", "dice_hand_")]
    [InlineData("../up//x/", "up/x")]
    [InlineData("", "_")]
    public void A_name_mlflow_refuses_is_mended(string name, string written) => Assert.Equal(written, Limits.Name(name));

    [Fact]
    public void A_cut_never_leaves_half_a_character() => Assert.Equal("a", Limits.Cut("a🦴", 2));

    [Fact]
    public void Data_sets_are_inputs_and_shared_between_runs()
    {
        using var store = _folder.Open();
        using var first = _folder.Start(store);
        using var second = _folder.Start(store);
        first.LogDataset("hand-bone", new string('a', 64), "/data/hand", "training");
        second.LogDataset("hand-bone", new string('a', 64), "/data/hand", "validation");
        first.End(RunStatus.Finished);
        second.End(RunStatus.Finished);

        Assert.Equal($"1|hand-bone|{new string('a', 36)}|local|{{\"uri\":\"/data/hand\"}}",
            _folder.Sql("SELECT experiment_id, name, digest, dataset_source_type, dataset_source FROM datasets"));
        Assert.Equal("2", _folder.Sql(
            "SELECT count(*) FROM inputs JOIN datasets ON source_id = dataset_uuid WHERE source_type = 'DATASET' AND destination_type = 'RUN'"));
        Assert.Equal("training\nvalidation", _folder.Sql("SELECT value FROM input_tags WHERE name = 'mlflow.data.context' ORDER BY 1"));
    }

    [Fact]
    public void A_run_left_by_an_exception_is_failed()
    {
        using var store = _folder.Open();
        _folder.Start(store).Dispose();

        Assert.Equal("FAILED", _folder.Sql("SELECT status FROM runs"));
    }

    [Fact]
    public void A_run_still_open_when_the_store_closes_is_killed()
    {
        using (var store = _folder.Open())
        {
            _folder.Start(store).Metric("loss", 1);
        }

        Assert.Equal("1", _folder.Sql("SELECT count(*) FROM runs JOIN metrics USING (run_uuid) WHERE status = 'KILLED' AND \"key\" = 'loss'"));
    }

    [Fact]
    public void Only_the_first_end_counts()
    {
        using var store = _folder.Open();
        using (var run = _folder.Start(store))
        {
            run.End(RunStatus.Finished);
        }

        Assert.Equal("FINISHED", _folder.Sql("SELECT status FROM runs"));
    }
}
