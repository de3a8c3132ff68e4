using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Tracking.Tests;

/// <summary>Whatever a server does, in the end it holds what was logged, once.</summary>
public sealed class FaultTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private readonly TrackingFolder _folder = new();
    private readonly FaultyServer _server = new();

    public void Dispose()
    {
        _folder.Dispose();
        _server.Dispose();
    }

    // Shorter than what is late or slow; a slow machine only means more attempts.
    private static ServerOptions Impatient(ServerOptions options) => options with { Timeout = TimeSpan.FromSeconds(0.3), UploadTimeout = TimeSpan.FromSeconds(0.3) };

    public static TheoryData<string> Faults => [.. Enum.GetNames<Fault>()];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Every_request_meets_a_fault_once_and_everything_arrives_once(string name)
    {
        var fault = Enum.Parse<Fault>(name);
        var script = Script.Of(1);
        using (var store = _folder.Open(_server, Impatient))
        {
            // Every other request, so that each is tried again behind each.
            for (var i = 0; i < 12; i++)
            {
                _server.Faults.Enqueue(fault);
                _server.Faults.Enqueue(Fault.None);
            }

            script.Log(store, _folder.Path);
            await Drain(store);
        }

        await Settle();
        script.AssertArrived(_server.Model);
    }

    [Fact]
    public async Task In_whatever_order_faults_come_the_server_holds_what_was_logged()
    {
        Fault[] quick = [.. Enum.GetValues<Fault>().Where(f => f is not (Fault.Late or Fault.SlowLoris))];
        for (var seed = 0; seed < 40; seed++)
        {
            var chance = RandomStream.For(seed, "faults");
            var script = Script.Of(seed);
            _server.Model.Forget();
            for (var i = chance.NextInt(60); i > 0; i--)
            {
                _server.Faults.Enqueue(quick[chance.NextInt(quick.Length)]);
            }

            using (var store = _folder.Open(_server, Impatient))
            {
                script.Log(store, _folder.Path);

                // Sometimes the process ends while the server is still at fault, and another takes over.
                if (chance.NextInt(2) == 0)
                {
                    await Drain(store);
                }
            }

            await Settle();
            script.AssertArrived(_server.Model);
            Assert.Empty(Directory.GetDirectories(_folder.Spool));
        }
    }

    [Fact]
    public async Task A_server_that_is_down_for_the_whole_run_gets_everything_later()
    {
        _server.Always = Fault.ResetBefore;
        var script = Script.Of(2);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using (var store = _folder.Open(_server, Impatient))
        {
            script.Log(store, _folder.Path);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(50), watch.Elapsed.ToString());
        Assert.Empty(_server.Model.Runs);
        Assert.Contains(_folder.Warnings, w => w.Contains("--target=SyncTracking", StringComparison.Ordinal));
        Assert.NotEmpty(_folder.Sync(_server).Failures);

        _server.Always = Fault.None;
        await Settle();
        script.AssertArrived(_server.Model);
    }

    [Fact]
    public void A_server_that_swallows_connections_does_not_hold_the_end_up()
    {
        _server.Always = Fault.SlowLoris;
        var store = _folder.Open(_server, o => o with { Timeout = TimeSpan.FromMinutes(10), UploadTimeout = TimeSpan.FromMinutes(10) });
        Script.Of(3).Log(store, _folder.Path);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        store.Dispose();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(55), watch.Elapsed.ToString());
    }

    [Fact]
    public async Task A_run_that_was_created_late_after_the_client_gave_up_is_no_second_run()
    {
        _server.Faults.Enqueue(Fault.None);                         // get-by-name
        _server.Faults.Enqueue(Fault.None);                         // create the experiment
        _server.Faults.Enqueue(Fault.Late);                         // create the run
        using var store = _folder.Open(_server, Impatient);
        var run = _folder.Start(store);
        store.Flush(Long);
        await _server.LateAsync();
        run.Metric("loss", 1);
        run.End(RunStatus.Finished);
        store.Dispose();

        Assert.Single(_server.Model.Visible);
    }

    [Fact]
    public void Waits_double_and_retry_after_is_kept()
    {
        var policy = new RetryPolicy(7, 2, 0, TimeSpan.FromSeconds(120));
        var chance = new RandomStream(1);
        Assert.Equal(TimeSpan.FromSeconds(2), policy.After(1, new DeliveryException(DeliveryFailure.Later, ""), ref chance));
        Assert.Equal(TimeSpan.FromSeconds(16), policy.After(4, new DeliveryException(DeliveryFailure.Later, ""), ref chance));
        Assert.Equal(TimeSpan.FromSeconds(120), policy.After(40, new DeliveryException(DeliveryFailure.Later, ""), ref chance));
        Assert.Equal(TimeSpan.FromSeconds(30), policy.After(1, new DeliveryException(DeliveryFailure.Later, "", TimeSpan.FromSeconds(30)), ref chance));
        Assert.Equal(RetryPolicy.LongestAsked, policy.After(1, new DeliveryException(DeliveryFailure.Later, "", TimeSpan.FromDays(30)), ref chance));
        Assert.InRange((policy with { Jitter = 1 }).After(1, new DeliveryException(DeliveryFailure.Later, ""), ref chance).TotalSeconds, 2, 3);
    }

    [Fact]
    public void A_wrong_password_is_said_to_be_one_and_nothing_is_lost()
    {
        _server.Always = Fault.Unauthorized;
        using (var store = _folder.Open(_server, Impatient))
        {
            Script.Of(4).Log(store, _folder.Path);
        }

        Assert.Contains(_folder.Warnings, w => w.Contains("MLFLOW_TRACKING_USERNAME", StringComparison.Ordinal));
        Assert.True(_folder.Sync(_server).Denied);
        _server.Always = Fault.None;
        Assert.Empty(_folder.Sync(_server).Failures);
        Script.Of(4).AssertArrived(_server.Model);
    }

    private static async Task Drain(TrackingStore store)
    {
        for (var i = 0; i < 400 && !store.Flush(Long); i++)
        {
            await Task.Delay(5);
        }
    }

    private async Task Settle()
    {
        await _server.LateAsync();
        for (var i = 0; i < 400 && _folder.Sync(_server) is { } report; i++)
        {
            if (report.Failures.Count == 0 && report.Busy == 0)
            {
                return;
            }
        }

        Assert.Fail("the journals are never empty");
    }
}

