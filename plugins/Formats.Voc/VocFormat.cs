using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.Voc;

/// <summary>
/// Images and Pascal VOC's XML files. Their boxes are weak labels: all of a box counts as its class, which every case's metadata says
/// (<c>weak_labels: boxes</c>). Classes are the names that the files use, in ordinal order, unless categories names them.
/// </summary>
[Format("voc")]
public sealed class VocFormat : DatasetFormat
{
    private readonly VocOptions _options;
    private readonly CategoryMap _categories;
    private readonly LabelledImages _images;
    private readonly SourceClasses _classes;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public VocFormat(VocOptions options)
    {
        options.Demand();
        _options = options;
        _categories = new CategoryMap(options.Categories);
        _images = new LabelledImages(options, ".xml") { ClaimOf = ClaimOf, Metadata = new Dictionary<string, string> { [WeakLabels.Key] = WeakLabels.Boxes } };
        _classes = new SourceClasses(_categories, (root, path) => VocFile.Read(ConfinedPath.Of(root, path), path).Boxes.Select(b => b.Name));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _categories.Classes;

    /// <summary>A box with its last pixels, which is how fillpoly draws it.</summary>
    public override PolygonRaster? Raster => PolygonRaster.Fillpoly;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesIn(string root) => _classes.In(root, () => _images.Files(root));

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        if (_classes.Unknown(root, () => _images.Files(root)) is { Count: > 0 } faults)
        {
            throw new ConfigurationException(faults);
        }

        var index = _images.Index(root);
        var findings = index.Findings.ToList();
        var parts = NameLists.Read(root, _options.Splits, findings);
        return new CaseIndex([.. index.Cases.Select(c => parts.TryGetValue(FileTree.StemOf(c.ImagePath), out var part) ? c with { Metadata = new Dictionary<string, string>(c.Metadata) { ["split"] = part } } : c)], findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source) => ImageFile.ReadGray(ConfinedPath.Of(root, source.ImagePath));

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label file.");
        var file = VocFile.Read(ConfinedPath.Of(root, path), path);
        if (_options.NameFault(file.FileName, source.ImagePath) is { } wrong)
        {
            throw new DataException(path, wrong);
        }

        return
        [
            .. from box in file.Boxes
               let @class = _categories.Of(box.Name)
               where @class is not null && (_options.Difficult || !box.Difficult)
               select new PolygonAnnotation(@class, new Polygon(file.Frame ?? frame, Corners(box))),
        ];
    }

    // Centres of the corner pixels: fillpoly draws the boundary, so that both ends belong to the box.
    private Vertex[] Corners(VocBox box)
    {
        var (left, top, right, bottom) = (box.Left - _options.Origin, box.Top - _options.Origin, box.Right - _options.Origin, box.Bottom - _options.Origin);
        return [new(left, top), new(right, top), new(right, bottom), new(left, bottom)];
    }

    private static string? ClaimOf(string root, string path)
    {
        try
        {
            return VocFile.Read(ConfinedPath.Of(root, path), path).FileName;
        }
        catch (DataException)
        {
            return null;
        }
    }
}
