using System.Text;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Tracking;

namespace Osteon.Runner;

/// <summary>Finds what <c>-a</c> and <c>-b</c> name: an experiment, a lock file, a git tag or an MLflow run, in this order.</summary>
/// <param name="root">The repository's root.</param>
/// <param name="trackingFolder">Where mlflow.db lies; null when runs go to a server.</param>
public sealed class SideFinder(string root, string? trackingFolder)
{
    /// <summary>The side of a name.</summary>
    /// <exception cref="ConfigurationException">Nothing goes by the name, or what does cannot be read.</exception>
    public ComparedSide Find(string argument, string name)
    {
        if (name.EndsWith(".json", StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(name, root);
            return File.Exists(path)
                ? ComparedSide.Of($"lock {name}", null, new ExperimentLock(path, path).Entries)
                : throw new ConfigurationException($"-{argument} {name}: there is no such file.");
        }

        if (ExperimentFile.Names(root).Contains(name) || name.EndsWith(".yaml", StringComparison.Ordinal))
        {
            return Experiment(name);
        }

        var git = new Git(root);
        var tags = git.Tags();
        return tags.Contains(name) ? Tagged(git, name)
            : trackingFolder is not null && RunSummary.Find(trackingFolder, name) is { } run ? new ComparedSide($"run {run.Name} ({run.RunId[..8]}, {run.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC)", run.Params, new Dictionary<string, string>(), run.Metrics)
            : throw new ConfigurationException($"-{argument} {name} is no experiment, lock file, tag or run{Nearest.Hint(name, [.. ExperimentFile.Names(root), .. tags])}. Experiments: {string.Join(", ", ExperimentFile.Names(root).DefaultIfEmpty("none"))}; tags: {string.Join(", ", tags.DefaultIfEmpty("none"))}.");
    }

    private ComparedSide Experiment(string name)
    {
        var loaded = ExperimentFile.Load(name, [], root);
        var path = Path.ChangeExtension(Path.Combine(root, loaded.Files[^1]), ".lock.json");
        return ComparedSide.Of($"experiment {name}", PlanSlices.Json(loaded.Plan), new ExperimentLock(path, path).Entries);
    }

    private static ComparedSide Tagged(Git git, string tag)
    {
        var record = TagMessage.Read(git, tag);
        var locked = git.FileAt(tag, Path.ChangeExtension(record.File, ".lock.json")) ?? "{}";
        try
        {
            return ComparedSide.Of($"tag {tag} of experiment {record.Experiment}", record.Plan, ExperimentLock.Parse(Encoding.UTF8.GetBytes(locked)));
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"{tag}: the lock beside its {record.File} is none: {e.Message}", e);
        }
    }
}
