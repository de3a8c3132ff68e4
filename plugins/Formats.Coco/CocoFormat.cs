using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.Coco;

/// <summary>
/// Images and a COCO instances file: outlines of several parts, runs in both forms, crowds, categories with any ids. Cases are the images
/// that the file lists, with or without annotations, in natural order; classes are the categories by their ids.
/// </summary>
[Format("coco")]
public sealed class CocoFormat : DatasetFormat
{
    private readonly CocoOptions _options;
    private readonly CocoReader _reader;
    private readonly CategoryMap _categories;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public CocoFormat(CocoOptions options)
    {
        options.Demand();
        _options = options;
        _categories = new CategoryMap(options.Categories);
        _reader = new CocoReader(_categories, options.Raster, options.Crowds, options.SwappedSize);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _categories.Classes;

    /// <inheritdoc/>
    public override PolygonRaster? Raster => _options.Raster;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesIn(string root) => _categories.TakesAll ? _reader.Classes(Files(root).Select(f => f.File)) : Classes;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var files = Files(root);
        string[] faults = [.. _reader.UnknownNames(files.Select(f => f.File))];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }

        var (findings, cases) = (new List<Finding>(), new List<CaseSource>());
        findings.AddRange(files[0].Findings);
        Add(files[0].Found.Select(f => f.Path), files[0].Folder, Subset.Train, _options.Annotations);
        var unlisted = files[0].Folder.Paths.Where(p => files.All(f => f.Of(p) is null) && !IsTest(p)).ToArray();
        findings.AddFew([.. unlisted.Select(p => new Finding(Severity.Amber, "stray-file", p, $"{_options.Annotations} does not list it; it is left out."))], _options.Images);
        if (files.Count > 1)
        {
            findings.AddRange(files[1].Findings);
            Add(files[1].Found.Select(f => f.Path), files[1].Folder, Subset.Test, _options.TestAnnotations);
        }
        else if (_options.TestImages.Length > 0)
        {
            var folder = FileTree.Images(root, _options.TestImages, findings);
            Add(folder.Paths.Where(p => files[0].Of(p) is null), folder, Subset.Test, null);
        }

        return new CaseIndex(cases, findings);

        void Add(IEnumerable<string> paths, FileTree folder, Subset subset, string? label)
        {
            var taken = cases.ToDictionary(c => c.Id, StringComparer.Ordinal);
            foreach (var path in paths.Order(NaturalOrder.Instance))
            {
                var name = folder.IdOf(path);
                var id = subset == Subset.Train ? name : $"test-{name}";
                var source = new CaseSource(id, _options.PatientOf(name, id, path, findings), subset, path, CocoImages.LabelPath(label, path));
                if (taken.TryAdd(id, source))
                {
                    cases.Add(source);
                }
                else
                {
                    findings.Add(new Finding(Severity.Red, "duplicate-id", path, $"{taken[id].ImagePath} is named {id} already; this one is left out. Rename it, in the file too."));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source) => ImageFile.ReadGray(ConfinedPath.Of(root, source.ImagePath));

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no labels.");
        var file = Files(root).FirstOrDefault(f => f.Of(source.ImagePath) is not null)
            ?? throw new DataException(path, $"does not list the image {source.ImagePath}.");
        return _reader.Read(file.File, file.Of(source.ImagePath)!, path, frame);
    }

    private List<CocoImages> Files(string root)
    {
        var test = _options.TestImages.Length > 0 ? _options.TestImages : _options.Images;
        var files = new List<CocoImages> { _reader.Open(root, _options.Annotations, _options.Images) };
        if (_options.TestAnnotations.Length > 0)
        {
            files.Add(_reader.Open(root, _options.TestAnnotations, test));
        }

        return files;
    }

    private bool IsTest(string path) => _options.TestImages.Length > 0 && path.StartsWith(_options.TestImages.Trim('/') + "/", StringComparison.Ordinal);
}
