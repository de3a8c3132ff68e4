using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>An experiment that another one builds on: one of its own, with its own file, lock and folder of results.</summary>
public static class OtherExperiment
{
    /// <summary>What a stage needs of another experiment, and as far as which of its stages; null where it needs none.</summary>
    public static (string Name, string Last)? NeededBy(Plan plan, string stage) => stage switch
    {
        "Split" when plan.Split.Like is { } like => (like, "Split"),
        "Input" when plan.Input is { } input => (input.Experiment, "Train"),
        _ => null,
    };

    /// <summary>Brings it up to date, as far as it is not.</summary>
    /// <param name="session">The one that builds on it.</param>
    /// <param name="stage">That one's stage which is about to run; nothing is done where it needs no other experiment.</param>
    /// <param name="executor">Makes an executor for it.</param>
    /// <param name="dryRun">Tells what would run, and starts nothing.</param>
    /// <param name="cancellation">Stops as a run of the experiment itself would.</param>
    public static async Task BringUpToDateAsync(ExperimentSession session, string stage, Func<ExperimentSession, IUnitExecutor> executor, bool dryRun, CancellationToken cancellation)
    {
        if (session.Options.OnlyUnit is not null || NeededBy(session.Plan, stage) is not var (name, last))
        {
            return;
        }

        var other = session.Other(name);
        session.Console.Info($"{session.Plan.Name} builds on {other.Plan.Name}:");
        var runner = new StageRunner(other, executor(other)) { DryRun = dryRun, IsTerse = true };
        foreach (var needed in Stages.All.Take(Stages.IndexOf(last) + 1))
        {
            await runner.RunAsync(needed, cancellation);
        }

        session.Console.Info(runner.Summary);
    }

    /// <summary>Its command line, of which overrides and what is forced are the first one's alone.</summary>
    internal static SessionOptions Options(SessionOptions options, string name) => new()
    {
        Root = options.Root,
        Experiment = name,
        KeepGoing = options.KeepGoing,
        Jobs = options.Jobs,
        Device = options.Device,
        WeightStore = options.WeightStore,
    };

    /// <summary>Why split.like cannot be followed, as far as the two files tell; nothing where it can, or is not given.</summary>
    internal static IReadOnlyList<string> Faults(LoadedPlan loaded, string root)
    {
        if (loaded.Plan.Split.Like is not { } name)
        {
            return [];
        }

        var place = $"{loaded.MarkOf("split.like")}: split.like";
        try
        {
            var theirs = ExperimentFile.Load(name, [], root).Plan;
            return theirs.Split.Like is not null ? [$"{place} is '{name}', whose own split is like another's. Name that one."]
                : theirs.Split.Folds != loaded.Plan.Split.Folds ? [$"{place} is '{name}', which has {theirs.Split.Folds} folds; split.folds is {loaded.Plan.Split.Folds}. Give both as many."]
                : [];
        }
        catch (ConfigurationException e)
        {
            return [.. e.Faults.Select(f => $"{place}: {f}")];
        }
    }
}
