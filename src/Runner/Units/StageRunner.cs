using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>Brings a stage's units up to date: finds each by its key, or makes it in a partial folder that is moved in whole.</summary>
public sealed class StageRunner(ExperimentSession session, IUnitExecutor executor)
{
    private int _ran;
    private int _restored;
    private int _current;
    private (int Ran, int Restored, int Current) _total;

    /// <summary>Prints which units would run, and why, and starts nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Says nothing of a stage in which nothing was to be done.</summary>
    public bool IsTerse { get; init; }

    /// <summary>All stages so far in a line.</summary>
    public string Summary => (_total, DryRun) switch
    {
        ({ Ran: 0, Restored: 0, Current: > 0 }, _) => $"{session.Plan.Name}: everything is up to date ({Count(_total, "run")})",
        (_, true) => $"{session.Plan.Name}: {Count(_total, "would run")}",
        _ => $"{session.Plan.Name}: {Count(_total, "run")}",
    };

    /// <summary>Runs a stage. The last line it prints counts units run, restored and up to date.</summary>
    /// <exception cref="ConfigurationException">The user can mend it; with --keep-going, after the other units.</exception>
    public async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        (_ran, _restored, _current) = (0, 0, 0);
        var units = stage.Units(session).Where(u => session.Options.OnlyUnit is null || u.Id == session.Options.OnlyUnit).ToArray();
        if (units.Length == 0)
        {
            return;
        }

        var failures = new List<Exception>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = session.Options.Jobs, CancellationToken = cancellation };
        try
        {
            await Parallel.ForEachAsync(units, parallel, async (unit, token) =>
            {
                try
                {
                    await BringUpToDateAsync(stage, unit, token);
                }
                catch (Exception e) when (session.Options.KeepGoing && e is not OperationCanceledException)
                {
                    session.Console.Warn($"{session.NameOf(unit)}: {e.Message}");
                    lock (failures)
                    {
                        failures.Add(e);
                    }
                }
            });
        }
        finally
        {
            _total = (_total.Ran + _ran, _total.Restored + _restored, _total.Current + _current);
        }

        var told = $"{stage.Name}: {Count((_ran, _restored, _current), DryRun ? "would run" : "run")}";
        if (IsTerse && _ran + _restored == 0)
        {
            session.Console.Verbose(told);
        }
        else
        {
            session.Console.Info(told);
        }

        if (failures.Count > 0)
        {
            throw failures.Count == 1 ? failures[0] : new AggregateException($"{failures.Count} of {units.Length} units of {stage.Name} failed.", failures);
        }

        if (!DryRun && session.Options.OnlyUnit is null)
        {
            stage.Conclude(session);
        }
    }

    private static string Count((int Ran, int Restored, int Current) units, string ran) =>
        $"{units.Ran} {ran}, {units.Restored} restored, {units.Current} up to date";

    private async Task BringUpToDateAsync(Stage stage, Unit unit, CancellationToken cancellation)
    {
        var forced = IsForced(stage.Name);
        var state = UnitState.Of(session, stage, unit, forced);
        if (TryReuse(stage, state))
        {
            return;
        }

        var why = state.Verdict == UnitVerdict.Runs && stage.Forecast(session, unit) is { } forecast ? $"{state.Why}; {forecast}" : state.Why;
        if (DryRun || state.Verdict == UnitVerdict.Waits)
        {
            Plan(unit, why);
            return;
        }

        session.CheckNetworks();
        using var guard = FileLock.Take(session.StateFolder("locks", $"{state.Key}.lock"),
            () => session.Console.Info($"{session.NameOf(unit)}: another process is making it; waiting"), cancellation);
        if (TryReuse(stage, UnitState.Of(session, stage, unit, forced)))
        {
            return;
        }

        session.Console.Info($"{session.NameOf(unit)}: {why}");
        Interlocked.Increment(ref _ran);
        if (stage.OwnsProcess && session.Options.Jobs > 1)
        {
            guard.Dispose();                                        // the child takes it
            await executor.RunAsync(unit, forced, cancellation);
            Record(state, session.Cache.Find(stage.Name, state.Key)
                ?? throw new InvalidOperationException($"{unit.Id}: its process ended without a result."));
            return;
        }

        await MakeAsync(stage, state, forced, cancellation);
    }

    private async Task MakeAsync(Stage stage, UnitState state, bool forced, CancellationToken cancellation)
    {
        var (unit, key) = (state.Unit, state.Key);
        var partial = session.Cache.Partial(stage.Name, key);
        if (forced && Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        OutputFolder.Create(partial);
        var clock = new UnitClock(session.Clock, partial);
        using var log = session.Tracking.StartUnit(unit, key);
        try
        {
            var run = new UnitRun(session, unit, partial, log.Log);
            await stage.RunAsync(run, cancellation);
            Record(state, session.Cache.Commit(stage.Name, key, run.Metrics, clock.Origin(session.Plan.Name)));
            log.End(RunStatus.Finished);
        }
        catch (OperationCanceledException)
        {
            clock.Keep();
            log.End(RunStatus.Killed);
            throw;
        }
        catch (Exception e) when (StorageFault.Of(e) is { } fault)
        {
            log.End(RunStatus.Failed);
            throw new ConfigurationException($"{unit.Id}: {fault.Message}\n  Nothing finished is lost: the same command goes on where it was.", e);
        }
        catch (OutOfMemoryException e)
        {
            log.End(RunStatus.Failed);
            throw new ConfigurationException($"{unit.Id}: {e.Message}\n  Try a smaller train.batch_size or train.crop, fewer --jobs, or another --device.", e);
        }
        catch
        {
            log.End(RunStatus.Failed);
            throw;
        }
    }

    private bool TryReuse(Stage stage, UnitState state)
    {
        if (state is not { Verdict: UnitVerdict.UpToDate or UnitVerdict.Restored, Output: { } output })
        {
            return false;
        }

        if (state.Verdict == UnitVerdict.UpToDate)
        {
            Interlocked.Increment(ref _current);
            session.Console.Verbose($"{session.NameOf(state.Unit)}: {state.Why}");
        }
        else
        {
            Interlocked.Increment(ref _restored);
            session.Console.Info($"{session.NameOf(state.Unit)}: {state.Why}");
        }

        if (DryRun || state.Verdict == UnitVerdict.UpToDate)
        {
            session.Publish(state.Unit.Id, new UnitResult(output.Hash, session.Cache.Folder(stage.Name, state.Key), output.Metrics));
        }
        else
        {
            Record(state, output);
        }

        return true;
    }

    private void Record(UnitState state, UnitOutput output)
    {
        session.Lock.Set(state.Unit.Id, new LockEntry(state.Key, state.Facts, output.Hash, output.Metrics));
        session.Publish(state.Unit.Id, new UnitResult(output.Hash, session.Cache.Folder(state.Unit.Stage, state.Key), output.Metrics));
    }

    private void Plan(Unit unit, string why)
    {
        Interlocked.Increment(ref _ran);
        session.Console.Info($"{session.NameOf(unit)}: {why}");
        session.Publish(unit.Id, new UnitResult(Unit.Pending, string.Empty, new Dictionary<string, double>()));
    }

    private bool IsForced(string stage)
    {
        var options = session.Options;
        return options.Force.Contains("all") || options.Force.Contains(stage)
            || (options.From is { } from && Stages.IndexOf(stage) >= Stages.IndexOf(from));
    }
}
