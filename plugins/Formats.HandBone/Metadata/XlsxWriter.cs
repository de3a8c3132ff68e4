using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Osteon.Plugins.HandBone;

/// <summary>Writes the smallest workbook that spreadsheets open (ECMA-376 part 1); the same rows give the same bytes.</summary>
internal static class XlsxWriter
{
    private const string Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/";
    private const string Media = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

    /// <summary>The oldest time a zip can tell.</summary>
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="stream">Where to.</param>
    /// <param name="rows">Texts, whole numbers, and null for an empty cell; at most 26 columns.</param>
    public static void Write(Stream stream, IReadOnlyList<object?[]> rows)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var strings = rows.SelectMany(r => r).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        Part(zip, "[Content_Types].xml", xml =>
        {
            xml.WriteStartElement("Types", Package + "content-types");
            Element(xml, "Default", ("Extension", "rels"), ("ContentType", "application/vnd.openxmlformats-package.relationships+xml"));
            Element(xml, "Default", ("Extension", "xml"), ("ContentType", "application/xml"));
            Element(xml, "Override", ("PartName", "/xl/workbook.xml"), ("ContentType", Media + "sheet.main+xml"));
            Element(xml, "Override", ("PartName", "/xl/worksheets/sheet1.xml"), ("ContentType", Media + "worksheet+xml"));
            Element(xml, "Override", ("PartName", "/xl/sharedStrings.xml"), ("ContentType", Media + "sharedStrings+xml"));
        });
        Part(zip, "_rels/.rels", xml => Relations(xml, ("officeDocument", "xl/workbook.xml")));
        Part(zip, "xl/workbook.xml", xml =>
        {
            xml.WriteStartElement("workbook", Sheet);
            xml.WriteStartElement("sheets");
            xml.WriteStartElement("sheet");
            xml.WriteAttributeString("name", "Sheet1");
            xml.WriteAttributeString("sheetId", "1");
            xml.WriteAttributeString("r", "id", Links, "rId1");
        });
        Part(zip, "xl/_rels/workbook.xml.rels", xml => Relations(xml, ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")));
        Part(zip, "xl/sharedStrings.xml", xml =>
        {
            xml.WriteStartElement("sst", Sheet);
            foreach (var text in strings)
            {
                xml.WriteStartElement("si");
                xml.WriteElementString("t", text);
                xml.WriteEndElement();
            }
        });
        var index = strings.Select((text, i) => (text, i)).ToDictionary(p => p.text, p => p.i, StringComparer.Ordinal);
        Part(zip, "xl/worksheets/sheet1.xml", xml => Cells(xml, rows, index));
    }

    private static void Cells(XmlWriter xml, IReadOnlyList<object?[]> rows, Dictionary<string, int> strings)
    {
        xml.WriteStartElement("worksheet", Sheet);
        xml.WriteStartElement("sheetData");
        for (var row = 0; row < rows.Count; row++)
        {
            xml.WriteStartElement("row");
            xml.WriteAttributeString("r", (row + 1).ToString(CultureInfo.InvariantCulture));
            for (var column = 0; column < rows[row].Length; column++)
            {
                if (rows[row][column] is { } value)
                {
                    xml.WriteStartElement("c");
                    xml.WriteAttributeString("r", string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + column)}{row + 1}"));
                    if (value is string)
                    {
                        xml.WriteAttributeString("t", "s");
                    }

                    xml.WriteElementString("v", Convert.ToString(value is string text ? strings[text] : value, CultureInfo.InvariantCulture));
                    xml.WriteEndElement();
                }
            }

            xml.WriteEndElement();
        }
    }

    private static void Relations(XmlWriter xml, params (string Type, string Target)[] links)
    {
        xml.WriteStartElement("Relationships", Package + "relationships");
        for (var i = 0; i < links.Length; i++)
        {
            Element(xml, "Relationship", ("Id", $"rId{i + 1}"), ("Type", $"{Links}/{links[i].Type}"), ("Target", links[i].Target));
        }
    }

    private static void Element(XmlWriter xml, string name, params (string Name, string Value)[] attributes)
    {
        xml.WriteStartElement(name);
        foreach (var (attribute, value) in attributes)
        {
            xml.WriteAttributeString(attribute, value);
        }

        xml.WriteEndElement();
    }

    /// <summary>Ends what <paramref name="write"/> leaves open.</summary>
    private static void Part(ZipArchive zip, string name, Action<XmlWriter> write)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = Epoch;
        using var stream = entry.Open();
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });
        write(xml);
        xml.WriteEndDocument();
    }
}
