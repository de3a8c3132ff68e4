using System.Globalization;
using System.Text;
using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>
/// Takes a split that someone else made. Cases are named by id, by the image's file name with or without its ending, or by its path; what
/// names none, or several, is a fault, and all faults are told at once. A volume's name means all of its slices.
/// </summary>
public sealed class SplitImport
{
    private const int MaxBytes = 64 << 20, FaultsTold = 20;
    private static readonly string[] CaseColumns = ["case", "case_id", "id", "image_id", "image", "image_name", "filename", "file_name", "file", "name", "img"];
    private static readonly string[] PartColumns = ["split", "subset", "part", "set", "phase"];

    private readonly Dictionary<string, StoredCase?> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredCase[]> _byVolume;
    private readonly IReadOnlyList<StoredCase> _cases;
    private readonly List<string> _faults = [];
    private int _faultCount;

    private SplitImport(IReadOnlyList<StoredCase> cases)
    {
        _cases = cases;
        foreach (var c in cases)
        {
            foreach (var name in new[] { c.Id, c.Source.ImagePath, c.Source.ImageName, Path.GetFileNameWithoutExtension(c.Source.ImageName) }.Distinct())
            {
                _byName[name] = _byName.TryGetValue(name, out var other) && other != c ? null : c;
            }
        }

        foreach (var c in cases)
        {
            _byName[c.Id] = c;                                        // an id is unique, whatever files are called
        }

        _byVolume = cases.Where(c => c.Source.Metadata.ContainsKey("volume")).GroupBy(c => c.Source.Metadata["volume"], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Reads one file: split.json, splits_final.json or a CSV.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cases">The data set's.</param>
    /// <param name="group">What must not part; it is proved.</param>
    /// <exception cref="ConfigurationException">All faults of the file.</exception>
    public static Split Read(string path, IReadOnlyList<StoredCase> cases, string group)
    {
        var import = new SplitImport(cases);
        var bytes = ReadBytes(path);
        var split = FirstLetter(bytes) switch
        {
            (byte)'{' => import.OfSplit(Split.Parse(path, bytes), path),
            (byte)'[' => import.OfNnUnet(path, bytes),
            _ => import.OfTable(path, Lines(bytes)),
        };
        return import.Finish(split, path, group);
    }

    /// <summary>Reads a list of cases a part.</summary>
    /// <param name="files">Paths by part: train, validation (or val, valid), test.</param>
    /// <param name="cases">The data set's.</param>
    /// <param name="group">What must not part; it is proved.</param>
    /// <exception cref="ConfigurationException">All faults of the files.</exception>
    public static Split Read(IReadOnlyDictionary<string, string> files, IReadOnlyList<StoredCase> cases, string group)
    {
        var import = new SplitImport(cases);
        var parts = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal) { ["train"] = Ids(), ["validation"] = Ids(), ["test"] = Ids() };
        foreach (var (name, path) in files)
        {
            if (PartOf(name) is not { } part)
            {
                import.Fault($"split.files has '{name}'; expected train, validation and test.");
                continue;
            }

            var lines = Lines(ReadBytes(path));
            var header = lines.Count > 0 ? Fields(lines[0]) : [];
            var column = header.FindIndex(h => CaseColumns.Contains(h.ToLowerInvariant()));
            for (var row = column < 0 ? 0 : 1; row < lines.Count; row++)
            {
                var fields = Fields(lines[row]);
                import.Add(parts[part], fields.ElementAtOrDefault(Math.Max(column, 0)) ?? string.Empty, $"{path}:{row + 1}");
            }
        }

        return import.Finish(new Split(Ordered(parts["test"]), [new Fold(Ordered(parts["train"]), Ordered(parts["validation"]))]), string.Join(", ", files.Values), group);
    }

    /// <summary>Takes what the data set's own facts say.</summary>
    /// <param name="column">Of the metadata; it says train, validation (or val, valid) or test of each labelled case.</param>
    /// <param name="cases">The data set's.</param>
    /// <param name="group">What must not part; it is proved.</param>
    /// <exception cref="ConfigurationException">No case has the column, or a case says something else.</exception>
    public static Split ReadColumn(string column, IReadOnlyList<StoredCase> cases, string group)
    {
        var import = new SplitImport(cases);
        var parts = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal) { ["train"] = Ids(), ["validation"] = Ids(), ["test"] = Ids() };
        if (!cases.Any(c => c.Source.Metadata.ContainsKey(column)))
        {
            var columns = cases.SelectMany(c => c.Source.Metadata.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
            throw new ConfigurationException($"split.column '{column}' is no column of the metadata, which has {(columns.Count > 0 ? string.Join(", ", columns) : "none")}.");
        }

        foreach (var c in cases.Where(c => c.Labelled || c.Source.Subset == Subset.Test))
        {
            var word = c.Source.Metadata.GetValueOrDefault(column);
            if (c.Source.Subset == Subset.Test)
            {
                parts["test"].Add(c.Id);                              // whatever else it says: the source tests with it
            }
            else if (word is not null && PartOf(word) is { } part)
            {
                parts[part].Add(c.Id);
            }
            else
            {
                import.Fault($"case '{c.Id}': {column} is {(word is null ? "missing" : $"'{word}'")}; expected train, validation or test.");
            }
        }

        return import.Finish(new Split(Ordered(parts["test"]), [new Fold(Ordered(parts["train"]), Ordered(parts["validation"]))]), $"the column {column}", group);
    }

    private Split OfSplit(Split split, string path) => split with
    {
        Test = Known(split.Test, $"{path}: test"),
        Folds = [.. split.Folds.Select((f, i) => new Fold(Known(f.Train, $"{path}: folds[{i}].train"), Known(f.Validation, $"{path}: folds[{i}].validation")))],
    };

    private Split OfNnUnet(string path, byte[] bytes)
    {
        NnUnetFold[]? folds;
        try
        {
            folds = JsonSerializer.Deserialize<NnUnetFold[]>(bytes, JsonLayout.Options);
        }
        catch (JsonException e)
        {
            throw new DataException(path, $"is not nnU-Net's list of {{\"train\": […], \"val\": […]}} ({e.Message}).", e);
        }

        if (folds is not { Length: > 0 } || folds.Any(f => f?.Train is null || f.Val is null))
        {
            throw new DataException(path, "is not nnU-Net's list of {\"train\": […], \"val\": […]}, one a fold.");
        }

        // nnU-Net knows training cases only: the source's own test cases test.
        return new Split(Ordered(SourceTest), [.. folds.Select((f, i) => new Fold(Known(f.Train!, $"{path}: [{i}].train"), Known(f.Val!, $"{path}: [{i}].val")))]);
    }

    private Split OfTable(string path, List<string> lines)
    {
        var header = lines.Count > 0 ? Fields(lines[0]) : [];
        var name = header.FindIndex(h => CaseColumns.Contains(h.ToLowerInvariant()));
        var fold = header.FindIndex(h => h.Equals("fold", StringComparison.OrdinalIgnoreCase));
        var part = header.FindIndex(h => PartColumns.Contains(h.ToLowerInvariant()));
        if (name < 0 || (fold < 0 && part < 0))
        {
            throw new DataException(path, $"begins with the columns {string.Join(", ", header)}; expected one of cases ({string.Join(", ", CaseColumns)}) and one of folds (fold: 0, 1, …, or test) or parts ({string.Join(", ", PartColumns)}: train, validation, test).");
        }

        var (test, train) = (Ids(), Ids());
        var validation = new SortedDictionary<int, SortedSet<string>>();
        for (var row = 1; row < lines.Count; row++)
        {
            var fields = Fields(lines[row]);
            var place = $"{path}:{row + 1}";
            var word = part < 0 ? null : fields.ElementAtOrDefault(part) ?? string.Empty;
            var number = fold < 0 ? null : fields.ElementAtOrDefault(fold) ?? string.Empty;
            if (word is not null && PartOf(word) is null)
            {
                Fault($"{place}: the part '{word}' is none of train, validation, test.");
            }
            else if (PartOf(word ?? number!) is "test" || number == "-1")
            {
                Add(test, fields.ElementAtOrDefault(name) ?? string.Empty, place);
            }
            else if (fold < 0)
            {
                Add(PartOf(word!) == "train" ? train : Of(validation, 0), fields.ElementAtOrDefault(name) ?? string.Empty, place);
            }
            else if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var f) && f < 1000)
            {
                Add(Of(validation, f), fields.ElementAtOrDefault(name) ?? string.Empty, place);
            }
            else
            {
                Fault($"{place}: the fold '{number}' is no whole number, and not test.");
            }
        }

