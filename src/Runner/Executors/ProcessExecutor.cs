using System.Diagnostics;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>Runs a unit as the same command in a child process, so that each owns libtorch's threads and generator.</summary>
public sealed class ProcessExecutor(ExperimentSession session) : IUnitExecutor
{
    private const int UserCanMend = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public async Task RunAsync(Unit unit, bool forced, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { WorkingDirectory = session.Options.Root };
        foreach (var argument in Arguments(unit, forced))
        {
            start.ArgumentList.Add(argument);
        }

        using var child = Process.Start(start) ?? throw new InvalidOperationException($"{unit.Id}: no process was started.");
        try
        {
            await child.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            using var kill = Process.Start("kill", ["-TERM", child.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            if (!child.WaitForExit(Patience))
            {
                child.Kill(entireProcessTree: true);
            }

            session.Tracking.Worsen(unit, RunStatus.Killed);
            throw;
        }

        if (child.ExitCode != 0)
        {
            session.Tracking.Worsen(unit, RunStatus.Failed);
        }

        var failure = $"{unit.Id}: its process ended with exit code {child.ExitCode}; the lines above tell why.";
        switch (child.ExitCode)
        {
            case 0: return;
            case UserCanMend: throw new ConfigurationException(failure);
            default: throw new InvalidOperationException(failure);
        }
    }

    private IEnumerable<string> Arguments(Unit unit, bool forced)
    {
        var entry = Environment.GetCommandLineArgs()[0];
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            yield return entry;
        }

        var options = session.Options;
        yield return $"--target={unit.Stage}";
        yield return "--exclusive";
        yield return $"--experiment={options.Experiment}";
        yield return $"--unit={unit.Id}";
        yield return $"--device={session.Device.Name}";
        yield return $"--parent-run={session.Tracking.ParentOf(unit)}";
        yield return "--verbosity=minimal";
        if (forced)
        {
            yield return $"--force={unit.Stage}";
        }

        if (options.Point is { } point)
        {
            yield return $"--point={point}";
        }

        foreach (var set in options.Set)
        {
            yield return $"--set={set}";
        }
    }
}
