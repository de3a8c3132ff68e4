using System.Globalization;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>The masks of an Input unit, case by case.</summary>
internal sealed class InputMasks
{
    private readonly Dictionary<string, IReadOnlyList<Mask>> _masks;

    private InputMasks(IReadOnlyList<string> planes, Dictionary<string, IReadOnlyList<Mask>> masks) => (Planes, _masks) = (planes, masks);

    /// <summary>Names of the masks of a case: every threshold of the first class, then of the next.</summary>
    public IReadOnlyList<string> Planes { get; }

    /// <summary>A case's masks, at its original size.</summary>
    /// <exception cref="DataException">It has none.</exception>
    public IReadOnlyList<Mask> this[string id] => _masks.GetValueOrDefault(id) ?? throw new DataException(InputStage.Holders, $"case '{id}' has no masks. Run Input again.");

    /// <summary>Reads the masks of all cases.</summary>
    /// <exception cref="DataException">A file is missing or damaged.</exception>
    public static InputMasks Load(ExperimentSession session, CaseStore store)
    {
        var folder = session.OutputOf("Input").Folder;
        var planes = PlanesOf(session);
        var masks = new Dictionary<string, IReadOnlyList<Mask>>(StringComparer.Ordinal);
        foreach (var group in HoldersOf(folder).GroupBy(h => h.Fold))
        {
            foreach (var (stored, own) in SubmissionMasks.Read(Path.Combine(folder, FileOf(group.Key)), group.Select(h => store[h.Id]), planes))
            {
                masks[stored.Id] = own;
            }
        }

        return new InputMasks(planes, masks);
    }

    /// <summary>Who predicted each case.</summary>
    public static IEnumerable<(string Id, int? Fold)> HoldersOf(string folder) =>
        Annotations.Csv.Read(Path.Combine(folder, InputStage.Holders), InputStage.Holders).Skip(1).Where(row => row is not [""])
            .Select(row => (row[0], row[1].Length == 0 ? (int?)null : int.Parse(row[1], NumberStyles.None, CultureInfo.InvariantCulture)));

    /// <summary>The segmentation's classes that are taken.</summary>
    public static IReadOnlyList<string> ClassesOf(ExperimentSession session) => session.Plan.Input is { Classes.Count: > 0 } input ? input.Classes : session.Segmentation!.MaskClasses;

    /// <summary>Names of the masks that a plan asks for.</summary>
    public static IReadOnlyList<string> PlanesOf(ExperimentSession session) =>
        [.. from name in ClassesOf(session) from threshold in session.Plan.Input!.Thresholds select NameOf(name, threshold)];

    /// <summary>A mask's name.</summary>
    public static string NameOf(string @class, double threshold) => string.Create(CultureInfo.InvariantCulture, $"{@class}@{threshold}");

    /// <summary>The masks by one fold's networks, or by those of all.</summary>
    public static string FileOf(int? fold) => string.Create(CultureInfo.InvariantCulture, $"input-{(object?)fold ?? "all"}.csv");
}
