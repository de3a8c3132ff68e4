namespace Osteon.Runner;

/// <summary>One step of the data flow. Expands into units; each reads its inputs' folders and writes its own.</summary>
public abstract class Stage
{
    /// <summary>The target's name, e.g. Train.</summary>
    public abstract string Name { get; }

    /// <summary>Raised by hand when the same facts would give another result.</summary>
    public abstract int Version { get; }

    /// <summary>True when a unit needs a process of its own to run beside others: it owns libtorch's threads and generator.</summary>
    public virtual bool OwnsProcess => false;

    /// <summary>The units the plan asks for; none when the plan does not use the stage.</summary>
    public abstract IEnumerable<Unit> Units(ExperimentSession session);

    /// <summary>What a unit is going to make and what it takes, said before it starts and by a dry run; null where there is nothing to say. Its inputs are there.</summary>
    public virtual string? Forecast(ExperimentSession session, Unit unit) => null;

    /// <summary>Makes a unit's files in <see cref="UnitRun.Folder"/>; what an interrupted run left there may be continued.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, after keeping what can be resumed.</exception>
    public abstract Task RunAsync(UnitRun run, CancellationToken cancellation);

    /// <summary>Called for every unit of the stage once all are there, whether they ran or were up to date; shows or publishes results.</summary>
    public virtual void Conclude(ExperimentSession session)
    {
    }
}