/// <summary>Runs made up from a seed: how they are logged, and what must be there then. The second is computed apart from the first's code.</summary>
internal sealed class Script
{
    private static readonly double[] Odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.5, double.Epsilon, double.MaxValue];

    private readonly int _seed;
    private readonly List<Planned> _runs = [];

    private Script(int seed) => _seed = seed;

    private sealed record Planned(string Name, int Parent, RunStatus? End, List<(int Kind, string Key, string Value, double Number, long Step)> Steps);

    public static Script Of(int seed)
    {
        var script = new Script(seed);
        var chance = RandomStream.For(seed, "script");
        for (var r = 0; r <= chance.NextInt(3); r++)
        {
            var steps = new List<(int, string, string, double, long)>();
            for (var i = chance.NextInt(40) + (chance.NextInt(8) == 0 ? 1500 : 0); i >= 0; i--)
            {
                steps.Add((chance.NextInt(12), $"k{chance.NextInt(20)}", $"v{chance.NextInt(1000)}", chance.NextInt(4) == 0 ? Odd[chance.NextInt(Odd.Length)] : chance.NextDouble(), i));
            }

            RunStatus? end = chance.NextInt(4) switch { 0 => RunStatus.Failed, 1 => null, _ => RunStatus.Finished };
            script._runs.Add(new Planned($"run {seed}-{r}", r == 0 ? -1 : 0, end, steps));
        }

        return script;
    }

    public void Log(TrackingStore store, string folder)
    {
        var runs = new List<RunLog>();
        foreach (var planned in _runs)
        {
            var run = store.StartRun("hands", planned.Name, planned.Parent < 0 ? null : runs[planned.Parent].RunId, new Dictionary<string, string> { ["seed"] = $"{_seed}" });
            runs.Add(run);
            foreach (var (kind, key, value, number, step) in planned.Steps)
            {
                switch (kind)
                {
                    case 0:
                        run.Param($"{key}.{step}", value);
                        break;
                    case 1:
                        run.Tag(key, value);
                        break;
                    case 2 when step < 40:
                        var file = Path.Combine(folder, "artifact µ.txt");
                        File.WriteAllText(file, value);
                        run.Artifact(file, $"a b/{key}");
                        break;
                    case 3 when step < 40:
                        run.LogDataset(key, value, "/data", "training");
                        break;
                    default:
                        run.Metric($"val/{key}", number, step);
                        break;
                }
            }
        }

        for (var i = runs.Count - 1; i >= 0; i--)
        {
            if (_runs[i].End is { } end)
            {
                runs[i].End(end);
            }
        }
    }

    public void AssertArrived(MlflowModel model)
    {
        Assert.Equal(_runs.Select(r => r.Name).Order(), model.Visible.Select(r => r.Name).Order());
        foreach (var planned in _runs)
        {
            var run = model.Visible.Single(r => r.Name == planned.Name);
            Assert.Equal((planned.End ?? RunStatus.Killed).ToString().ToUpperInvariant(), run.Status);
            Assert.Equal(1_700_000_000_000, run.End);
            Assert.Equal(planned.Parent < 0 ? null : model.Visible.Single(r => r.Name == _runs[planned.Parent].Name).Id, run.Tags.GetValueOrDefault("mlflow.parentRunId"));
            var (parameters, tags, files) = (new Dictionary<string, string>(), new Dictionary<string, string>(), new Dictionary<string, string>());
            var metrics = new HashSet<(string, string, long, long)>();
            var datasets = new HashSet<(string, string, string)>();
            foreach (var (kind, key, value, number, step) in planned.Steps)
            {
                switch (kind)
                {
                    case 0:
                        parameters[$"{key}.{step}"] = value;
                        break;
                    case 1:
                        tags[key] = value;
                        break;
                    case 2 when step < 40:
                        files[$"{run.Experiment}/{run.Id}/artifacts/a b/{key}/artifact µ.txt"] = value;
                        break;
                    case 3 when step < 40:
                        datasets.Add((key, value, "training"));
                        break;
                    default:
                        var text = double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity") : number.ToString("R", CultureInfo.InvariantCulture);
                        metrics.Add(($"val/{key}", text, 1_700_000_000_000, step));
                        break;
                }
            }

            Assert.Equal(parameters.OrderBy(p => p.Key), run.Params.OrderBy(p => p.Key));
            Assert.Equal(tags.OrderBy(t => t.Key), run.Tags.Where(t => t.Key.StartsWith('k')).ToDictionary().OrderBy(t => t.Key));
            Assert.Equal(metrics.Order(), run.Metrics.Order());
            Assert.Equal(datasets.Order(), run.Datasets.Order());
            Assert.Equal(files.OrderBy(f => f.Key), model.Files.Where(f => f.Key.Contains(run.Id, StringComparison.Ordinal)).ToDictionary(f => f.Key, f => System.Text.Encoding.UTF8.GetString(f.Value)).OrderBy(f => f.Key));
        }
    }
}
