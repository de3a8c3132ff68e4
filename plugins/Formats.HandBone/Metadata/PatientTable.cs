using System.Globalization;
using Osteon.Abstractions;
using Osteon.Annotations;

namespace Osteon.Plugins.HandBone;

/// <summary>What the data set tells of its patients: age, sex, weight_kg, height_cm, note (nail art, implants, …).</summary>
internal sealed class PatientTable
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>A title may stand above the headers.</summary>
    private const int HeaderRows = 5;

    /// <summary>Headers as the file writes them, and what people make of them, without spaces; the notes' column has none, which pandas writes as "Unnamed: 5".</summary>
    private static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ID"] = "id", ["patient"] = "id", ["patient_id"] = "id", ["환자ID"] = "id",
        ["나이"] = "age", ["연령"] = "age", ["age"] = "age",
        ["성별"] = "sex", ["sex"] = "sex", ["gender"] = "sex",
        ["체중(몸무게)"] = "weight_kg", ["체중"] = "weight_kg", ["몸무게"] = "weight_kg", ["weight"] = "weight_kg", ["weight_kg"] = "weight_kg",
        ["키(신장)"] = "height_cm", ["키"] = "height_cm", ["신장"] = "height_cm", ["height"] = "height_cm", ["height_cm"] = "height_cm",
        ["Unnamed:5"] = "note", ["비고"] = "note", ["note"] = "note", ["notes"] = "note",
    };

    private const int NotesColumn = 5, UsualColumns = 6;

    private readonly Dictionary<string, Dictionary<string, string>> _rows = new(StringComparer.Ordinal);

    /// <summary>The facts of a patient; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Of(string patient) => _rows.GetValueOrDefault(Normalised(patient), None);

    /// <summary>Reads meta_data.xlsx, else meta_data.csv; a data set may have neither. An unreadable one is a finding.</summary>
    public static PatientTable Read(HandBoneFiles files, List<Finding> findings)
    {
        var table = new PatientTable();
        if ((files.Beside("meta_data.xlsx") ?? files.Beside("meta_data.csv")) is { } path)
        {
            try
            {
                var rows = path.EndsWith(".xlsx", StringComparison.Ordinal)
                    ? Xlsx.Read(files.Absolute(path), path)
                    : Csv.Read(files.Absolute(path), path);
                table.Fill(rows, path, findings);
            }
            catch (DataException e)
            {
                findings.Add(new Finding(Severity.Amber, "unreadable-metadata", path, $"{e.What} Ages, sexes and notes are unknown."));
            }
        }

        return table;
    }

    private void Fill(IReadOnlyList<string[]> rows, string path, List<Finding> findings)
    {
        // A workbook does not write the notes' empty header, so the first row may be shorter than the others.
        var top = Enumerable.Range(0, Math.Min(HeaderRows, rows.Count)).FirstOrDefault(r => rows[r].Any(cell => KeyOf(cell, 0) == "id"), -1);
        if (top < 0)
        {
            throw new DataException(path, $"has no column 'ID' in its first {HeaderRows} rows.");
        }

        var header = rows[top];
        var keys = Enumerable.Range(0, Math.Max(header.Length, UsualColumns)).Select(c => KeyOf(c < header.Length ? header[c] : string.Empty, c)).ToArray();
        var id = Array.IndexOf(keys, "id");
        var unknown = header.Where((cell, c) => keys[c] is null && cell.Trim().Length > 0).ToArray();
        if (unknown.Length > 0 && keys.All(k => k is null or "id" or "note"))
        {
            findings.Add(new Finding(Severity.Amber, "unreadable-metadata", path, $"None of its columns ({string.Join(", ", unknown)}) is one of those known: 나이 or age, 성별 or sex, 체중 or weight, 키 or height. Ages and sexes are unknown."));
        }

        foreach (var row in rows.Skip(top + 1).Where(r => r.Length > id && r[id].Length > 0))
        {
            var facts = new Dictionary<string, string>();
            for (var column = 0; column < Math.Min(row.Length, keys.Length); column++)
            {
                if (column != id && keys[column] is { } key && row[column].Trim() is { Length: > 0 } value)
                {
                    facts[key] = value;
                }
            }

            if (!_rows.TryAdd(Normalised(row[id]), facts))
            {
                findings.Add(new Finding(Severity.Amber, "duplicate-metadata", path, $"Patient {row[id]} has two rows; the first stands."));
            }
        }
    }

    private static string? KeyOf(string header, int column)
    {
        // Spaces come and go, and macOS writes Hangul in parts.
        var name = string.Concat(header.Normalize(System.Text.NormalizationForm.FormC).Trim('\uFEFF').Where(c => !char.IsWhiteSpace(c)));
        return name.Length == 0 && column == NotesColumn ? "note" : Columns.GetValueOrDefault(name);
    }

    /// <summary>Spreadsheets turn ID007 into 7.</summary>
    private static string Normalised(string id)
    {
        var text = id.Trim();
        var digits = text.StartsWith("ID", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1e9 && number == Math.Floor(number)
            ? ((int)number).ToString(CultureInfo.InvariantCulture)
            : text;
    }
}
