using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>The thresholds a member's masks were made at, by class: what an average of probabilities is judged by.</summary>
internal static class MemberThresholds
{
    private const string FileName = "member-thresholds.json";

    /// <summary>Writes them into a unit's folder.</summary>
    public static void Save(string folder, IReadOnlyList<double> thresholds) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(thresholds));

    /// <summary>Reads them.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static IReadOnlyList<double> Load(string folder) => UnitJson.Read<double[]>(Path.Combine(folder, FileName), JsonSerializerOptions.Default);
}
