using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.LabelMe;

/// <summary>
/// Images and a JSON of LabelMe for each, beside it or in a folder of its own. An image that lies nowhere is read out of its JSON, where
/// LabelMe puts it as text. Classes are the labels that the files use, in ordinal order, unless categories names them.
/// </summary>
[Format("labelme")]
public sealed class LabelMeFormat : DatasetFormat
{
    private const string Ending = ".json";

    private readonly LabelMeOptions _options;
    private readonly CategoryMap _categories;
    private readonly LabelledImages _images;
    private readonly SourceClasses _classes;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public LabelMeFormat(LabelMeOptions options)
    {
        options.Demand();
        _options = options;
        _categories = new CategoryMap(options.Categories);
        _images = new LabelledImages(options, Ending) { ClaimOf = (root, path) => Head(root, path)?.ImagePath, IsWhole = (root, path) => Head(root, path)?.HasImage == true };
        _classes = new SourceClasses(_categories, (root, path) => LabelMeFile.Read(ConfinedPath.Of(root, path), path).Shapes.Select(s => s.Label));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _categories.Classes;

    /// <inheritdoc/>
    public override PolygonRaster? Raster => _options.Raster;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesIn(string root) => _classes.In(root, () => _images.Files(root));

    /// <inheritdoc/>
    public override CaseIndex Index(string root) => _classes.Unknown(root, () => _images.Files(root)) is { Count: > 0 } faults
        ? throw new ConfigurationException(faults)
        : _images.Index(root);

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source)
    {
        var path = ConfinedPath.Of(root, source.ImagePath);
        return !source.ImagePath.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? ImageFile.ReadGray(path)
            : LabelMeFile.Read(path, source.ImagePath, withImage: true).Image is { } bytes ? ImageFile.ReadGray($"{source.ImagePath} (imageData)", bytes)
            : throw new DataException(source.ImagePath, "has no imageData any more.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label file.");
        var file = LabelMeFile.Read(ConfinedPath.Of(root, path), path);
        var (shapes, faults) = (new List<Annotation>(), new List<string>());
        if (source.ImagePath != path && _options.NameFault(file.ImagePath, source.ImagePath) is { } wrong)
        {
            faults.Add(wrong);
        }

        foreach (var shape in file.Shapes)
        {
            if (_categories.Of(shape.Label) is { } @class)
            {
                shapes.AddRange(shape.Cover(@class, file.Frame ?? frame, frame, _options, path, fault => faults.Add($"shapes[{shape.Index}] ({Few.Quoted(shape.Label)}) {fault}")));
            }
        }

        Few.Throw(path, faults);
        return shapes;
    }

    // A file that cannot be read belongs to no image; where it stands beside one, Convert tells why.
    private static LabelMeFile? Head(string root, string path)
    {
        try
        {
            return LabelMeFile.Read(ConfinedPath.Of(root, path), path);
        }
        catch (DataException)
        {
            return null;
        }
    }
}
