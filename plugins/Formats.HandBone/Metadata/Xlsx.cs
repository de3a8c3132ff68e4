using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using Osteon.Abstractions;

namespace Osteon.Plugins.HandBone;

/// <summary>
/// The cells of a workbook's first sheet (ECMA-376 part 1, chapter 18). Only text and numbers; every part is bounded while it is
/// unpacked, because a zip's own lengths may lie, and document types are refused.
/// </summary>
internal static class Xlsx
{
    private const string Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const long MaxBytes = 16 << 20;
    private const long MaxCharacters = 32 << 20;
    private const int MaxColumns = 256;
    private const int MaxRows = 100_000;

    /// <returns>Rows from the top, each as wide as its last cell; gaps are empty texts.</returns>
    /// <exception cref="DataException">Not a workbook, damaged or too large.</exception>
    public static IReadOnlyList<string[]> Read(string file, string name)
    {
        try
        {
            using var stream = File.OpenRead(file);
            if (stream.Length > MaxBytes)
            {
                throw new DataException(name, $"has more than {MaxBytes:N0} bytes.");
            }

            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            return Cells(zip, FirstSheet(zip), Strings(zip), name);
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or IOException or UnauthorizedAccessException or FormatException)
        {
            throw new DataException(name, $"is not a workbook that can be read: {e.Message}", e);
        }
    }

    private static string FirstSheet(ZipArchive zip)
    {
        string? link = null;
        using (var xml = Open(zip, "xl/workbook.xml"))
        {
            while (link is null && xml.ReadToFollowing("sheet", Sheet))
            {
                link = xml.GetAttribute("id", Links);
            }
        }

        using var links = Open(zip, "xl/_rels/workbook.xml.rels");
        while (links.ReadToFollowing("Relationship"))
        {
            if (links.GetAttribute("Id") == link && links.GetAttribute("Target") is { } target)
            {
                return target.StartsWith('/') ? target[1..] : "xl/" + target;
            }
        }

        throw new InvalidDataException("it names no sheet.");
    }

    private static List<string> Strings(ZipArchive zip)
    {
        var strings = new List<string>();
        if (zip.GetEntry("xl/sharedStrings.xml") is null)
        {
            return strings;
        }

        using var xml = Open(zip, "xl/sharedStrings.xml");
        while (xml.ReadToFollowing("si", Sheet))
        {
            strings.Add(TextOf(xml));
        }

        return strings;
    }

    private static List<string[]> Cells(ZipArchive zip, string part, List<string> strings, string name)
    {
        var rows = new List<string[]>();
        using var xml = Open(zip, part);
        while (xml.ReadToFollowing("row", Sheet))
        {
            if (rows.Count == MaxRows)
            {
                throw new DataException(name, $"has more than {MaxRows:N0} rows.");
            }

            var row = new List<string>();
            using var cells = xml.ReadSubtree();
            while (cells.Read())
            {
                if (cells.NodeType == XmlNodeType.Element && cells.LocalName == "c")
                {
                    var column = ColumnOf(cells.GetAttribute("r"), row.Count);
                    while (row.Count <= column)
                    {
                        row.Add(string.Empty);
                    }

                    var kind = cells.GetAttribute("t");
                    var text = TextOf(cells);
                    row[column] = kind is null or "n" ? Number(text) : kind != "s" ? text
                        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < strings.Count ? strings[index]
                        : throw new FormatException($"shared string {text} does not exist.");
                }
            }

            rows.Add([.. row]);
        }

        return rows;
    }

    /// <summary>The text inside v and t of the element the reader stands on, without formulas and pronunciation aids.</summary>
    private static string TextOf(XmlReader xml)
    {
        var text = new StringBuilder();
        using var inside = xml.ReadSubtree();
        while (inside.Read())
        {
            if (inside.NodeType == XmlNodeType.Element && inside.LocalName == "rPh")
            {
                inside.Skip();
            }

            if (inside.NodeType == XmlNodeType.Element && inside.LocalName is "v" or "t" && !inside.IsEmptyElement)
            {
                inside.Read();
                text.Append(inside.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace ? inside.Value : string.Empty);
            }
        }

        return text.ToString();
    }

    /// <summary>Spreadsheets count to 15 digits and write 17: 163.29999999999998 is shown as 163.3, and meant so.</summary>
    private static string Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && Math.Abs(number) < 1e15 ? number.ToString("G15", CultureInfo.InvariantCulture) : text;

    /// <summary>AB12 → 27.</summary>
    private static int ColumnOf(string? reference, int next)
    {
        var letters = reference?.TakeWhile(char.IsAsciiLetterUpper).ToArray() ?? [];
        var column = letters.Length switch
        {
            0 => next,
            > 3 => MaxColumns,
            _ => letters.Aggregate(0, (sum, c) => (sum * 26) + c - 'A' + 1) - 1,
        };
        return column < MaxColumns ? column : throw new FormatException($"cell {reference} lies beyond column {MaxColumns}.");
    }

    private static XmlReader Open(ZipArchive zip, string part)
    {
        var entry = zip.GetEntry(part) ?? throw new InvalidDataException($"{part} is missing.");
        return XmlReader.Create(entry.Open(), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MaxCharacters,
            CloseInput = true,
        });
    }
}
