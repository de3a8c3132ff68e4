using System.Buffers;
using System.Globalization;
using System.Text;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Masks;

namespace Osteon.Plugins.RleCsv;

/// <summary>One mask's text, still as it lies in the table.</summary>
internal readonly record struct RleCell(int Class, int Line, CsvField Text);

/// <summary>What a table says of one image.</summary>
internal sealed class RleEntry(string image)
{
    /// <summary>As the table calls it.</summary>
    public string Image { get; } = image;

    /// <summary>A row that names it, for errors.</summary>
    public int Line { get; init; }

    /// <summary>Cells that hold runs; empty ones, NaN and -1 say that there is no mask, and do not stand here.</summary>
    public List<RleCell> Cells { get; } = [];

    public Dictionary<string, string> Facts { get; } = [];

    public string? Patient { get; set; }
}

/// <summary>A table of runs: columns found, rows joined by image.</summary>
internal sealed class RleTable
{
    private static readonly string[] ImageNames = ["image_name", "imageid", "image_id", "image id", "image index", "image", "img", "img_id", "filename", "file_name", "file", "id", "name"];
    private static readonly string[] ClassNames = ["class", "classid", "class_id", "class_name", "category", "category_id", "label"];
    private static readonly string[] RleNames = ["rle", "encodedpixels", "encoded_pixels", "rle_mask", "mask_rle", "segmentation", "annotation", "mask", "predicted", "pixels"];
    private const int FaultsTold = 20;

    private readonly CsvBytes _csv;
    private readonly RleCsvOptions _options;

    private RleTable(CsvBytes csv, RleCsvOptions options) => (_csv, _options) = (csv, options);

    /// <summary>What errors call the table.</summary>
    public string Path => _csv.Path;

    /// <summary>In channel order: those that are given, else the values of the class column in natural order, else the foreground.</summary>
    public IReadOnlyList<string> Classes { get; private set; } = [];

    /// <summary>By the image's name in the table, in the rows' order.</summary>
    public Dictionary<string, RleEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a table.</summary>
    /// <param name="file">Where it lies.</param>
    /// <param name="path">What errors call it.</param>
    /// <param name="options">Which columns mean what.</param>
    /// <param name="classes">Those of another table of the same data set; null where there is none.</param>
    /// <exception cref="DataException">Columns are missing, rows are broken, classes unknown: all told at once.</exception>
    public static RleTable Read(string file, string path, RleCsvOptions options, IReadOnlyList<string>? classes = null)
    {
        var table = new RleTable(CsvBytes.Open(file, path), options);
        table.Fill(classes ?? options.Classes);
        return table;
    }

    /// <summary>A cell's text as start-and-length pairs, or as it stands where it is of another form.</summary>
    public string TextOf(RleCell cell)
    {
        var text = Encoding.ASCII.GetString(_csv[cell.Text]).Trim();
        return _options.Form == RunForm.GapLength ? Absolute(cell, text) : text;
    }

    /// <summary>A cell's mask.</summary>
    /// <exception cref="DataException">The text breaks the convention or leaves the frame; names line and character.</exception>
    public Mask Decode(RleCell cell, RleConvention convention, Frame frame)
    {
        try
        {
            return _options.Form == RunForm.GapLength ? Rle.Decode(TextOf(cell), convention, frame) : Rle.Decode(_csv[cell.Text].Trim((byte)' '), convention, frame);
        }
        catch (MaskFormatException e)
        {
            throw new DataException(Path, $"line {cell.Line}: {e.Message}. The image is {frame}; runs are read in {Told(convention)}.", e);
        }
    }

    /// <summary>A convention in the words of the options.</summary>
    public static string Told(RleConvention convention) =>
        $"{(convention.Order == ScanOrder.Row ? "row" : "column")} order{(convention.Form == RleForm.StartLength ? string.Create(CultureInfo.InvariantCulture, $" from {convention.Base}") : string.Empty)}";

