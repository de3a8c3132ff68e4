using Cake.Core;

namespace Cake.Frosting;

/// <summary>An asynchronous task without a context type of its own.</summary>
public abstract class AsyncFrostingTask : AsyncFrostingTask<ICakeContext>;

/// <summary>An asynchronous task.</summary>
/// <typeparam name="TContext">The context it needs; under a host with another one the task is left out.</typeparam>
public abstract class AsyncFrostingTask<TContext> : IFrostingTask
    where TContext : ICakeContext
{
    /// <inheritdoc />
    public virtual string SkippedMessage => string.Empty;

    /// <summary>Does the work. A task that does not override it groups its dependencies.</summary>
    public virtual Task RunAsync(TContext context) => Task.CompletedTask;

    /// <summary>False skips the task; the target itself must not be skipped.</summary>
    public virtual bool ShouldRun(TContext context) => true;

    /// <summary>Runs when the task failed; overriding it handles the failure unless it throws.</summary>
    public virtual void OnError(Exception exception, TContext context)
    {
    }

    /// <summary>Runs after the task, failed or not.</summary>
    public virtual void Finally(TContext context)
    {
    }

    Task IFrostingTask.RunAsync(ICakeContext context) => RunAsync((TContext)context);

    bool IFrostingTask.ShouldRun(ICakeContext context) => ShouldRun((TContext)context);

    void IFrostingTask.OnError(Exception exception, ICakeContext context) => OnError(exception, (TContext)context);

    void IFrostingTask.Finally(ICakeContext context) => Finally((TContext)context);
}
