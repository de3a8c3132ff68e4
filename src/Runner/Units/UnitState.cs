using System.Text.Json.Nodes;

namespace Osteon.Runner;

/// <summary>What it takes to bring a unit up to date.</summary>
public enum UnitVerdict
{
    /// <summary>Nothing: the lock names what the cache holds.</summary>
    UpToDate,

    /// <summary>Nothing but a line in the lock: the cache holds it.</summary>
    Restored,

    /// <summary>It must be made.</summary>
    Runs,

    /// <summary>It runs after others, whose outputs a dry run cannot know.</summary>
    Waits,
}

/// <summary>A unit, and how it stands with lock and cache.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Facts">What its key is made of.</param>
/// <param name="Key">SHA-256 of the facts.</param>
/// <param name="Verdict">What is to be done.</param>
/// <param name="Why">In a line.</param>
/// <param name="Before">The lock's entry, or null.</param>
/// <param name="Output">What the cache holds under the key, or null.</param>
public sealed record UnitState(Unit Unit, JsonObject Facts, string Key, UnitVerdict Verdict, string Why, LockEntry? Before, UnitOutput? Output)
{
    /// <summary>Compares a unit with lock and cache; changes nothing.</summary>
    /// <param name="session">The experiment.</param>
    /// <param name="stage">The unit's stage.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="forced">It runs whatever the cache holds.</param>
    public static UnitState Of(ExperimentSession session, Stage stage, Unit unit, bool forced)
    {
        var facts = unit.Facts(stage.Version);
        var key = Unit.KeyOf(facts);
        var before = session.Lock[unit.Id];
        var pending = unit.PendingInputs.ToArray();
        var output = pending.Length > 0 ? null : session.Cache.Find(stage.Name, key);
        return pending.Length > 0 ? State(UnitVerdict.Waits, $"after {string.Join(", ", pending)}")
            : forced ? State(UnitVerdict.Runs, "forced")
            : output is null ? State(UnitVerdict.Runs, WhyItRuns(session, stage, key, facts, before))
            : before?.Key == key && before.Output == output.Hash ? State(UnitVerdict.UpToDate, "up to date")
            : State(UnitVerdict.Restored, $"restored {output.Origin?.ToString() ?? key[..8]}");

        UnitState State(UnitVerdict verdict, string why) => new(unit, facts, key, verdict, why, before, output);
    }

    private static string WhyItRuns(ExperimentSession session, Stage stage, string key, JsonObject facts, LockEntry? before) =>
        Directory.Exists(session.Cache.Partial(stage.Name, key)) ? "resumed"
        : before is null ? "never ran"
        : before.Key == key ? "output missing from the cache"
        : Reason.Of(before.Facts, facts);
}
