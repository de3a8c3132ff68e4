using Cake.Core;

namespace Cake.Frosting;

/// <summary>What runs before each task.</summary>
public interface IFrostingTaskSetup
{
    /// <summary>Runs before a task.</summary>
    void Setup(ICakeContext context, ITaskSetupContext info);
}

/// <summary>What runs after each task, failed or not.</summary>
public interface IFrostingTaskTeardown
{
    /// <summary>Runs after a task.</summary>
    void Teardown(ICakeContext context, ITaskTeardownContext info);
}

/// <summary>Both ends of a task.</summary>
public interface IFrostingTaskLifetime : IFrostingTaskSetup, IFrostingTaskTeardown;

/// <summary>Both ends of a task, without a context type of its own.</summary>
public abstract class FrostingTaskLifetime : FrostingTaskLifetime<ICakeContext>;

/// <summary>Both ends of a task.</summary>
/// <typeparam name="TContext">The host's context.</typeparam>
public abstract class FrostingTaskLifetime<TContext> : IFrostingTaskLifetime
    where TContext : ICakeContext
{
    /// <summary>Runs before a task.</summary>
    public abstract void Setup(TContext context, ITaskSetupContext info);

    /// <summary>Runs after a task, failed or not.</summary>
    public abstract void Teardown(TContext context, ITaskTeardownContext info);

    void IFrostingTaskSetup.Setup(ICakeContext context, ITaskSetupContext info) => Setup((TContext)context, info);

    void IFrostingTaskTeardown.Teardown(ICakeContext context, ITaskTeardownContext info) => Teardown((TContext)context, info);
}
