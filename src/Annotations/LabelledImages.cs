using Osteon.Abstractions;

namespace Osteon.Annotations;

/// <summary>Pairs images with label files: by place and name, else by the name alone, else by what the label file calls its image.</summary>
/// <param name="options">Where they lie.</param>
/// <param name="ending">Of label files, with the dot.</param>
public sealed class LabelledImages(LabelFileOptions options, string ending)
{
    /// <summary>What a label file calls its image; null where it says nothing or cannot be read. Asked only of files whose own name finds no image.</summary>
    public Func<string, string, string?> ClaimOf { get; init; } = (_, _) => null;

    /// <summary>True for a label file that holds its image itself.</summary>
    public Func<string, string, bool> IsWhole { get; init; } = (_, _) => false;

    /// <summary>What every case's metadata tells.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The cases, train before test, each in natural order.</summary>
    /// <exception cref="ConfigurationException">A folder does not exist.</exception>
    public CaseIndex Index(string root)
    {
        var (findings, cases, taken) = (new List<Finding>(), new List<CaseSource>(), new Dictionary<string, string>(StringComparer.Ordinal));
        Add(root, options.Images, options.Labels, Subset.Train, cases, taken, findings);
        if (options.TestImages.Length > 0)
        {
            Add(root, options.TestImages, options.TestLabels, Subset.Test, cases, taken, findings);
        }

        return new CaseIndex(cases, findings);
    }

    /// <summary>Every label file below the labels' folders; relative to the root.</summary>
    public IReadOnlyList<string> Files(string root) =>
    [
        .. new[] { options.Labels, options.TestImages.Length > 0 ? options.TestLabels : string.Empty }.Where(f => f.Length > 0).Distinct()
            .SelectMany(f => new FileTree(root, f, [ending], "labels", []).Paths).Distinct(),
    ];

    private void Add(string root, string imageFolder, string labelFolder, Subset subset, List<CaseSource> cases, Dictionary<string, string> taken, List<Finding> findings)
    {
        var images = FileTree.Images(root, imageFolder, findings);
        var labels = labelFolder.Length > 0 ? new FileTree(root, labelFolder, [ending], "labels", findings) : null;
        var own = images.Paths.Where(p => subset == Subset.Test || !IsTest(p)).ToArray();
        var pairs = own.ToDictionary(p => p, p => labels?.Twin(images.PlaceOf(p)), StringComparer.Ordinal);
        var used = pairs.Values.OfType<string>().ToHashSet(StringComparer.Ordinal);
        var alone = new List<Finding>();
        foreach (var label in labels?.Paths.Where(l => !used.Contains(l) && (subset == Subset.Test || !IsTest(l))) ?? [])
        {
            var claim = ClaimOf(root, label);
            if (claim is not null && images.Find(claim, out _) is { } image && pairs.TryGetValue(image, out var other) && other is null)
            {
                pairs[image] = label;
            }
            else if (IsWhole(root, label))
            {
                pairs[label] = label;
            }
            else
            {
                alone.Add(new Finding(Severity.Amber, "missing-image", label, $"No image {imageFolder}/{labels!.PlaceOf(label)}.* belongs to it{(claim is null ? string.Empty : $", and none is called {Few.Quoted(claim)}")}; it is left out."));
            }
        }

        foreach (var (image, label) in pairs.OrderBy(p => p.Key, NaturalOrder.Instance))
        {
            var name = image == label ? labels!.IdOf(label) : images.IdOf(image);
            var id = subset == Subset.Train ? name : $"test-{name}";
            if (!taken.TryAdd(id, image))
            {
                findings.Add(new Finding(Severity.Red, "duplicate-id", image, $"{taken[id]} is named {id} already; this one is left out. Rename it, and its label."));
                continue;
            }

            if (label is null && subset == Subset.Train)
            {
                findings.Add(new Finding(Severity.Red, "missing-label", image, $"The training image has no label {labelFolder}/{images.PlaceOf(image)}{ending}; add it (one without shapes, where there is nothing to see), or move the image to the test folder."));
            }

            cases.Add(new CaseSource(id, options.PatientOf(name, id, image, findings), subset, image, label) { Metadata = Metadata });
        }

        findings.AddFew(alone, labelFolder);
    }

    private bool IsTest(string path) => new[] { options.TestImages, options.TestLabels }.Any(f => f.Length > 0 && path.StartsWith(f.Trim('/') + "/", StringComparison.Ordinal));
}
