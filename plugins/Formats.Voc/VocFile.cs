using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Masks;

namespace Osteon.Plugins.Voc;

/// <summary>A box as it is written; both corners belong to it.</summary>
internal sealed record VocBox(string Name, bool Difficult, double Left, double Top, double Right, double Bottom);

/// <summary>An annotation file of Pascal VOC. No document type is read, so that no entity can grow or reach for another file.</summary>
internal sealed class VocFile
{
    private const long MaxCharacters = 4 << 20;
    private static readonly string[] Sides = ["xmin", "ymin", "xmax", "ymax"];

    /// <summary>What it calls its image.</summary>
    public string? FileName { get; private init; }

    /// <summary>The image's size by the file; null where it says none.</summary>
    public Frame? Frame { get; private init; }

    /// <summary>In the file's order.</summary>
    public List<VocBox> Boxes { get; } = [];

    /// <summary>Reads a file.</summary>
    /// <param name="file">Where it lies.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DataException">It is no such file; with all faults.</exception>
    public static VocFile Read(string file, string name)
    {
        var root = Load(file, name);
        if (root.Name.LocalName != "annotation")
        {
            throw new DataException(name, $"begins with <{root.Name.LocalName}>; a file of Pascal VOC begins with <annotation>.");
        }

        var faults = new List<string>();
        var size = root.Element("size");
        var (height, width) = (Number(size?.Element("height")), Number(size?.Element("width")));
        var read = new VocFile
        {
            FileName = root.Element("filename")?.Value.Trim(),
            // Tools that never opened the image write 0.
            Frame = height is >= 1 and <= int.MaxValue && width is >= 1 and <= int.MaxValue && height * width <= int.MaxValue ? new Frame((int)height, (int)width) : null,
        };
        var index = 0;
        foreach (var item in root.Elements("object"))
        {
            var label = item.Element("name")?.Value.Trim();
            var box = item.Element("bndbox");
            var sides = Sides.Select(side => Number(box?.Element(side))).ToArray();
            if (string.IsNullOrEmpty(label))
            {
                faults.Add($"object {index} has no <name>");
            }
            else if (box is null || sides.Contains(null))
            {
                faults.Add($"object {index} ({Few.Quoted(label)}) has no <bndbox> with the numbers xmin, ymin, xmax, ymax");
            }
            else if (sides[2] < sides[0] || sides[3] < sides[1])
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"object {index} ({Few.Quoted(label)}) ends before it begins: x {sides[0]} to {sides[2]}, y {sides[1]} to {sides[3]}"));
            }
            else
            {
                read.Boxes.Add(new VocBox(label, item.Element("difficult")?.Value.Trim() == "1", sides[0]!.Value, sides[1]!.Value, sides[2]!.Value, sides[3]!.Value));
            }

            index++;
        }

        Few.Throw(name, faults);
        return read;
    }

    private static double? Number(XElement? element) =>
        double.TryParse(element?.Value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static XElement Load(string file, string name)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var xml = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters });
            return XDocument.Load(xml).Root!;
        }
        catch (Exception e) when (e is XmlException or FormatException or ArgumentException or NotSupportedException)
        {
            throw new DataException(name, $"is not XML: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(name, e is FileNotFoundException or DirectoryNotFoundException ? "the file does not exist." : $"cannot be read: {e.Message}", e);
        }
    }
}
