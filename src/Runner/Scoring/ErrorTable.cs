using System.Globalization;
using System.Text;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Reporting;

namespace Osteon.Runner;

/// <summary>Wrong pixels of the ensemble's prediction by case, class, kind and distance from a border: errors.csv beside the report.</summary>
/// <remarks>What is counted how: <see cref="ErrorAnalysis"/>. A class called background is no class: what is taken for it was not found.</remarks>
/// <param name="Classes">Channel order, without the background.</param>
/// <param name="Cases">In the order they were measured; counts in the order of the classes.</param>
public sealed record ErrorTable(IReadOnlyList<string> Classes, IReadOnlyList<(string Case, IReadOnlyList<ErrorCounts> Counts)> Cases)
{
    /// <summary>In a run folder.</summary>
    public const string FileName = "errors.csv";

    private const string Background = "background";

    /// <summary>Measures case by case.</summary>
    /// <param name="classes">Channel order.</param>
    /// <param name="cases">Id, prediction and truth of each case, a mask a class.</param>
    /// <param name="mode">In multiclass mode nothing is wrong where the truth has no class, not even the background.</param>
    public static ErrorTable Of(IReadOnlyList<string> classes, IEnumerable<(string Case, IReadOnlyList<Mask> Prediction, IReadOnlyList<Mask> Truth)> cases, LabelMode mode)
    {
        var counted = Counted(classes);
        return new ErrorTable([.. counted.Select(k => classes[k])], [.. cases.Select(c =>
        {
            var judged = mode.Judged(c.Truth);
            return (c.Case, ErrorAnalysis.Of([.. counted.Select(k => c.Truth[k])], [.. counted.Select(k => judged.Of(c.Prediction[k]))]));
        })]);
    }

    /// <summary>Channels that are counted.</summary>
    public static IReadOnlyList<int> Counted(IReadOnlyList<string> classes) =>
        [.. Enumerable.Range(0, classes.Count).Where(k => !classes[k].Equals(Background, StringComparison.OrdinalIgnoreCase))];

    /// <summary>Of each class, over all cases; nothing without a case.</summary>
    public IReadOnlyList<ClassErrors> ByClass =>
        Cases.Count == 0 ? [] : [.. Classes.Select((name, k) => new ClassErrors(name, ErrorCounts.Sum(Cases.Select(c => c.Counts[k]))))];

    /// <summary>Of each class, in one case.</summary>
    public IReadOnlyList<ClassErrors> ByClassOf(string id) => [.. Cases.First(c => c.Case == id).Counts.Zip(Classes, (counts, name) => new ClassErrors(name, counts))];

    /// <summary>Writes errors.csv: case, class, kind, band, pixels; a row for each, 0 among them.</summary>
    public void Save(string folder)
    {
        var text = new StringBuilder("case,class,kind,band,pixels\n");
        foreach (var (id, counts) in Cases)
        {
            for (var k = 0; k < Classes.Count; k++)
            {
                foreach (var (kind, band) in from kind in ErrorCounts.Kinds from band in Enumerable.Range(0, ErrorCounts.Bands) select (kind, band))
                {
                    text.Append(CultureInfo.InvariantCulture, $"{Quoted(id)},{Quoted(Classes[k])},{NameOf(kind)},{NameOf(band)},{counts[k][kind, band]}\n");
                }
            }
        }

        AtomicFile.WriteAllText(Path.Combine(folder, FileName), text.ToString());
    }

    private static string NameOf(ErrorKind kind) => kind switch
    {
        ErrorKind.WrongLabel => "wrong_label",
        ErrorKind.UnderSegmentation => "under_segmentation",
        _ => "over_segmentation",
    };

    // A distance of exactly the upper limit is within a band.
    private static string NameOf(int band) => FormattableString.Invariant(
        band == 0 ? $"<={ErrorCounts.Limits[0]}" : band < ErrorCounts.Limits.Count ? $"{ErrorCounts.Limits[band - 1]}-{ErrorCounts.Limits[band]}" : (FormattableString)$">{ErrorCounts.Limits[^1]}");

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
