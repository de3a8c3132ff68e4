using Cake.Core;

namespace Cake.Frosting;

/// <summary>A task without a context type of its own.</summary>
public abstract class FrostingTask : FrostingTask<ICakeContext>;

/// <summary>A synchronous task.</summary>
/// <typeparam name="TContext">The context it needs; under a host with another one the task is left out.</typeparam>
public abstract class FrostingTask<TContext> : IFrostingTask
    where TContext : ICakeContext
{
    /// <inheritdoc />
    public virtual string SkippedMessage => string.Empty;

    /// <summary>Does the work. A task that does not override it groups its dependencies.</summary>
    public virtual void Run(TContext context)
    {
    }

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

    Task IFrostingTask.RunAsync(ICakeContext context)
    {
        Run((TContext)context);
        return Task.CompletedTask;
    }

    bool IFrostingTask.ShouldRun(ICakeContext context) => ShouldRun((TContext)context);

    void IFrostingTask.OnError(Exception exception, ICakeContext context) => OnError(exception, (TContext)context);

    void IFrostingTask.Finally(ICakeContext context) => Finally((TContext)context);
}
