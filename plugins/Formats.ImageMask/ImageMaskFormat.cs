using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Plugins.ImageMask;

/// <summary>
/// Images beside label images of the same name: <c>images/7.png</c> and <c>labels/7.png</c>. PNG, JPEG, TIFF and BMP; what their pixels mean
/// is said by values (palettes count by index), colours, a threshold, or one file a class. Pages of a TIFF are cases of their own.
/// </summary>
/// <remarks>
/// Cases come in natural order (2 before 10). A case's id is its name without suffix and extension, in the test folder with
/// "test-" before it, as the two folders often count from the same number, and for a page of several with "-0000" behind it.
/// </remarks>
[Format("image-mask")]
public sealed class ImageMaskFormat : DatasetFormat
{
    private readonly ImageMaskOptions _options;
    private readonly ILabelMeaning _meaning;
    private readonly ClassFiles? _classFiles;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public ImageMaskFormat(ImageMaskOptions options)
    {
        _options = options.Checked();
        _classFiles = options.ClassFiles.Count > 0 ? new ClassFiles(options.ClassFiles) : null;
        _meaning = options.Values.Count > 0 ? new LabelValues(options.Values, options.Ignore)
            : options.Colors.Count > 0 ? new LabelColours([.. options.Colors.OrderBy(c => c.Key, NaturalOrder.Instance).Select(c => (c.Key, c.Value))], options.IgnoreColors)
            : new LabelThreshold(options);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _classFiles is null ? _meaning.Classes : [.. _options.ClassFiles.Keys.Order(NaturalOrder.Instance)];

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var findings = new List<Finding>();
        var cases = Index(root, _options.Images, _options.Labels, Subset.Train, findings);
        if (_options.TestImages.Length > 0)
        {
            cases.AddRange(Index(root, _options.TestImages, _options.TestLabels, Subset.Test, findings));
        }

        var taken = new Dictionary<string, CaseSource>(StringComparer.Ordinal);
        foreach (var source in cases.Where(c => !taken.TryAdd(c.Id, c)))
        {
            findings.Add(new Finding(Severity.Red, "duplicate-id", source.ImagePath, $"{taken[source.Id].ImagePath} is named {source.Id} already; this one is left out. Rename it."));
        }

        // A background that is left out is most often one that was forgotten: it stays a finding in multiclass mode.
        if (_options.Ignore.Count > 0 && !_options.Ignore.Contains(0))
        {
            findings.Add(new Finding(Severity.Info, "undecided-pixels", ".", $"Pixels of {string.Join(", ", _options.Ignore)} belong to no class. In multiclass mode they are neither learnt from nor scored; in multilabel mode they are background."));
        }

        return new CaseIndex([.. taken.Values], findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source)
    {
        var (file, page) = Part.Split(source.ImagePath);
        return ImageFile.ReadGray(ConfinedPath.Of(root, file), page);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label image.");
        if (_classFiles is null)
        {
            return Read(root, path, source, frame, _meaning);
        }

        var folder = source.Subset == Subset.Train ? _options.Labels : _options.TestLabels;
        return [.. _classFiles.Of(root, folder, NameOf(source)).SelectMany(c => Read(root, c.Path, source, frame, _meaning).Select(a => a with { Class = c.Class }))];
    }

    private static IReadOnlyList<MaskAnnotation> Read(string root, string path, CaseSource source, Frame frame, ILabelMeaning meaning)
    {
        var (file, page) = Part.Split(path);
        return meaning.Read(ConfinedPath.Of(root, file), page, path, own =>
        {
            if (own != frame)
            {
                throw new DataException(path, $"the label image is {own}, the image {source.ImagePath} is {frame}; they must agree.");
            }
        });
    }

    private List<CaseSource> Index(string root, string imageFolder, string labelFolder, Subset subset, List<Finding> findings)
    {
        var images = Images(root, imageFolder, labelFolder, findings);
        var labels = Labels(root, imageFolder, labelFolder, images, findings);
        var cases = new List<CaseSource>(images.Count);
        foreach (var (name, path) in images.OrderBy(i => i.Key, NaturalOrder.Instance))
        {
            if (!labels.Remove(name, out var label) && subset == Subset.Train)
            {
                findings.Add(new Finding(Severity.Red, "missing-label", path, $"The training image has no label image {labelFolder}/{(_classFiles is null ? $"{name}{_options.LabelSuffix}.*" : $"of {name}, of any class")}; add it, or move the image to the test folder."));
            }

            var id = subset == Subset.Train ? name : $"test-{name}";
            var whole = new CaseSource(id, PatientOf(name, id, path, findings), subset, path, label);
            cases.AddRange(PagesOf(root, whole, findings));
        }

        findings.AddRange(labels.OrderBy(l => l.Key, NaturalOrder.Instance).Select(l => new Finding(
            Severity.Amber, "missing-image", l.Value, $"The label image has no image {imageFolder}/{l.Key}{_options.ImageSuffix}.*; it is left out.")));
        return cases;
    }

    private Dictionary<string, string> Images(string root, string folder, string labelFolder, List<Finding> findings) =>
        ImageFiles.FileAt(root, folder) is { } file
            ? new(StringComparer.Ordinal) { [Path.GetFileNameWithoutExtension(file)] = file }
            : ImageFiles.List(root, folder, _options.ImageSuffix, folder == labelFolder && _classFiles is null ? _options.LabelSuffix : null, findings);

    /// <summary>By case: its label image, or the first of its classes' files.</summary>
    private Dictionary<string, string> Labels(string root, string imageFolder, string folder, Dictionary<string, string> images, List<Finding> findings)
    {
        if (folder.Length == 0)
        {
            return [];
        }

        if (_classFiles is null)
        {
            // Of two files that are named, one belongs to the other, whatever they are called.
            return ImageFiles.FileAt(root, folder) is { } file
                ? new(StringComparer.Ordinal) { [ImageFiles.FileAt(root, imageFolder) is null ? Path.GetFileNameWithoutExtension(file) : images.Keys.Single()] = file }
                : ImageFiles.List(root, folder, _options.LabelSuffix, folder == imageFolder ? _options.ImageSuffix : null, findings);
        }

        var listing = _classFiles.List(root, folder);
        findings.AddRange(listing.Strays.Except(images.Values).Select(s => new Finding(Severity.Amber, "stray-file", s, "It fits none of class_files; it is left out.")));
        return listing.ByCase.ToDictionary(c => c.Key, c => c.Value[0].Path, StringComparer.Ordinal);
    }

    /// <summary>A case, or one for each page of its TIFF.</summary>
    private IEnumerable<CaseSource> PagesOf(string root, CaseSource whole, List<Finding> findings)
    {
        try
        {
            var pages = _options.Pages == PageChoice.All ? Count(root, whole.ImagePath) : 1;
            var labelled = whole.LabelPath is not { } label ? 0 : _classFiles is not null ? pages == 1 ? 1 : 0 : _options.Pages == PageChoice.All ? Count(root, label) : 1;
            if (whole.LabelPath is not null && labelled != pages)
            {
                findings.Add(new Finding(Severity.Red, "page-count", whole.LabelPath, $"{whole.ImagePath} has {pages} page(s), its labels {(_classFiles is null ? $"have {labelled}" : "are files a class, which have none")}; a page of labels belongs to each. Mend the stack, or set pages: first."));
            }

            if (pages == 1)
            {
                return [whole];
            }

            return Enumerable.Range(0, pages).Select(k => whole with
            {
                Id = $"{whole.Id}-{k:D4}",
                ImagePath = Part.Of(whole.ImagePath, k),
                LabelPath = k < labelled ? Part.Of(whole.LabelPath!, k) : null,
                Metadata = new Dictionary<string, string> { ["stack"] = whole.Id, ["page"] = k.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            });
        }
        catch (DataException)
        {
            return [whole];                                         // Convert reads it again and tells what is wrong
        }
    }

    private string PatientOf(string name, string id, string path, List<Finding> findings) =>
        _options.PatientPattern.Length == 0 ? id : CasePatients.Of(_options.PatientPattern, name, path, findings) ?? id;

    private static int Count(string root, string path) => ImageFiles.IsTiff(path) ? ImageFile.CountPages(ConfinedPath.Of(root, path)) : 1;

    private string NameOf(CaseSource source) => Path.GetFileNameWithoutExtension(Part.Split(source.ImagePath).File)[..^_options.ImageSuffix.Length];
}
