using System.Diagnostics;
using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Tracking.Tests;

/// <summary>A process that is killed at any moment has lost nothing that it logged.</summary>
public sealed class KillTests : IDisposable
{
    private readonly TrackingFolder _folder = new();
    private readonly FaultyServer _server = new();

    public void Dispose()
    {
        _folder.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_a_killed_process_logged_is_on_the_server_once(int seed)
    {
        _server.Faults.Enqueue(Fault.Slow);
        var last = WriteAndKill(seed, _server.Address);
        Assert.Empty(_folder.Sync(_server).Failures);

        Assert.Equal(["child", "parent"], _server.Model.Visible.Select(r => r.Name).Order());
        Assert.All(_server.Model.Visible, r => Assert.Equal("FAILED", r.Status));
        var run = _server.Model.Visible.Single(r => r.Name == "child");
        Assert.Equal(_server.Model.Visible.Single(r => r.Name == "parent").Id, run.Tags["mlflow.parentRunId"]);
        var steps = run.Metrics.Select(m => m.Step).Order().ToArray();
        Assert.Equal(Enumerable.Range(0, steps.Length).Select(i => (long)i), steps);
        Assert.True(steps.Length > last, $"{steps.Length} steps arrived, and {last} was logged");
        Assert.Equal("0.001", run.Params["lr"]);
        Assert.Equal(run.Tags[RunTags.Run], System.Text.Encoding.UTF8.GetString(Assert.Single(_server.Model.Files).Value));
        Assert.Empty(Directory.GetDirectories(_folder.Spool));
        Assert.Equal(2, _folder.Warnings.Count(w => w.Contains("marked FAILED", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_a_killed_process_logged_is_in_the_embedded_store_at_the_next_start()
    {
        var last = WriteAndKill(4, "embedded");
        using var store = _folder.Open();
        while (!File.Exists(_folder.Database) || _folder.Sql("SELECT count(*) FROM runs WHERE status = 'FAILED'") != "2")
        {
            Thread.Sleep(20);
        }

        Assert.Equal("0", _folder.Sql("SELECT count(*) - max(step) - 1 FROM metrics"));
        Assert.True(long.Parse(_folder.Sql("SELECT max(step) FROM metrics"), CultureInfo.InvariantCulture) >= last);
    }

    private long WriteAndKill(int seed, string where)
    {
        using var writer = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(KillTests).Assembly.Location, "write", _folder.Path, where])
        {
            RedirectStandardOutput = true,
        })!;
        var last = -1L;
        var until = RandomStream.For(seed, "kill").NextInt(1500);
        while (last < until && writer.StandardOutput.ReadLine() is { } line)
        {
            last = long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }

        writer.Kill();
        writer.WaitForExit();
        while (writer.StandardOutput.ReadLine() is { } line)
        {
            last = line.Split(' ') is [_, var step] && long.TryParse(step, CultureInfo.InvariantCulture, out var number) ? number : last;
        }

        return last;
    }
}
