using System.Text;
using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Tracking.Tests;

public sealed class RestTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private readonly TrackingFolder _folder = new();
    private readonly FaultyServer _server = new();

    public void Dispose()
    {
        _folder.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void A_run_on_a_server_has_its_name_its_owner_and_its_id_of_ours()
    {
        using var store = _folder.Open(_server);
        var run = _folder.Start(store, "Train[fold=0]");
        run.End(RunStatus.Finished);
        Assert.True(store.Flush(Long));

        var there = Assert.Single(_server.Model.Visible);
        Assert.Equal(("Train[fold=0]", "FINISHED", 1_700_000_000_000), (there.Name, there.Status, there.Start));
        Assert.Equal(run.RunId, there.Tags[RunTags.Run]);
        Assert.Equal(Environment.UserName, there.Tags[RunTags.User]);
        Assert.All(_server.Seen.Where(r => r.Method == "POST"), r => Assert.Equal("application/json", r.Headers["Content-Type"]));
    }

    [Fact]
    public void Batches_stay_within_every_limit_and_nothing_is_left_out()
    {
        using var store = _folder.Open(_server);
        using var run = _folder.Start(store);
        for (var i = 0; i < 2500; i++)
        {
            run.Metric("loss", i, i);
        }

        for (var i = 0; i < 250; i++)
        {
            run.Param($"p{i}", new string('x', 6000));
            run.Tag($"t{i}", new string('y', 5000));
        }

        Assert.True(store.Flush(Long));
        var there = Assert.Single(_server.Model.Visible);
        Assert.Equal((2500, 250), (there.Metrics.Count, there.Params.Count));
        Assert.Equal(250, there.Tags.Count(t => t.Key.StartsWith('t')));
        Assert.Empty(_folder.Warnings);
    }

    [Fact]
    public void A_parameter_the_server_refuses_holds_up_nothing()
    {
        using var store = _folder.Open(_server);
        using var run = _folder.Start(store);
        run.Param("lr", "0.001");
        Assert.True(store.Flush(Long));
        for (var i = 0; i < 50; i++)
        {
            run.Metric("loss", i, i);
        }

        run.Param("lr", "0.01");
        run.Param("momentum", "0.9");
        run.Tag("note", "x");
        Assert.True(store.Flush(Long));

        var there = Assert.Single(_server.Model.Visible);
        Assert.Equal((50, "0.001", "0.9", "x"), (there.Metrics.Count, there.Params["lr"], there.Params["momentum"], there.Tags["note"]));
        Assert.Contains("parameter 'lr' = '0.01'", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_twice_and_a_tag_twice_in_one_batch_are_what_they_are_one_by_one()
    {
        using var store = _folder.Open(_server);
        using var run = _folder.Start(store);
        run.Param("lr", "0.001");
        run.Param("lr", "0.001");
        run.Tag("note", "first");
        run.Tag("note", "second");
        Assert.True(store.Flush(Long));

        var there = Assert.Single(_server.Model.Visible);
        Assert.Equal(("0.001", "second"), (there.Params["lr"], there.Tags["note"]));
        Assert.Empty(_folder.Warnings);
    }

    [Fact]
    public void A_deleted_experiment_is_restored()
    {
        _server.Model.Experiments["7"] = ("hands", true);
        using var store = _folder.Open(_server);
        _folder.Start(store).End(RunStatus.Finished);
        Assert.True(store.Flush(Long));

        Assert.False(_server.Model.Experiments["7"].Deleted);
        Assert.Equal("7", Assert.Single(_server.Model.Visible).Experiment);
    }

    // As MLFLOW_EXPERIMENT_ID has it.
    [Theory]
    [InlineData("7", "feet", 0)]
    [InlineData("8", "hands", 1)]
    public void An_experiment_may_be_chosen_by_its_id(string id, string expected, int warnings)
    {
        _server.Model.Experiments["7"] = ("feet", false);
        using var store = _folder.Open(_server);
        foreach (var name in new[] { "first", "second" })
        {
            store.StartRun("hands", name, null, new Dictionary<string, string>(), experimentId: id).End(RunStatus.Finished);
        }

        Assert.True(store.Flush(Long));
        Assert.All(_server.Model.Visible, run => Assert.Equal(expected, _server.Model.Experiments[run.Experiment].Name));
        Assert.Equal(2, _server.Model.Visible.Count);
        Assert.Equal(warnings, _folder.Warnings.Count(w => w.Contains("has no experiment 8 (MLFLOW_EXPERIMENT_ID)", StringComparison.Ordinal)));
    }

    [Fact]
    public void Several_stores_that_race_for_an_experiment_make_one()
    {
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            using var folder = new TrackingFolder();
            using var store = folder.Open(_server);
            using var run = folder.Start(store, $"run {i}");
            run.Metric("loss", i);
            run.End(RunStatus.Finished);
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.Single(_server.Model.Experiments);
        Assert.Equal(4, _server.Model.Visible.Count);
        Assert.All(_server.Model.Visible, r => Assert.Single(r.Metrics));
    }

    [Fact]
    public void A_unit_of_another_process_is_nested_in_the_run_of_its_experiment()
    {
        // A parallel unit's process: it knows of its parent no more than the id, and may be ahead of it.
        using var parents = _folder.Open(_server);
        using var children = _folder.Open(_server);
        _server.Always = Fault.Error;
        using var parent = _folder.Start(parents, "experiment");
        using var child = _folder.Start(children, "unit", parent.RunId);
        Assert.False(children.Flush(Long));
        _server.Always = Fault.None;
        Assert.True(parents.Flush(Long));
        child.End(RunStatus.Finished);
        Assert.True(children.Flush(Long));

        Assert.Equal(_server.Model.Visible.Single(r => r.Name == "experiment").Id, _server.Model.Visible.Single(r => r.Name == "unit").Tags["mlflow.parentRunId"]);
    }

    [Fact]
    public void A_parent_whose_journal_is_gone_is_found_on_the_server()
    {
        string id;
        using (var store = _folder.Open(_server))
        {
            var parent = _folder.Start(store, "experiment");
            id = parent.RunId;
            parent.End(RunStatus.Finished);
        }

        Assert.Empty(Directory.GetDirectories(_folder.Spool));
        using var later = _folder.Open(_server);
        _folder.Start(later, "unit", id).End(RunStatus.Finished);
        Assert.True(later.Flush(Long));

        Assert.Equal(_server.Model.Visible.Single(r => r.Name == "experiment").Id, _server.Model.Visible.Single(r => r.Name == "unit").Tags["mlflow.parentRunId"]);
    }

    [Fact]
    public void A_run_somebody_deleted_takes_no_more_and_stops_nothing()
    {
        using var store = _folder.Open(_server);
        var deleted = _folder.Start(store, "deleted");
        Assert.True(store.Flush(Long));
        _server.Model.Visible.Single().Deleted = true;
        for (var i = 0; i < 100; i++)
        {
            deleted.Metric("loss", i, i);
        }

        using var other = _folder.Start(store, "other");
        other.Metric("loss", 1);
        deleted.End(RunStatus.Finished);
        Assert.True(store.Flush(Long));

        Assert.Single(_server.Model.Visible.Single().Metrics);
        Assert.Contains("was deleted", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_forgot_everything_gets_it_again()
    {
        using var store = _folder.Open(_server);
        using var run = _folder.Start(store);
        run.Metric("loss", 1, 1);
        run.Artifact("report.txt", Encoding.UTF8.GetBytes("all is well"));
        Assert.True(store.Flush(Long));
        _server.Model.Forget();
        run.Metric("loss", 2, 2);
        while (!store.Flush(Long))
        {
        }

        Assert.Equal(2, Assert.Single(_server.Model.Visible).Metrics.Count);
        Assert.Equal("all is well", Encoding.UTF8.GetString(Assert.Single(_server.Model.Files).Value));
    }

    [Fact]
    public void A_run_can_be_continued_by_its_id_there()
    {
        using var store = _folder.Open(_server);
        _folder.Start(store, "first").End(RunStatus.Finished);
        Assert.True(store.Flush(Long));
        var there = _server.Model.Visible.Single();
        using var again = store.StartRun("hands", "second", null, new Dictionary<string, string> { ["note"] = "x" }, there.Id);
        again.Metric("loss", 1);
        Assert.True(store.Flush(Long));

        Assert.Equal(("first", "RUNNING", "x"), (there.Name, there.Status, there.Tags["note"]));
        Assert.Single(there.Metrics);
        Assert.Single(_server.Model.Visible);
    }

    [Fact]
    public void Journals_meant_for_a_server_go_where_the_variable_says_now()
    {
        _server.Always = Fault.ResetBefore;
        using (var store = _folder.Open(_server))
        {
            using var run = _folder.Start(store);
            run.Artifact("a.txt", new byte[] { 1 });
            run.End(RunStatus.Finished);
        }

        using var moved = new FaultyServer();
        Assert.Equal(1, _folder.Sync(moved).Sent);
        Assert.Equal("FINISHED", Assert.Single(moved.Model.Visible).Status);
        Assert.Single(moved.Model.Files);
    }

    [Fact]
    public void A_slow_upload_holds_up_no_metric()
    {
        using var store = _folder.Open(_server, o => o with { UploadTimeout = Long });
        using var run = _folder.Start(store);
        Assert.True(store.Flush(Long));
        _server.Faults.Enqueue(Fault.SlowLoris);
        run.Artifact("big.bin", new byte[100_000]);
        while (!_server.Seen.Any(r => r.Method == "PUT"))
        {
            Thread.Sleep(5);
        }

        for (var i = 0; i < 100; i++)
        {
            run.Metric("loss", i, i);
        }

        while (_server.Model.Visible.Single().Metrics.Count < 100)
        {
            Thread.Sleep(5);
        }

        Assert.True(store.Flush(Long));
        Assert.Single(_server.Model.Files);
    }

    [Fact]
    public void An_address_may_have_a_path_and_a_wrong_one_is_told_of()
    {
        using var store = _folder.Open(_server, o => o with { Address = o.Address + "/mlflow" });
        using var run = _folder.Start(store);
        Assert.False(store.Flush(Long));

        Assert.StartsWith("/mlflow/api/2.0/mlflow/", _server.Seen.First().Path, StringComparison.Ordinal);
        Assert.Contains("not as MLflow does", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirect_is_told_of_and_not_followed()
    {
        _server.Always = Fault.Redirect;
        using var store = _folder.Open(_server);
        using var run = _folder.Start(store);
        Assert.False(store.Flush(Long));

        Assert.Contains("redirects to http://elsewhere.example/", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", null)]
    [InlineData("Wed, 21 Oct 2015 07:28:00 GMT", null)]
    public void Retry_after_is_read(string header, int? seconds)
    {
        _server.Always = Fault.TooMany;
        _server.RetryAfter = header;
        using var client = new MlflowClient(TrackingFolder.Options(_server));
        var error = Assert.Throws<DeliveryException>(() => client.Get("runs/get", TestContext.Current.CancellationToken, ("run_id", "x")));

        Assert.Equal(DeliveryFailure.Later, error.Failure);
        Assert.Equal(seconds, (int?)error.After?.TotalSeconds);
    }

    [Fact]
    public void A_password_and_a_workspace_are_sent_with_every_request()
    {
        using var store = _folder.Open(_server, o => o with { Authorization = "Basic dTpw", Workspace = "lab" });
        _folder.Start(store).End(RunStatus.Finished);
        Assert.True(store.Flush(Long));

        Assert.NotEmpty(_server.Seen);
        Assert.All(_server.Seen, r => Assert.Equal(("Basic dTpw", "lab"), (r.Headers["Authorization"], r.Headers["X-MLFLOW-WORKSPACE"])));
        Assert.DoesNotContain("dTpw", string.Join('|', Directory.GetFiles(_folder.Spool, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("lock", StringComparison.Ordinal)).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public void Bodies_are_json_that_mlflow_reads()
    {
        var body = LogBatch.Body("r", [new MetricEvent("a", double.NaN, 1, 2), new MetricEvent("b", double.NegativeInfinity, -1, 2), new ParamEvent("p", "ü"), new TagEvent("t", "v")]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"run_id":"r","metrics":[{"key":"a","value":"NaN","timestamp":2,"step":1},{"key":"b","value":"-Infinity","timestamp":2,"step":-1}],
             "params":[{"key":"p","value":"ü"}],"tags":[{"key":"t","value":"v"}]}
            """), JsonNode.Parse(body.ToJsonString())));
    }
}
