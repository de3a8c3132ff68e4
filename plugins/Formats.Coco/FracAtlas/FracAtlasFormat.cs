using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.Coco;

/// <summary>
/// FracAtlas (Abedeen et al. 2023, doi:10.1038/s41597-023-02432-4): radiographs in <c>images/Fractured</c> and <c>images/Non_fractured</c>,
/// outlines of fractures in <c>Annotations/COCO JSON</c>, facts in <c>dataset.csv</c>, the official split in <c>Utilities/Fracture Split</c>.
/// </summary>
/// <remarks>
/// Outlines are counted in the picture after its EXIF rotation, which is how images are read. The COCO file lists fractured images only:
/// that the others have nothing to find is a label as well. The official split divides the fractured images.
/// </remarks>
[Format("fracatlas")]
public sealed class FracAtlasFormat : DatasetFormat
{
    private static readonly string[] Fractured = ["fractured"];

    private readonly FracAtlasOptions _options;
    private readonly CategoryMap _categories;
    private readonly CocoReader _reader;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public FracAtlasFormat(FracAtlasOptions options)
    {
        options.Demand();
        _options = options;
        _categories = new CategoryMap(options.Categories);
        _reader = new CocoReader(_categories, options.Raster, crowds: true);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _categories.TakesAll ? Fractured : _categories.Classes;

    /// <inheritdoc/>
    public override PolygonRaster? Raster => _options.Raster;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var files = new FracAtlasFiles(root, _options);
        var coco = _reader.Open(root, files.Annotations, _options.Images);
        string[] faults = [.. _reader.UnknownNames([coco.File])];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }

        List<Finding> findings = [.. coco.Findings];
        var (facts, parts) = (files.Facts(findings), files.Parts(findings));
        var (cases, taken) = (new List<CaseSource>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var path in coco.Folder.Paths)
        {
            var name = FileTree.NameOf(path);
            var row = facts.GetValueOrDefault(name) ?? [];
            var outlined = coco.Of(path) is { } image && coco.File.CountOf(image) > 0;
            var fractured = row.GetValueOrDefault("fractured") is { } said ? said == "1" : outlined;
            if (_options.FracturedOnly && !fractured && !outlined)
            {
                continue;
            }

            if (fractured != outlined)
            {
                findings.Add(outlined
                    ? new Finding(Severity.Amber, "fracture-mismatch", path, "It has outlines of fractures, and the table says that it has none.")
                    : new Finding(Severity.Red, "missing-label", path, $"The table says that it shows a fracture, and {files.Annotations} has no outline of it."));
            }

            var id = FileTree.StemOf(path);
            if (!taken.TryAdd(id, path))
            {
                findings.Add(new Finding(Severity.Red, "duplicate-id", path, $"{taken[id]} has the same name; this one is left out. Keep one."));
                continue;
            }

            if (parts.TryGetValue(name, out var part))
            {
                row["split"] = part;
            }

            cases.Add(new CaseSource(id, _options.PatientOf(id, id, path, findings), Subset.Train, path, fractured && !outlined ? null : CocoImages.LabelPath(files.Annotations, path)) { Metadata = row });
        }

        return new CaseIndex([.. cases.OrderBy(c => c.Id, NaturalOrder.Instance)], findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source) => ImageFile.ReadGray(ConfinedPath.Of(root, source.ImagePath));

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no outlines.");
        var coco = _reader.Open(root, path[..path.LastIndexOf('#')], _options.Images);
        return coco.Of(source.ImagePath) is { } image ? _reader.Read(coco.File, image, path, frame) : [];
    }
}
