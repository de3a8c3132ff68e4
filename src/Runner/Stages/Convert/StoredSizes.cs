using System.Globalization;
using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>
/// The sizes that an experiment's cases are stored at: convert.size, by which they are checked, split and shown, and beside it each size that a
/// model asks for, once however many do. Cases, their order and their truth are the same in all of them.
/// </summary>
internal static class StoredSizes
{
    /// <summary>The unit of convert.size, and the name by which any unit's facts know the cases that it reads: what counts is what they hold.</summary>
    public const string Input = "Convert";

    /// <summary>convert.size first, then what models ask for beside it, ascending.</summary>
    public static IReadOnlyList<int> Of(Plan plan) => [plan.Convert.Size, .. plan.Models.Keys.Select(model => Of(plan, model)).Where(size => size != plan.Convert.Size).Distinct().Order()];

    /// <summary>The size that a model sees; 0 is the original.</summary>
    public static int Of(Plan plan, string model) => plan.Models[model].Size ?? plan.Convert.Size;

    /// <summary>The unit that stores cases at a size.</summary>
    public static string UnitOf(Plan plan, int size) => $"{Input}{Brackets(CellOf(plan, size))}";

    /// <summary>What tells a stage's unit of this size from those of others; nothing for convert.size, so that an experiment of one size knows of none.</summary>
    public static string CellOf(Plan plan, int size) => size == plan.Convert.Size ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"size={size}");

    /// <summary>The cases as a model sees them.</summary>
    public static CaseStore Open(ExperimentSession session, string model) => CaseStore.Open(session.OutputOf(UnitOf(session.Plan, Of(session.Plan, model))).Folder);

    /// <summary>Hashes of cases at a size and of other units. Two experiments that show a network the same cases give it the same key, whichever of them names the size.</summary>
    public static Dictionary<string, string> HashesOf(ExperimentSession session, int size, params IEnumerable<string> others)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal) { [Input] = session.OutputOf(UnitOf(session.Plan, size)).Hash };
        foreach (var (unit, hash) in session.HashesOf(others))
        {
            hashes[unit] = hash;
        }

        return hashes;
    }

    private static string Brackets(string cell) => cell.Length == 0 ? string.Empty : $"[{cell}]";
}
