using Cake.Core;

namespace Cake.Frosting;

/// <summary>What runs before the first task.</summary>
public interface IFrostingSetup
{
    /// <summary>Runs before the first task.</summary>
    void Setup(ICakeContext context, ISetupContext info);
}

/// <summary>What runs after the last task, failed or not.</summary>
public interface IFrostingTeardown
{
    /// <summary>Runs after the last task.</summary>
    void Teardown(ICakeContext context, ITeardownContext info);
}

/// <summary>Both ends of a run.</summary>
public interface IFrostingLifetime : IFrostingSetup, IFrostingTeardown;

/// <summary>Both ends of a run, without a context type of its own.</summary>
public abstract class FrostingLifetime : FrostingLifetime<ICakeContext>;

/// <summary>Both ends of a run.</summary>
/// <typeparam name="TContext">The host's context.</typeparam>
public abstract class FrostingLifetime<TContext> : IFrostingLifetime
    where TContext : ICakeContext
{
    /// <summary>Runs before the first task; no task runs when it throws.</summary>
    public abstract void Setup(TContext context, ISetupContext info);

    /// <summary>Runs after the last task, failed or not.</summary>
    public abstract void Teardown(TContext context, ITeardownContext info);

    void IFrostingSetup.Setup(ICakeContext context, ISetupContext info) => Setup((TContext)context, info);

    void IFrostingTeardown.Teardown(ICakeContext context, ITeardownContext info) => Teardown((TContext)context, info);
}
