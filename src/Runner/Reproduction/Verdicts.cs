using System.Globalization;

namespace Osteon.Runner;

/// <summary>How a unit came out the second time.</summary>
public enum Likeness
{
    /// <summary>The same bytes.</summary>
    BitEqual,

    /// <summary>Other bytes on another platform, and every metric within the tag's tolerance.</summary>
    WithinTolerance,

    /// <summary>Not the tag's result.</summary>
    Different,
}

/// <summary>A unit of a tag beside the same unit made again.</summary>
/// <param name="Unit">Its id.</param>
/// <param name="Likeness">The verdict.</param>
/// <param name="Detail">What differs; empty when nothing does.</param>
public sealed record UnitLikeness(string Unit, Likeness Likeness, string Detail);

/// <summary>Judges a reproduction.</summary>
public static class Verdicts
{
    // Which epoch was best, and counts, say nothing about how near a result is.
    private static readonly HashSet<string> Scores = new(StringComparer.Ordinal) { "dice", "iou", "val_dice", "pixel_accuracy", "roc_auc", "accuracy", "balanced_accuracy", "f1", "val_roc_auc" };

    /// <summary>A verdict a unit, in the tag's order.</summary>
    /// <param name="tag">What was promised.</param>
    /// <param name="now">The lock after the second run.</param>
    /// <param name="samePlatform">Bits are promised on the tag's platform, scores elsewhere.</param>
    public static IReadOnlyList<UnitLikeness> Of(TagRecord tag, IReadOnlyDictionary<string, LockEntry> now, bool samePlatform) =>
        [.. tag.Units.OrderBy(u => Stages.IndexOf(u.Key.Split('[')[0])).ThenBy(u => u.Key, StringComparer.Ordinal).Select(unit => Of(unit.Key, unit.Value, now.GetValueOrDefault(unit.Key), tag.Tolerance, samePlatform))];

    /// <summary>The worst of all.</summary>
    public static Likeness Worst(IReadOnlyList<UnitLikeness> units) => units.Max(u => u.Likeness);

    /// <summary>For people and records: bit-equal, within tolerance, different.</summary>
    public static string Text(Likeness likeness) => likeness switch
    {
        Likeness.BitEqual => "bit-equal",
        Likeness.WithinTolerance => "within tolerance",
        _ => "different",
    };

    private static UnitLikeness Of(string id, TaggedUnit then, LockEntry? now, double tolerance, bool samePlatform)
    {
        if (now is null)
        {
            return new UnitLikeness(id, Likeness.Different, "was not made");
        }

        if (then.Output == now.Output)
        {
            return new UnitLikeness(id, Likeness.BitEqual, string.Empty);
        }

        var scores = then.Metrics.Where(m => Scores.Contains(m.Key)).Select(m => (m.Key, Then: m.Value, Now: now.Metrics.GetValueOrDefault(m.Key, double.NaN))).ToArray();
        var told = scores.Length == 0 ? $"output {then.Output[..8]} → {now.Output[..8]}" : string.Join(", ", scores.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} {s.Then:F4} → {s.Now:F4}")));
        var near = scores.All(s => (double.IsNaN(s.Then) && double.IsNaN(s.Now)) || Math.Abs(s.Now - s.Then) <= tolerance);
        return new UnitLikeness(id, !samePlatform && near ? Likeness.WithinTolerance : Likeness.Different, told);
    }
}
