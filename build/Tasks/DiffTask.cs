using Cake.Core;
using Cake.Frosting;
using Osteon.Runner;
using Osteon.Tracking;

namespace Osteon.Build;

/// <summary>Compares two experiments, lock files, tags or runs: settings, plugins and data, metrics.</summary>
[TaskName("Diff")]
[TaskDescription("Compares two experiments, locks, tags or runs")]
public sealed class DiffTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var (a, b) = (context.CommandLine["a"], context.CommandLine["b"]);
        if (a is null || b is null)
        {
            throw new CakeException(2, "Diff needs -a NAME and -b NAME: each an experiment, a lock file, a tag or a run.");
        }

        var finder = new SideFinder(context.Root, TrackingLocation.Resolve(System.Environment.GetEnvironmentVariable(TrackingLocation.Variable), Path.Combine(context.Root, ".osteon", SessionTracking.Embedded)).Folder);
        foreach (var line in Comparison.Lines(finder.Find("a", a), finder.Find("b", b)))
        {
            context.Say(line);
        }
    }
}
