using System.Globalization;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Makes classes of the values that images have.</summary>
/// <param name="path">The key that faults name.</param>
/// <param name="given">Values in their order; empty: those that are found.</param>
/// <param name="nameOf">What a value's class is called.</param>
internal sealed class ClassesOfImages(string path, IReadOnlyList<string> given, Func<string, string> nameOf)
{
    /// <summary>As many as a word has bits.</summary>
    public const int Most = LabelMap.MaxClasses;

    /// <summary>The labels of a store's cases.</summary>
    /// <param name="store">The cases.</param>
    /// <param name="valueOf">A case's value; null or empty where it has none.</param>
    /// <param name="none">Why it has none, for people.</param>
    /// <exception cref="ConfigurationException">Values that are no class, or too many of them.</exception>
    public CaseLabels Of(CaseStore store, Func<StoredCase, string?> valueOf, string none)
    {
        var values = store.Cases.Select(c => (Case: c, Value: valueOf(c)?.Trim() ?? string.Empty)).Where(c => c.Value.Length > 0).ToArray();
        var classes = given.Count > 0 ? given : Sorted(values.Select(v => v.Value));
        if (classes.Count > Most)
        {
            throw new ConfigurationException($"{path}: images have {classes.Count} different values, as {string.Join(", ", classes.Take(4))}; at most {Most} classes can be told apart. Is this the right column?");
        }

        var places = classes.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        string[] faults = [.. values.Where(v => !places.ContainsKey(v.Value)).GroupBy(v => v.Value, StringComparer.Ordinal)
            .Select(g => $"{path}: '{g.Key}' is none of classes ({string.Join(", ", classes)}){Nearest.Hint(g.Key, classes)}; {g.Count()} case(s) have it: {string.Join(", ", g.Take(5).Select(v => v.Case.Id))}{(g.Count() > 5 ? ", …" : "")}.")];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }

        var labels = values.ToDictionary(v => v.Case.Id, v => places[v.Value], StringComparer.Ordinal);
        return new CaseLabels([.. classes.Select(nameOf)], labels) { Unlabelled = Missing(store, labels, none) };
    }

    /// <summary>Cases that are to learn from and have no label.</summary>
    public static Dictionary<string, string> Missing(CaseStore store, Dictionary<string, int> labels, string none) =>
        store.Cases.Where(c => c.Source.Subset == Subset.Train && !labels.ContainsKey(c.Id)).ToDictionary(c => c.Id, _ => none, StringComparer.Ordinal);

    /// <summary>Different values, numbers by size, others by letter.</summary>
    public static IReadOnlyList<string> Sorted(IEnumerable<string> values)
    {
        string[] different = [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return different.All(v => Number(v) is not null) ? [.. different.OrderBy(Number)] : different;
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
