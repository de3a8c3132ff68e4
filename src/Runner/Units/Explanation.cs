namespace Osteon.Runner;

/// <summary>Says of every unit whether it would run, and which facts make it; starts nothing and changes nothing.</summary>
public static class Explanation
{
    private const string Indent = "    ";

    /// <summary>How each unit stands, in the order of the stages.</summary>
    /// <param name="session">The experiment; units that would run are published as <see cref="Unit.Pending"/>.</param>
    /// <param name="last">The last stage to look at.</param>
    public static IEnumerable<UnitState> Of(ExperimentSession session, string last)
    {
        foreach (var stage in Stages.All.Take(Stages.IndexOf(last) + 1))
        {
            if (OtherExperiment.NeededBy(session.Plan, stage.Name) is var (name, needed))
            {
                _ = Of(session.Other(name), needed).Count();        // what it would make is known to those that need it
            }

            foreach (var unit in stage.Units(session))
            {
                var state = UnitState.Of(session, stage, unit, forced: false);
                session.Publish(unit.Id, state.Output is { } output
                    ? new UnitResult(output.Hash, session.Cache.Folder(stage.Name, state.Key), output.Metrics)
                    : new UnitResult(Unit.Pending, string.Empty, new Dictionary<string, double>()));
                yield return state;
            }
        }
    }

    /// <summary>A line for the unit, and one for each fact that makes it run.</summary>
    public static IEnumerable<string> Lines(ExperimentSession session, UnitState state)
    {
        var changed = state is { Verdict: UnitVerdict.Runs, Before: { } before } && before.Key != state.Key ? Reason.Differences(before.Facts, state.Facts).ToArray() : [];
        yield return $"{session.NameOf(state.Unit)}: " + (state.Verdict, changed.Length) switch
        {
            (UnitVerdict.UpToDate, _) => $"up to date{(state.Output?.Origin is { } origin ? $" ({origin})" : string.Empty)}",
            (UnitVerdict.Restored, _) => $"would be {state.Why}",
            (UnitVerdict.Waits, _) => $"would run unless the same bytes come out of {string.Join(", ", state.Unit.PendingInputs)}",
            (_, > 0) => $"would run: {changed.Length} {(changed.Length == 1 ? "fact is" : "facts are")} not what {session.ForPeople(session.Lock.Path)} has",
            _ when state.Before is null => $"would run: {session.ForPeople(session.Lock.Path)} has no entry of it, and the cache no result under {state.Key[..8]}",
            _ => $"would run: {state.Why}",
        };
        foreach (var difference in changed)
        {
            yield return $"{Indent}{difference}{Where(session, state.Unit, difference.Path)}";
        }

        if (state is { Verdict: UnitVerdict.Runs, Before: null })
        {
            foreach (var (path, value) in Configuration.Flatten.Of(state.Facts))
            {
                yield return $"{Indent}{path} {(value.Length == 64 && value.All(char.IsAsciiHexDigit) ? value[..8] : value)}{(path.StartsWith("config.", StringComparison.Ordinal) ? Where(session, state.Unit, path) : string.Empty)}";
            }
        }
    }

    /// <summary>Where the plan has the value of a fact.</summary>
    private static string Where(ExperimentSession session, Unit unit, string path)
    {
        var loaded = session.Loaded;
        if (path == "version")
        {
            return "  (this program makes the stage in another way)";
        }

        if (path.StartsWith("plugins.", StringComparison.Ordinal))
        {
            return "  (the plugin's files are others)";
        }

        if (!path.StartsWith("config.", StringComparison.Ordinal))
        {
            return string.Empty;
        }

        var key = path["config.".Length..];
        var model = Member.Of(session.Plan).FirstOrDefault(m => m.Cell == unit.Cell)?.Model;
        if (unit.Stage == StoredSizes.Input && unit.Cell.Length > 0 && key == "size" && session.Plan.Models.Keys.FirstOrDefault(m => StoredSizes.UnitOf(session.Plan, StoredSizes.Of(session.Plan, m)) == unit.Id) is { } asking)
        {
            key = $"models.{asking}.size";
        }

        string[] places = [key, $"data.{key}", $"convert.{key}", $"train.{key}", .. model is null ? Array.Empty<string>() : [$"models.{model}.{After(key, "model.")}"]];
        return key == "device" ? "  (--device)"
            : places.Select(loaded.OriginOf).FirstOrDefault(origin => origin != "default") is { } origin ? $"  {origin}"
            : string.Empty;
    }

    private static string After(string key, string head) => key.StartsWith(head, StringComparison.Ordinal) ? key[head.Length..] : key;
}
