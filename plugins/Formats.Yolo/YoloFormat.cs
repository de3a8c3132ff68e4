using System.Collections.Concurrent;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.Yolo;

/// <summary>
/// YOLO's segmentation data sets: data.yaml with names and parts, images, and a text of outlines for each. An image without a text has
/// nothing to find, as in the field. The part of each case stands in its metadata (<c>split: train</c>, <c>val</c>); test images test.
/// </summary>
[Format("yolo")]
public sealed class YoloFormat : DatasetFormat
{
    private readonly YoloOptions _options;
    private readonly CategoryMap _categories;
    private readonly ConcurrentDictionary<string, Lazy<YoloDescription>> _descriptions = new(StringComparer.Ordinal);

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public YoloFormat(YoloOptions options)
    {
        options.Demand();
        _options = options;
        _categories = new CategoryMap(options.Categories);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _categories.TakesAll ? _options.Names : _categories.Classes;

    /// <inheritdoc/>
    public override PolygonRaster? Raster => _options.Raster;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesIn(string root) => _categories.TakesAll ? [.. Describe(root).Names.Distinct()] : Classes;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var description = Describe(root);
        string[] faults = [.. _categories.Names.Where(n => !description.Names.Contains(n)).Select(n => $"categories names '{n}', which is no class here; they are {string.Join(", ", description.Names.Take(40))}.")];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }

        var (findings, cases, taken, bare) = (new List<Finding>(), new List<CaseSource>(), new Dictionary<string, string>(StringComparer.Ordinal), 0);
        foreach (var (part, path) in description.Parts.SelectMany(p => Images(root, p.Place, findings).Select(path => (p.Part, path))))
        {
            var (name, test, label) = (FileTree.StemOf(path), part == "test", LabelOf(path));
            var hasLabel = File.Exists(Path.Combine(root, label));
            var id = test ? $"test-{name}" : name;
            if (!taken.TryAdd(id, path))
            {
                findings.Add(new Finding(Severity.Red, "duplicate-id", path, $"{taken[id]} is named {id} already; this one is left out. Rename it, and its label."));
                continue;
            }

            bare += hasLabel || test ? 0 : 1;
            var facts = new Dictionary<string, string>();
            if (part.Length > 0)
            {
                facts["split"] = part;
            }

            if (_options.Boxes)
            {
                facts[WeakLabels.Key] = WeakLabels.Boxes;
            }

            cases.Add(new CaseSource(id, _options.PatientOf(name, id, path, findings), test ? Subset.Test : Subset.Train, path, hasLabel || !test ? label : null) { Metadata = facts });
        }

        if (bare > 0)
        {
            findings.Add(new Finding(Severity.Amber, "missing-label", _options.Labels.Length > 0 ? _options.Labels : "labels", $"{bare} training image(s) have no label text and count as images with nothing to find; {cases.Count} images are there in all."));
        }

        return new CaseIndex(cases, findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source) => ImageFile.ReadGray(ConfinedPath.Of(root, source.ImagePath));

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label text.");
        var file = ConfinedPath.Of(root, path);
        return File.Exists(file) ? YoloLabels.Read(file, path, Describe(root).Names, _categories, _options, frame) : [];
    }

    private YoloDescription Describe(string root) => _descriptions.GetOrAdd(root, r => new(() => YoloDescription.Read(r, _options))).Value;

    /// <summary>Images of a folder, or of a list of paths.</summary>
    private static IEnumerable<string> Images(string root, string place, List<Finding> findings)
    {
        if (!place.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) || !File.Exists(Path.Combine(root, place)))
        {
            return FileTree.Images(root, place, findings).Paths;
        }

        var (all, found, missing) = (FileTree.Images(root, ".", findings), new List<string>(), new List<Finding>());
        foreach (var line in NameLists.Lines(root, place, findings))
        {
            if (all.Find(line, out var several) is { } path)
            {
                found.Add(path);
            }
            else
            {
                missing.Add(new Finding(Severity.Amber, "missing-image", line, $"{place} names it, and {(several ? "several files have" : "no file has")} this name; it is left out."));
            }
        }

        findings.AddFew(missing, place);
        return found;
    }

    private string LabelOf(string image)
    {
        if (_options.Labels.Length > 0)
        {
            return $"{_options.Labels.Trim('/')}/{FileTree.StemOf(image)}.txt";
        }

        var folders = image.Split('/');
        var images = Array.LastIndexOf(folders, "images", folders.Length - 1);
        if (images >= 0)
        {
            folders[images] = "labels";
        }

        return Path.ChangeExtension(string.Join('/', folders), ".txt");
    }
}
