using System.Text.RegularExpressions;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.ImageMask;

/// <summary>
/// Images beside label images of the same name, whose values say which class a pixel is: <c>images/7.png</c> and
/// <c>labels/7.png</c>. PNG, JPEG, TIFF and BMP; palettes count by index.
/// </summary>
/// <remarks>
/// Cases come in natural order (2 before 10). A case's id is its name without suffix and extension, in the test folder with
/// "test-" before it, as the two folders often count from the same number.
/// </remarks>
[Format("image-mask")]
public sealed class ImageMaskFormat(ImageMaskOptions options) : DatasetFormat
{
    private readonly ImageMaskOptions _options = options.Checked();
    private readonly LabelValues _values = new(options);
    private readonly Regex? _pattern = options.Pattern();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _values.Classes;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var findings = new List<Finding>();
        var cases = Index(root, _options.Images, _options.Labels, Subset.Train, findings);
        if (_options.TestImages.Length > 0)
        {
            var taken = cases.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var test in Index(root, _options.TestImages, _options.TestLabels, Subset.Test, findings))
            {
                if (taken.Add(test.Id))
                {
                    cases.Add(test);
                }
                else
                {
                    findings.Add(new Finding(Severity.Red, "duplicate-id", test.ImagePath, $"A training image is named {test.Id} already; this one is left out. Rename it."));
                }
            }
        }

        return new CaseIndex(cases, findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source) => ImageFile.ReadGray(ConfinedPath.Of(root, source.ImagePath));

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label image.");
        var labels = ImageFile.ReadIndexed(ConfinedPath.Of(root, path));
        return labels.Frame == frame
            ? _values.Read(path, labels)
            : throw new DataException(path, $"the label image is {labels.Frame}, the image {source.ImagePath} is {frame}; they must agree.");
    }

    private List<CaseSource> Index(string root, string imageFolder, string labelFolder, Subset subset, List<Finding> findings)
    {
        var shared = imageFolder == labelFolder;
        var images = ImageFolder.List(root, imageFolder, _options.ImageSuffix, shared ? _options.LabelSuffix : null, findings);
        var labels = labelFolder.Length == 0 ? [] : ImageFolder.List(root, labelFolder, _options.LabelSuffix, shared ? _options.ImageSuffix : null, findings);
        var cases = new List<CaseSource>(images.Count);
        foreach (var (name, path) in images.OrderBy(i => i.Key, NaturalOrder.Instance))
        {
            if (!labels.Remove(name, out var label) && subset == Subset.Train)
            {
                findings.Add(new Finding(Severity.Red, "missing-label", path, $"The training image has no label image {labelFolder}/{name}{_options.LabelSuffix}.*; add it, or move the image to the test folder."));
            }

            var id = subset == Subset.Train ? name : $"test-{name}";
            cases.Add(new CaseSource(id, Patient(name, id, path, findings), subset, path, label));
        }

        findings.AddRange(labels.OrderBy(l => l.Key, NaturalOrder.Instance).Select(l => new Finding(
            Severity.Amber, "missing-image", l.Value, $"The label image has no image {imageFolder}/{l.Key}{_options.ImageSuffix}.*; it is left out.")));
        return cases;
    }

    private string Patient(string name, string id, string path, List<Finding> findings)
    {
        if (_pattern is null)
        {
            return id;
        }

        try
        {
            if (_pattern.Match(name) is { Success: true } match)
            {
                var group = match.Groups["patient"].Success ? match.Groups["patient"] : match.Groups.Count > 1 ? match.Groups[1] : match;
                if (group.Length > 0)
                {
                    return group.Value;
                }
            }
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ConfigurationException($"patient_pattern '{_options.PatientPattern}' takes more than a second on '{name}'; write it without nested repetition.");
        }

        findings.Add(new Finding(Severity.Red, "no-patient", path, $"patient_pattern '{_options.PatientPattern}' finds no patient in '{name}'; cases of one patient could part between train and test."));
        return id;
    }
}