    /// <summary>True where some run of the table starts at 0, which only base 0 allows.</summary>
    public bool StartsAtZero() => Entries.Values.SelectMany(e => e.Cells).Any(c => _csv[c.Text].Trim((byte)' ') is [(byte)'0', (byte)' ', ..]);

    private void Fill(IReadOnlyList<string> given)
    {
        var wide = _options.Layout == TableLayout.Wide;
        var missing = new List<string>();
        var joined = _options.ImageClassColumn.Length > 0 ? Column(_options.ImageClassColumn, [], "image_class_column") : -1;
        var image = joined >= 0 ? joined : Column(_options.ImageColumn, ImageNames, "image_column");
        var (kind, rle) = wide ? (-1, -1) : (joined >= 0 ? -1 : Optional(_options.ClassColumn, ClassNames, "class_column"), Column(_options.RleColumn, RleNames, "rle_column"));
        var classes = wide ? _options.Classes.Select(c => Column(_options.Names.GetValueOrDefault(c, c), [], $"the class {c}")).ToArray() : [];
        var facts = _options.Metadata.Select(m => (Name: m, At: Column(m, [], "metadata"))).ToArray();
        var patient = _options.PatientColumn.Length > 0 ? Column(_options.PatientColumn, [], "patient_column") : -1;
        if (missing.Count > 0)
        {
            throw new DataException(Path, $"{string.Join("; ", missing)}. Its columns are {string.Join(", ", _csv.Header.Select(h => $"'{h}'"))}.");
        }

        var named = kind >= 0 || joined >= 0;
        var listed = given.Count > 0 || wide;
        var names = (listed ? given : []).Select((c, k) => (Name: _options.Names.GetValueOrDefault(c, c), k)).ToDictionary(c => c.Name, c => c.k, StringComparer.Ordinal);
        var faults = new List<string>();
        var count = 0;
        while (_csv.Next() is var (line, fields))
        {
            if (fields.Count != _csv.Header.Count)
            {
                Fault($"line {line} has {fields.Count} fields, the header {_csv.Header.Count}");
                continue;
            }

            var name = _csv.Text(fields[image]).Trim();
            var @class = wide ? null : joined >= 0 ? Split(ref name) : kind >= 0 ? _csv.Text(fields[kind]).Trim() : null;
            var entry = Entries.TryGetValue(name, out var known) ? known : Entries[name] = new RleEntry(name) { Line = line };
            foreach (var (fact, at) in facts)
            {
                if (_csv.Text(fields[at]).Trim() is { Length: > 0 } value)
                {
                    entry.Facts.TryAdd(fact, value);
                }
            }

            entry.Patient ??= patient >= 0 && _csv.Text(fields[patient]).Trim() is { Length: > 0 } who ? who : null;
            if (wide)
            {
                for (var k = 0; k < classes.Length; k++)
                {
                    Add(entry, k, line, fields[classes[k]]);
                }
            }
            else if (!named)
            {
                Add(entry, 0, line, fields[rle]);
            }
            else if (names.TryGetValue(@class!, out var k) || (!listed && @class!.Length > 0 && names.TryAdd(@class, k = names.Count)))
            {
                Add(entry, k, line, fields[rle]);
            }
            else if (!IsEmpty(fields[rle]))
            {
                // An empty class with an empty mask says only that the image was looked at.
                Fault(@class!.Length == 0 ? $"line {line} has a mask of no class" : $"line {line}: the class '{@class}' is none of {string.Join(", ", names.Keys.Take(FaultsTold))}{(names.Count > FaultsTold ? ", …" : string.Empty)}");
            }

            if (names.Count > LabelMap.MaxClasses)
            {
                throw new DataException(Path, $"its column of classes has more than {LabelMap.MaxClasses} values; is it the right one? Name it by class_column, or the classes by classes.");
            }
        }

        if (count > 0)
        {
            throw new DataException(Path, $"{string.Join("; ", faults)}{(count > faults.Count ? $"; and {count - faults.Count} faults more" : string.Empty)}.");
        }

        Settle(named, listed ? given : [.. names.OrderBy(n => n.Value).Select(n => n.Key)]);

        void Fault(string what)
        {
            if (count++ < FaultsTold)
            {
                faults.Add(what);
            }
        }

        int Column(string given, string[] usual, string option)
        {
            var found = Optional(given, usual, option);
            if (found < 0 && given.Length == 0)
            {
                missing.Add($"none of its columns is called {string.Join(", ", usual)}; name it by {option}");
            }

            return found;
        }

        int Optional(string given, string[] usual, string option)
        {
            if (given.Length > 0)
            {
                var at = Enumerable.Range(0, _csv.Header.Count).Where(i => _csv.Header[i] == given).DefaultIfEmpty(-1).First();
                if (at < 0)
                {
                    missing.Add($"it has no column '{given}' ({option})");
                }

                return at;
            }

            return usual.Select(u => Enumerable.Range(0, _csv.Header.Count).Where(i => _csv.Header[i].Equals(u, StringComparison.OrdinalIgnoreCase)).DefaultIfEmpty(-1).First()).FirstOrDefault(i => i >= 0, -1);
        }
    }

