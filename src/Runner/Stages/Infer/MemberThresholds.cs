using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Inference;

namespace Osteon.Runner;

/// <summary>The thresholds a member's masks were made at, by class: what an average of probabilities is judged by.</summary>
internal static class MemberThresholds
{
    private const string FileName = "member-thresholds.json";

    /// <summary>A class's own threshold where the plan says one, else the tuned one, else the plan's for all.</summary>
    /// <param name="plan">Says them.</param>
    /// <param name="classes">Channel order.</param>
    /// <param name="tuned">By class, or null.</param>
    public static IReadOnlyList<double> Of(InferPlan plan, IReadOnlyList<string> classes, IReadOnlyList<TunedThreshold>? tuned) =>
        [.. classes.Select((name, k) => plan.Thresholds.TryGetValue(name, out var own) ? own : tuned?[k].Threshold ?? plan.Threshold)];

    /// <summary>Writes them into a unit's folder.</summary>
    public static void Save(string folder, IReadOnlyList<double> thresholds) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(thresholds));

    /// <summary>Reads them.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static IReadOnlyList<double> Load(string folder) => UnitJson.Read<double[]>(Path.Combine(folder, FileName), JsonSerializerOptions.Default);
}
