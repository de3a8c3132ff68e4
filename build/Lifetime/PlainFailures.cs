using Cake.Core;
using Cake.Core.Diagnostics;
using Osteon.Abstractions;

namespace Osteon.Build;

/// <summary>
/// Cake's execution of a task, with each kind of failure told as it deserves: what the user can mend by its lines (exit code 2),
/// a cancelled run by a word (130), anything else with its stack, for it is our fault (1).
/// </summary>
public sealed class PlainFailures(ICakeLog log, ICakeReportPrinter printer, Interruption interruption) : IExecutionStrategy
{
    private readonly DefaultExecutionStrategy _cake = new(log, printer);

    /// <inheritdoc />
    public async Task ExecuteAsync(CakeTask task, ICakeContext context)
    {
        try
        {
            await _cake.ExecuteAsync(task, context);
        }
        catch (Exception exception)
        {
            throw AsCakeException(exception, task.Name);
        }
    }

    /// <inheritdoc />
    public void PerformSetup(Action<ISetupContext> action, ISetupContext context) => _cake.PerformSetup(action, context);

    /// <inheritdoc />
    public void PerformTeardown(Action<ITeardownContext> action, ITeardownContext teardownContext) => _cake.PerformTeardown(action, teardownContext);

    /// <inheritdoc />
    public void Skip(CakeTask task, CakeTaskCriteria criteria) => _cake.Skip(task, criteria);

    /// <inheritdoc />
    public Task ReportErrorsAsync(Func<Exception, Task> action, Exception exception) => _cake.ReportErrorsAsync(action, exception);

    /// <inheritdoc />
    public Task HandleErrorsAsync(Func<Exception, ICakeContext, Task> action, Exception exception, ICakeContext context) =>
        _cake.HandleErrorsAsync(action, exception, context);

    /// <inheritdoc />
    public Task InvokeFinallyAsync(Func<ICakeContext, Task> action, ICakeContext context) => _cake.InvokeFinallyAsync(action, context);

    /// <inheritdoc />
    public void PerformTaskSetup(Action<ITaskSetupContext> action, ITaskSetupContext taskSetupContext) =>
        _cake.PerformTaskSetup(action, taskSetupContext);

    /// <inheritdoc />
    public void PerformTaskTeardown(Action<ITaskTeardownContext> action, ITaskTeardownContext taskTeardownContext) =>
        _cake.PerformTaskTeardown(action, taskTeardownContext);

    private CakeException AsCakeException(Exception exception, string task)
    {
        Exception[] causes = exception is AggregateException several ? [.. several.Flatten().InnerExceptions] : [exception];
        causes = [.. causes.Select(cause => cause is CakeException or OperationCanceledException ? cause : StorageFault.Of(cause) ?? cause)];
        if (causes is [CakeException known])
        {
            return known;
        }

        if (interruption.Token.IsCancellationRequested && causes.Any(cause => cause is OperationCanceledException))
        {
            return new CakeException(Interruption.ExitCode, $"{task} was stopped; the same command goes on where it was.", exception);
        }

        if (causes.All(cause => cause is ConfigurationException))
        {
            var faults = causes.Cast<ConfigurationException>().SelectMany(cause => cause.Faults).Distinct();
            return new CakeException(2, string.Join(Environment.NewLine, faults), exception);
        }

        foreach (var cause in causes)
        {
            log.Error("{0}", cause is ConfigurationException ? cause.Message : cause.ToString());
        }

        return new CakeException(1, $"{task} failed; the lines above tell why.", exception);
    }
}
