using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.RleCsv;

/// <summary>
/// Writes images and a table of their masks as runs, a row an image and class, with the patient and what is known of the image beside: runs stay runs, nothing is drawn. By
/// rows, from 1, start and length, as submissions are.
/// </summary>
[Writer("rle-csv")]
public sealed class RleCsvWriter : DatasetWriter
{
    private const string Parts = ".parts", Table = "labels.csv", TestTable = "test_labels.csv", Patient = "patient";

    private static readonly string[] Columns = ["image_name", "class", "rle", Patient];

    private string _folder = string.Empty;
    private ExportedSet? _set;
    private string[] _facts = [];

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override Choice ReadBack
    {
        get
        {
            var read = new JsonObject
            {
                ["table"] = Table,
                ["image_column"] = Columns[0],
                ["class_column"] = Columns[1],
                ["rle_column"] = Columns[2],
                ["order"] = "row",
                ["base"] = "1",
                ["classes"] = new JsonArray([.. _set!.Classes.Select(c => (JsonNode)c)]),
                ["patient_column"] = Patient,
                ["metadata"] = new JsonArray([.. _facts.Select(f => (JsonNode)f)]),
            };
            if (_set.Cases.Any(c => c.IsTest))
            {
                read["test_images"] = "test_images";
            }

            if (Labelled(test: true).Any())
            {
                read["test_table"] = TestTable;
            }

            return new Choice("rle-csv", read);
        }
    }

    /// <inheritdoc/>
    public override string IdBack(ExportedCase source) => source.IsTest ? $"test-{source.Name}" : source.Name;

    /// <inheritdoc/>
    public override void Begin(string folder, ExportedSet set)
    {
        (_folder, _set) = (folder, set);
        if (!Labelled(test: false).Any())
        {
            throw new ConfigurationException("No labelled case is there to train on.");
        }

        _facts = [.. set.Cases.SelectMany(c => c.Source.Metadata.Keys).Distinct(StringComparer.Ordinal).Except(Columns).Where(k => k.AsSpan().IndexOfAny(",\"\r\n") < 0).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public override void Write(IReadOnlyList<ExportedCase> cases)
    {
        foreach (var c in cases)
        {
            ImageFile.WritePng(Path.Combine(_folder, c.IsTest ? "test_images" : "images", c.Name + ".png"), c.ReadImage());
            if (c.IsLabelled)
            {
                var facts = string.Concat(_facts.Select(f => "," + Field(c.Source.Metadata.GetValueOrDefault(f) ?? string.Empty)));
                var rows = new StringBuilder();
                foreach (var (mask, k) in c.ReadTruth().Select((m, k) => (m, k)))
                {
                    rows.Append(CultureInfo.InvariantCulture, $"{c.Name}.png,{Field(_set!.Classes[k])},{Rle.Encode(mask, RleConvention.HandBone)},{Field(c.Source.Patient)}{facts}\n");
                }

                AtomicFile.WriteAllText(Part(c), rows.ToString());
            }
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        Join(Table, Labelled(test: false));
        if (Labelled(test: true).Any())
        {
            Join(TestTable, Labelled(test: true));
        }

        Directory.Delete(Path.Combine(_folder, Parts), recursive: true);
    }

    private IEnumerable<ExportedCase> Labelled(bool test) => _set!.Cases.Where(c => c.IsLabelled && c.IsTest == test);

    private string Part(ExportedCase c) => Path.Combine(_folder, Parts, c.Name);

    private void Join(string file, IEnumerable<ExportedCase> cases) => AtomicFile.Write(Path.Combine(_folder, file), stream =>
    {
        stream.Write(Encoding.UTF8.GetBytes(string.Join(',', [.. Columns, .. _facts]) + "\n"));
        foreach (var c in cases)
        {
            using var part = File.OpenRead(Part(c));
            part.CopyTo(stream);
        }
    });

    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
