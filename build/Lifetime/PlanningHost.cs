using Cake.Cli;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;

namespace Osteon.Build;

/// <summary>--dryrun that tells which units would run, and why: tasks run, see <see cref="ExperimentContext.DryRun"/>, and start nothing.</summary>
/// <remarks>Cake's own only lists the tasks.</remarks>
public sealed class PlanningHost(ICakeEngine engine, IFrostingContext context, ICakeLog log, IExecutionStrategy strategy)
    : DryRunScriptHost<IFrostingContext>(engine, context, log)
{
    /// <inheritdoc />
    public override Task<CakeReport> RunTargetsAsync(IEnumerable<string> targets)
    {
        ((ExperimentContext)Context).DryRun = true;
        Settings.SetTargets(targets);
        return Engine.RunTargetAsync(Context, strategy, Settings);
    }
}
