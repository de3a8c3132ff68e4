using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Pins an experiment's result in an annotated git tag.</summary>
public static class Tagging
{
    /// <summary>The last stage whose output is a result; a report shows commit and date, so no two are alike.</summary>
    public const string Last = "Ensemble";

    /// <summary>What the tag would say; nothing is written.</summary>
    /// <param name="session">The experiment, as its file has it.</param>
    /// <param name="name">The tag's name.</param>
    /// <param name="tolerance">How far a metric may be off on another platform.</param>
    /// <exception cref="ConfigurationException">The name is taken, the tree is dirty, or results are not up to date with the lock.</exception>
    public static TagRecord Prepare(ExperimentSession session, string name, double tolerance)
    {
        var git = new Git(session.Options.Root);
        if (session.Options.Set.Count > 0)
        {
            throw new ConfigurationException("A tag pins files: write what --set changes into the experiment, run it, and commit.");
        }

        var changed = git.Changed();
        if (changed.Count > 0)
        {
            throw new ConfigurationException([.. changed.Take(20).Select(file => $"{file}: differs from the commit, or is not in it."), $"A tag pins a commit, and {changed.Count} {(changed.Count == 1 ? "file is" : "files are")} not as committed. Commit or remove them, the lock among them."]);
        }

        if (git.TryAsk("check-ref-format", $"refs/tags/{name}") is null || name.StartsWith('-'))
        {
            throw new ConfigurationException($"--name={name}: is no name for a git tag, as in lb/2026-final.");
        }

        if (git.Tags().Contains(name))
        {
            throw new ConfigurationException($"--name={name}: there is a tag of that name. Choose another, or remove it: git tag -d {name}.");
        }

        var states = Explanation.Of(session, Last).ToArray();
        var stale = states.Where(s => s.Verdict != UnitVerdict.UpToDate).ToArray();
        if (stale.Length > 0)
        {
            throw new ConfigurationException([.. stale.Take(20).Select(s => Explanation.Lines(session, s).First()), $"{stale.Length} of {states.Length} units are not up to date with {session.ForPeople(session.Lock.Path)}. Run --target=Ensemble --experiment={session.Options.Experiment}, commit the lock, then tag."]);
        }

        var units = states.ToDictionary(s => s.Unit.Id, s => session.Lock[s.Unit.Id]!, StringComparer.Ordinal);
        var plan = PlanSlices.Json(session.Plan);
        var inputs = ComparedSide.InputsOf(units);
        var plugins = units.Values.SelectMany(u => u.Facts["plugins"]!.AsObject()).Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        return new TagRecord
        {
            Experiment = session.Plan.Name,
            File = session.Loaded.Files[^1],
            Config = PlanSlices.Digest(session.Plan),
            Plan = plan,
            Data = inputs.Where(i => !plugins.Contains(i.Key)).ToDictionary(i => i.Key, i => i.Value, StringComparer.Ordinal),
            Plugins = inputs.Where(i => plugins.Contains(i.Key)).ToDictionary(i => i.Key, i => i.Value, StringComparer.Ordinal),
            Units = units.ToDictionary(u => u.Key, u => new TaggedUnit(u.Value.Key, u.Value.Output, u.Value.Metrics), StringComparer.Ordinal),
            Result = ResultRecord.Of(session),
            Platform = Platform.Current(session.Device.Kind),
            Tolerance = tolerance,
        };
    }

    /// <summary>Writes the tag on the commit that is checked out.</summary>
    public static void Write(string root, string name, TagRecord record) =>
        new Git(root).Tell(TagMessage.Write(record), "tag", "--annotate", "--cleanup=verbatim", "--file=-", name);
}
