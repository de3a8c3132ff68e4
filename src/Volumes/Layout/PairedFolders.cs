using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>An image file and the label file of the same name.</summary>
/// <param name="Name">Below its folder, without ending.</param>
/// <param name="Id">The case's: the name with '-' for '/', and "test-" before it in a test folder.</param>
/// <param name="Subset">By the folder.</param>
/// <param name="ImagePath">Relative to the root.</param>
/// <param name="LabelPath">Relative to the root; null where there is none.</param>
public sealed record PairedFile(string Name, string Id, Subset Subset, string ImagePath, string? LabelPath);

/// <summary>Lists images and labels of the same names in two folders, in natural order (2 before 10), and tells what has no partner.</summary>
/// <param name="options">Where they lie.</param>
/// <param name="imageEndings">What images end with, longest first, e.g. .nii.gz before .nii; any file when empty.</param>
/// <param name="labelEndings">What labels end with.</param>
public sealed class PairedFolders(PairedOptions options, IReadOnlyList<string> imageEndings, IReadOnlyList<string> labelEndings)
{
    private const int MaxDepth = 12;

    /// <summary>The pairs, train before test.</summary>
    /// <exception cref="ConfigurationException">A folder does not exist.</exception>
    public IReadOnlyList<PairedFile> List(string root, List<Finding> findings)
    {
        var pairs = List(root, options.Images, options.Labels, Subset.Train, findings);
        if (options.TestImages.Length > 0)
        {
            pairs.AddRange(List(root, options.TestImages, options.TestLabels, Subset.Test, findings));
        }

        var taken = new HashSet<string>(StringComparer.Ordinal);
        var twice = pairs.Where(p => !taken.Add(p.Id)).ToList();
        findings.AddRange(twice.Select(p => new Finding(Severity.Red, "duplicate-id", p.ImagePath, $"Another image is named {p.Id} already; this one is left out. Rename it.")));
        return [.. pairs.Except(twice)];
    }

    /// <summary>The patient of a case, by the pattern; the case's own id where there is none.</summary>
    public string PatientOf(PairedFile pair, List<Finding> findings) =>
        options.PatientPattern.Length == 0 ? pair.Id : CasePatients.Of(options.PatientPattern, pair.Name, pair.ImagePath, findings) ?? pair.Id;

    private List<PairedFile> List(string root, string imageFolder, string labelFolder, Subset subset, List<Finding> findings)
    {
        var images = Files(root, imageFolder, imageEndings, findings);
        var labels = labelFolder.Length == 0 ? [] : Files(root, labelFolder, labelEndings, findings);
        var pairs = new List<PairedFile>(images.Count);
        foreach (var (name, path) in images.OrderBy(i => i.Key, NaturalOrder.Instance))
        {
            if (!labels.Remove(name, out var label) && subset == Subset.Train && labelFolder.Length > 0)
            {
                findings.Add(new Finding(Severity.Red, "missing-label", path, $"The training image has no label {labelFolder}/{name} ({string.Join(" ", labelEndings)}); add it, or move the image to the test folder."));
            }

            var id = name.Replace('/', '-');
            pairs.Add(new PairedFile(name, subset == Subset.Train ? id : $"test-{id}", subset, path, label));
        }

        findings.AddRange(labels.OrderBy(l => l.Key, NaturalOrder.Instance).Select(l => new Finding(Severity.Amber, "missing-image", l.Value, $"The label has no image {imageFolder}/{l.Key}; it is left out.")));
        return pairs;
    }

    private static Dictionary<string, string> Files(string root, string folder, IReadOnlyList<string> endings, List<Finding> findings)
    {
        var full = Path.Combine(root, folder);
        if (!Directory.Exists(full))
        {
            throw new ConfigurationException($"{root}: holds no folder '{folder}'. Name another by images, labels, test_images or test_labels.");
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Below(full, string.Empty, 0).Order(StringComparer.Ordinal))
        {
            var relative = folder is "." ? name : $"{folder}/{name}";
            var ending = endings.Count == 0 ? Path.GetExtension(name) is ".dcm" or ".DCM" or ".dicom" or ".ima" or ".IMA" ? Path.GetExtension(name) : string.Empty
                : endings.FirstOrDefault(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase) && name.Length > e.Length);
            if (ending is null)
            {
                findings.Add(new Finding(Severity.Info, "stray-file", relative, $"Its name ends with none of {string.Join(" ", endings)}; it is left out."));
            }
            else if (!found.TryAdd(name[..^ending.Length], relative))
            {
                findings.Add(new Finding(Severity.Red, "duplicate-id", relative, $"{found[name[..^ending.Length]]} has the same name; this one is left out. Rename it."));
            }
        }

        return found;
    }

    // Hospitals export folders in folders. A folder that is a link is not entered: it may lead out of the root, or around.
    private static IEnumerable<string> Below(string folder, string prefix, int depth)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => e.Name[0] != '.'))
        {
            if (entry is not DirectoryInfo)
            {
                yield return prefix + entry.Name;
            }
            else if (entry.LinkTarget is null && depth < MaxDepth)
            {
                foreach (var name in Below(entry.FullName, $"{prefix}{entry.Name}/", depth + 1))
                {
                    yield return name;
                }
            }
        }
    }
}
