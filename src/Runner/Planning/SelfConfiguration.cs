using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Writes what an experiment's planner plans, as an experiment beside it.</summary>
public static class SelfConfiguration
{
    /// <summary>The file that is written for an experiment: <c>NAME-PLANNER.yaml</c>.</summary>
    /// <exception cref="ConfigurationException">The experiment names no planner.</exception>
    public static string PathFor(ExperimentSession session)
    {
        var planner = session.Plan.Planner ?? throw new ConfigurationException($"{session.Loaded.Files[^1]}: names no planner. Write 'plan: nnunet-2d'.");
        return Path.Combine(Path.GetDirectoryName(Own(session))!, $"{session.Plan.Name}-{planner.Name}.yaml");
    }

    /// <summary>Plans, and writes the file whole or not at all.</summary>
    /// <param name="session">Its cases are converted.</param>
    /// <param name="anew">Whether a file that is there, and may have been edited, is written over.</param>
    /// <param name="cancellation">Stops reading cases.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ConfigurationException">The file is there; or there is nothing to plan by.</exception>
    public static string Write(ExperimentSession session, bool anew, CancellationToken cancellation)
    {
        var path = PathFor(session);
        if (File.Exists(path) && !anew)
        {
            throw new ConfigurationException($"{session.ForPeople(path)} is there already, and may have been edited. Run it, or add --force to plan anew.");
        }

        var options = OptionsBinder.Bind<PlannerOptions>("plan", session.Plan.Planner!);
        AtomicFile.WriteAllText(path, options.Plan(session, Path.GetFileName(Own(session)), cancellation));
        return path;
    }

    /// <summary>Why an experiment that is still to be planned cannot be trained; null when it can.</summary>
    internal static string? WhyNotTrained(ExperimentSession session) => session.Plan is { Planner: { } planner, Models.Count: 0 }
        ? $"{session.Loaded.MarkOf("plan")}: plan: {planner.Name} is still to be made, and there are no other models. Run --target=Plan --experiment={session.Options.Experiment}, then the experiment that it writes."
        : null;

    private static string Own(ExperimentSession session) => Path.Combine(session.Options.Root, session.Loaded.Files[^1]);
}
