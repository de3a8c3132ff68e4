using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Datasets;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>Reads the labels of images from a CSV.</summary>
/// <param name="options">The file and its columns.</param>
/// <param name="nameOf">What a value's class is called.</param>
internal sealed class LabelTable(CsvLabels options, Func<string, string> nameOf)
{
    private const int Told = 20;

    /// <summary>The labels of a store's cases; rows of other images are passed over.</summary>
    /// <param name="store">The cases.</param>
    /// <param name="file">The CSV.</param>
    /// <exception cref="ConfigurationException">All faults of the table.</exception>
    /// <exception cref="DataException">It cannot be read.</exception>
    public CaseLabels Read(CaseStore store, string file)
    {
        var rows = Csv.Read(file, options.File);
        string[] header = [.. rows.Count == 0 ? [] : rows[0].Select(h => h.Trim())];
        var (id, label) = (Column(header, options.Id), Column(header, options.Label));
        string[] missing = [.. new[] { ("id", options.Id, id), ("label", options.Label, label) }.Where(c => c.Item3 < 0)
            .Select(c => $"labels.csv.{c.Item1} is '{c.Item2}', but {options.File} has no such column{Nearest.Hint(c.Item2, header)}. Columns: {string.Join(", ", header)}.")];
        if (missing.Length > 0)
        {
            throw new ConfigurationException(missing);
        }

        var names = NamesOf(store);
        var found = new Dictionary<string, (string Value, int Line)>(StringComparer.Ordinal);
        var faults = new List<string>();
        for (var i = 1; i < rows.Count; i++)
        {
            var (name, value) = (Cell(rows[i], id), Cell(rows[i], label));
            if (!names.TryGetValue(name, out var stored))
            {
                continue;
            }

            if (stored is null)
            {
                faults.Add($"{options.File}:{i + 1}: '{name}' names several cases; write their ids or paths.");
            }
            else if (!found.TryAdd(stored.Id, (value, i + 1)) && found[stored.Id].Value != value)
            {
                faults.Add($"{options.File}:{i + 1}: case '{stored.Id}' is '{value}' here and '{found[stored.Id].Value}' in line {found[stored.Id].Line}. Keep one.");
            }
        }

        if (found.Count == 0 && faults.Count == 0)
        {
            faults.Add($"labels.csv: no row of {options.File} names one of the {store.Cases.Count} cases in its column '{options.Id}', which holds {string.Join(", ", rows.Skip(1).Select(r => Cell(r, id)).Where(n => n.Length > 0).Take(3).Select(n => $"'{n}'").DefaultIfEmpty("nothing"))}, while cases are called {string.Join(", ", store.Cases.Take(3).Select(c => $"'{c.Id}'"))}.");
        }

        return faults.Count == 0
            ? new ClassesOfImages("labels.csv", options.Classes, nameOf).Of(store, c => found.TryGetValue(c.Id, out var row) ? row.Value : null, $"{options.File} has no label for it")
            : throw new ConfigurationException([.. faults.Take(Told), .. faults.Count > Told ? [$"{options.File}: and {faults.Count - Told} faults more."] : Array.Empty<string>()]);
    }

    private static string Cell(string[] row, int column) => column < row.Length ? row[column].Trim() : string.Empty;

    private static int Column(string[] header, string name) => Array.IndexOf(header, name);

    /// <summary>What a row may call a case by; null where several are called so.</summary>
    private static Dictionary<string, StoredCase?> NamesOf(CaseStore store)
    {
        var names = new Dictionary<string, StoredCase?>(StringComparer.Ordinal);
        foreach (var c in store.Cases)
        {
            foreach (var name in new[] { c.Source.ImagePath, c.Source.ImageName, Path.GetFileNameWithoutExtension(c.Source.ImageName) }.Distinct(StringComparer.Ordinal))
            {
                names[name] = names.TryGetValue(name, out var other) && other != c ? null : c;
            }
        }

        foreach (var c in store.Cases)
        {
            names[c.Id] = c;                                        // an id is unique, whatever files are called
        }

        return names;
    }
}
