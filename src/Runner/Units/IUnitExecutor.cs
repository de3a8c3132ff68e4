namespace Osteon.Runner;

/// <summary>Runs a unit outside this process and returns when its result is in the cache.</summary>
public interface IUnitExecutor
{
    /// <summary>Runs one unit.</summary>
    /// <param name="unit">Which.</param>
    /// <param name="forced">Even where the cache holds its result.</param>
    /// <param name="cancellation">Asks it to stop.</param>
    /// <exception cref="InvalidOperationException">It failed; its output has told why.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the unit was asked to stop and has.</exception>
    Task RunAsync(Unit unit, bool forced, CancellationToken cancellation);
}