    /// <summary>Classes that the table named itself are put into natural order.</summary>
    private void Settle(bool named, IReadOnlyList<string> inOrderOfRows)
    {
        if (!named && _options.Layout == TableLayout.Long)
        {
            Classes = _options.ClassNames;
            return;
        }

        Classes = _options.Classes.Count > 0 ? inOrderOfRows : [.. inOrderOfRows.Order(NaturalOrder.Instance)];
        int[] places = [.. inOrderOfRows.Select(c => Enumerable.Range(0, Classes.Count).First(i => Classes[i] == c))];
        foreach (var entry in Entries.Values)
        {
            for (var i = 0; i < entry.Cells.Count; i++)
            {
                entry.Cells[i] = entry.Cells[i] with { Class = places[entry.Cells[i].Class] };
            }
        }
    }

    /// <summary>"0002cc93b.jpg_1" → "0002cc93b.jpg" and "1": the last underscore parts them, unless one before a known class does.</summary>
    private string Split(ref string name)
    {
        var whole = name;
        var known = _options.Classes.Select(c => _options.Names.GetValueOrDefault(c, c)).Where(c => whole.EndsWith($"_{c}", StringComparison.Ordinal)).MaxBy(c => c.Length);
        var at = known is null ? name.LastIndexOf('_') : name.Length - known.Length - 1;
        var @class = at < 0 ? string.Empty : name[(at + 1)..];
        name = at < 0 ? name : name[..at];
        return @class;
    }

    private void Add(RleEntry entry, int k, int line, CsvField field)
    {
        if (!IsEmpty(field))
        {
            entry.Cells.Add(new RleCell(k, line, field));
        }
    }

    /// <summary>Nothing, NaN as pandas writes it, or -1 as some competitions ask for.</summary>
    private bool IsEmpty(CsvField field)
    {
        var text = _csv[field].Trim((byte)' ');
        return text.Length == 0 || text is [(byte)'-', (byte)'1'] || (text.Length <= 4 && (Ascii.EqualsIgnoreCase(text, "nan"u8) || Ascii.EqualsIgnoreCase(text, "none"u8) || Ascii.EqualsIgnoreCase(text, "null"u8)));
    }

    /// <summary>Gaps become starts, counted from 0.</summary>
    private string Absolute(RleCell cell, string text)
    {
        var numbers = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (at, absolute) = (0L, new StringBuilder(text.Length + 16));
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw new DataException(Path, $"line {cell.Line}: '{numbers[i]}' is no number.");
            }

            if (i % 2 == 0)
            {
                at += number;
            }

            absolute.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? string.Empty : " ")}{(i % 2 == 0 ? at : number)}");
            at += i % 2 == 1 ? number : 0;
        }

        return absolute.ToString();
    }
}