        if (validation.Count > 0 && validation.Keys.Last() != validation.Count - 1 && fold >= 0)
        {
            Fault($"{path}: the folds are {string.Join(", ", validation.Keys)}; they count from 0 without a gap.");
        }

        return fold < 0
            ? new Split(Ordered(test), [new Fold(Ordered(train), Ordered(Of(validation, 0)))])
            : new Split(Ordered(test), [.. validation.Keys.Select(k => new Fold(Ordered(validation.Where(v => v.Key != k).SelectMany(v => v.Value)), Ordered(validation[k])))]);
    }

    private Split Finish(Split split, string path, string group)
    {
        // What the list leaves open, the source says.
        var named = split.Folds.SelectMany(f => f.Train.Concat(f.Validation)).Concat(split.Test).ToHashSet(StringComparer.Ordinal);
        split = split with { Test = Ordered(split.Test.Concat(SourceTest.Where(id => !named.Contains(id)))), Version = Split.CurrentVersion, Made = new SplitOrigin(path, group, [], null) };
        var forgotten = _cases.Where(c => c.Labelled && c.Source.Subset == Subset.Train && !named.Contains(c.Id)).Select(c => c.Id).ToArray();
        if (forgotten.Length > 0)
        {
            Fault($"{path}: {forgotten.Length} labelled training case(s) stand in no part: {string.Join(", ", forgotten.Take(5))}{(forgotten.Length > 5 ? ", …" : string.Empty)}.");
        }

        var unlabelled = _cases.Where(c => !c.Labelled).Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < split.Folds.Count; i++)
        {
            var fold = split.Folds[i];
            if (fold.Train.Count == 0 || fold.Validation.Count == 0)
            {
                Fault($"{path}: fold {i} has {fold.Train.Count} cases to train on and {fold.Validation.Count} to validate with; both need one at least.");
            }

            foreach (var id in fold.Train.Concat(fold.Validation).Where(unlabelled.Contains))
            {
                Fault($"{path}: case '{id}' of fold {i} has no label; it can only test.");
            }
        }

        try
        {
            split.Verify(_cases, group);
        }
        catch (ConfigurationException e)
        {
            foreach (var fault in e.Faults)
            {
                Fault($"{path}: {fault}");
            }
        }

        return _faultCount == 0 ? split : throw new ConfigurationException([
            .. _faults, .. _faultCount > _faults.Count ? new[] { $"{path}: and {_faultCount - _faults.Count} faults more." } : []]);
    }

    private IEnumerable<string> SourceTest => _cases.Where(c => c.Source.Subset == Subset.Test).Select(c => c.Id);

    private static SortedSet<string> Ids() => new(StringComparer.Ordinal);

    private static SortedSet<string> Of(SortedDictionary<int, SortedSet<string>> folds, int fold) => folds.TryGetValue(fold, out var ids) ? ids : folds[fold] = Ids();

    private static string[] Ordered(IEnumerable<string> ids) => [.. ids.Order(StringComparer.Ordinal)];

    private string[] Known(IEnumerable<string?> names, string place)
    {
        var ids = Ids();
        foreach (var name in names)
        {
            Add(ids, name ?? string.Empty, place);
        }

        return Ordered(ids);
    }

    private void Add(SortedSet<string> ids, string name, string place)
    {
        if (_byVolume.TryGetValue(name.Trim(), out var slices) && _byName.GetValueOrDefault(name.Trim()) is null)
        {
            if (slices.Count(s => ids.Add(s.Id)) < slices.Length)     // the file says the volume, the cases are its slices
            {
                Fault($"{place}: '{name}' stands there twice.");
            }
        }
        else if (!_byName.TryGetValue(name.Trim(), out var found))
        {
            Fault($"{place}: '{name}' is no case of the data set.");
        }
        else if (found is null)
        {
            Fault($"{place}: '{name}' names several cases; write their ids or paths.");
        }
        else if (!ids.Add(found.Id))
        {
            Fault($"{place}: '{name}' stands there twice.");
        }
    }

    private void Fault(string line)
    {
        if (_faultCount++ < FaultsTold)
        {
            _faults.Add(line);
        }
    }

    private static string? PartOf(string word) => word.Trim().ToLowerInvariant() switch
    {
        "train" or "training" => "train",
        "val" or "valid" or "validation" or "dev" => "validation",
        "test" or "testing" => "test",
        _ => null,
    };

    private static byte FirstLetter(byte[] bytes) => bytes.FirstOrDefault(b => b > 0x20 && b is not (0xEF or 0xBB or 0xBF));

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes ? File.ReadAllBytes(path) : throw new DataException(path, $"has more than {MaxBytes >> 20} MiB; a split has not.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"the split cannot be read: {e.Message}", e);
        }
    }

    private static List<string> Lines(byte[] bytes) =>
        [.. Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0)];

    /// <summary>Fields of a CSV row (RFC 4180, without line breaks in fields).</summary>
    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString().Trim());
        return fields;
    }

    private sealed record NnUnetFold(IReadOnlyList<string?>? Train, IReadOnlyList<string?>? Val);
}
