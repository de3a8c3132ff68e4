using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.NnUnet;

/// <summary>
/// Writes nnU-Net's raw data sets, version 2: <c>DatasetNNN_Name</c> with imagesTr, labelsTr, imagesTs, labelsTs, dataset.json and splits_final.json. Classes that
/// overlap become regions or data sets of their own; groups.json then says which class is where.
/// </summary>
[Writer("nnunet")]
public sealed class NnUnetWriter(NnUnetWriterOptions options) : DatasetWriter
{
    private const string Background = "background";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string Folder, LabelCode Code)> _parts = [];
    private string _folder = string.Empty;
    private ExportedSet? _set;
    private int _background = -1;

    /// <inheritdoc/>
    public override bool IsLossless => true;

    /// <inheritdoc/>
    public override Choice ReadBack => _background >= 0 ? new Choice("nnunet", new JsonObject { ["background"] = true }) : new Choice("nnunet");

    /// <inheritdoc/>
    public override void Begin(string folder, ExportedSet set)
    {
        (_folder, _set) = (folder, set);
        Judge(set);
        int[] classes = [.. Enumerable.Range(0, set.Classes.Count).Where(k => k != _background)];
        var combinations = set.Combinations;
        LabelCode[] codes = combinations.AreDisjoint ? [LabelCode.Plain(classes, set)]
            : options.Overlap == OverlapForm.Combinations ? [LabelCode.Combined(classes, set)]
            : options.Overlap == OverlapForm.Auto && combinations.AreNested ? [LabelCode.Nested(classes, set)]
            : [.. combinations.Groups().Select(g => g.Where(k => k != _background).ToArray()).Where(g => g.Length > 0).Select(g => LabelCode.Plain(g, set))];
        if (options.Id + codes.Length - 1 > 999)
        {
            throw new ConfigurationException($"id is {options.Id}, and {codes.Length} data sets are to be written: numbers end at 999. Begin lower.");
        }

        var name = options.DatasetName.Length > 0 ? options.DatasetName : new string([.. set.Name.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_')]) is { Length: > 0 } own ? own : "Export";
        for (var i = 0; i < codes.Length; i++)
        {
            _parts.Add((string.Create(CultureInfo.InvariantCulture, $"Dataset{options.Id + i:D3}_{name}{(codes.Length > 1 ? $"_{i + 1}" : string.Empty)}"), codes[i]));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<ExportedCase>> Together(ExportedSet set)
    {
        if (options.Volumes == VolumeForm.Slices)
        {
            return base.Together(set);
        }

        var volumes = set.Cases.GroupBy(c => VolumeOf(c) ?? c.Name, StringComparer.Ordinal).Select(g => (Name: g.Key, Slices: g.OrderBy(SliceOf).ToArray())).ToArray();
        string[] faults = [.. volumes.Where(v => v.Slices.Length > 1 || VolumeOf(v.Slices[0]) is not null).SelectMany(v => Faults(v.Name, v.Slices)).Take(20)];
        return faults.Length == 0 ? [.. volumes.Select(v => v.Slices)] : throw new ConfigurationException(faults);
    }

    /// <inheritdoc/>
    public override void Write(IReadOnlyList<ExportedCase> cases)
    {
        var (name, test) = (NameOf(cases), cases[0].IsTest);
        var images = cases.Select(c => c.ReadImage()).ToArray();
        if (images.Any(i => i.BytesPerPixel != images[0].BytesPerPixel))
        {
            throw new DataException(cases[0].Source.ImagePath, $"slices of {name} have 8 and 16 bits; volumes: slices writes them one by one.");
        }

        var truth = cases[0].IsLabelled ? cases.Select(c => c.ReadTruth()).ToArray() : null;
        foreach (var (folder, code) in _parts)
        {
            if (folder == _parts[0].Folder || options.CopyImages)
            {
                Save(Path.Combine(_folder, folder, test ? "imagesTs" : "imagesTr", $"{name}_0000{options.Ending}"), images, images[0].Origin);
            }

            if (truth is not null)
            {
                Save(Path.Combine(_folder, folder, test ? "labelsTs" : "labelsTr", name + options.Ending), [.. truth.Select(t => code.Draw(name, t))], images[0].Origin);
            }
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        var set = _set!;
        string[] training = [.. set.Cases.Where(c => !c.IsTest).Select(c => NameOf([c])).Distinct(StringComparer.Ordinal)];
        foreach (var (folder, code) in _parts)
        {
            var labels = new JsonObject { [Background] = 0 };
            foreach (var (label, values) in code.Labels)
            {
                labels[label] = values.Count == 1 ? JsonValue.Create(values[0]) : new JsonArray([.. values.Select(v => (JsonNode)v)]);
            }

            var json = new JsonObject
            {
                ["channel_names"] = new JsonObject { ["0"] = options.Channel },
                ["labels"] = labels,
                ["numTraining"] = training.Length,
                ["file_ending"] = options.Ending,
                ["name"] = folder,
                ["description"] = set.Description,
                ["converted_by"] = "Osteon",
            };
            if (code.RegionsClassOrder is { } order)
            {
                json["regions_class_order"] = new JsonArray([.. order.Select(v => (JsonNode)v)]);
            }

            if (folder != _parts[0].Folder && !options.CopyImages)
            {
                json["dataset"] = new JsonObject(training.Select(n => KeyValuePair.Create(n, (JsonNode?)new JsonObject
                {
                    ["images"] = new JsonArray($"../{_parts[0].Folder}/imagesTr/{n}_0000{options.Ending}"),
                    ["label"] = $"labelsTr/{n}{options.Ending}",
                })));
            }

            AtomicFile.WriteAllText(Path.Combine(_folder, folder, DatasetJson.FileName), json.ToJsonString(Layout) + "\n");
            var folds = new JsonArray([.. set.Folds.Select(f => (JsonNode)new JsonObject { ["train"] = Names(f.Train), ["val"] = Names(f.Validation) })]);
            AtomicFile.WriteAllText(Path.Combine(_folder, folder, "splits_final.json"), folds.ToJsonString(Layout) + "\n");
        }

        if (_parts.Count > 1)
        {
            new GroupsFile(
                "Classes that overlap stand in data sets of their own. A pixel belongs to every class whose value it has in that class's data set; train and predict each, and join the results by this table.",
                set.Classes,
                [.. _parts.Select(p => new GroupsFile.Group(p.Folder, p.Code.Labels.ToDictionary(l => l.Name, l => l.Values[0])))]).Save(_folder);
        }
    }

    private static JsonArray Names(IEnumerable<ExportedCase> cases, VolumeForm volumes) => new([.. cases.Select(c => NameOf([c], volumes)).Distinct(StringComparer.Ordinal).Select(n => (JsonNode)n)]);

    private JsonArray Names(IEnumerable<ExportedCase> cases) => Names(cases, options.Volumes);

    private string NameOf(IReadOnlyList<ExportedCase> cases) => NameOf(cases, options.Volumes);

    private static string NameOf(IReadOnlyList<ExportedCase> cases, VolumeForm volumes) => volumes == VolumeForm.Join ? VolumeOf(cases[0]) ?? cases[0].Name : cases[0].Name;

    // A slice is called by its volume and four digits.
    private static string? VolumeOf(ExportedCase c) => c.Source.Metadata.ContainsKey("volume") && c.Source.Metadata.ContainsKey("slice") && c.Name.Length > 5 && c.Name[^5] == '-' ? c.Name[..^5] : null;

    private static int SliceOf(ExportedCase c) => c.Source.Metadata.TryGetValue("slice", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slice) ? slice : 0;

    private static IEnumerable<string> Faults(string name, ExportedCase[] slices)
    {
        if (slices.Where((s, k) => SliceOf(s) != k).Any())
        {
            yield return $"{name}: slices {string.Join(", ", slices.Take(8).Select(SliceOf))}{(slices.Length > 8 ? ", …" : string.Empty)} are there; a volume has all from 0 on. volumes: slices writes them one by one.";
        }
        else if (slices.Any(s => s.Frame != slices[0].Frame || s.IsTest != slices[0].IsTest || s.IsLabelled != slices[0].IsLabelled))
        {
            yield return $"{name}: its slices differ in size, in whether they test, or in whether they have labels; volumes: slices writes them one by one.";
        }
    }

    private void Judge(ExportedSet set)
    {
        var faults = new List<string>();
        var combinations = set.Combinations;
        _background = Enumerable.Range(0, set.Classes.Count).FirstOrDefault(k => string.Equals(set.Classes[k], Background, StringComparison.OrdinalIgnoreCase), -1);
        if (_background >= 0 && (set.Classes[_background] != Background || set.Classes.Count < 2 || combinations.Areas.ContainsKey(0) || Enumerable.Range(0, set.Classes.Count).Any(k => combinations.Overlap(k, _background))))
        {
            faults.Add($"The class '{set.Classes[_background]}' has the name of nnU-Net's label 0, which is every pixel of no other class, but it overlaps others, leaves pixels without any class, or is spelt otherwise. Leave it out by data.classes.");
        }

        if (set.Classes.Contains(LabelTable.Ignore))
        {
            faults.Add($"A class is called '{LabelTable.Ignore}', which is nnU-Net's name for pixels that do not count. Leave it out by data.classes.");
        }

        if (!set.Cases.Any(c => !c.IsTest && c.IsLabelled))
        {
            faults.Add("No labelled case is there to train on.");
        }

        if (faults.Count > 0)
        {
            throw new ConfigurationException(faults);
        }
    }

    private void Save(string path, Image[] slices, ImageOrigin origin)
    {
        if (options.Ending == ".png")
        {
            ImageFile.WritePng(path, slices[0]);
        }
        else
        {
            ExportedVolume.Write(path, slices, origin);
        }
    }
}
