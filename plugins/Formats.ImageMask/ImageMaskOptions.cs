using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.ImageMask;

/// <summary>Which pages of a TIFF are cases.</summary>
public enum PageChoice
{
    /// <summary>Each; those of one file have one patient.</summary>
    All,

    /// <summary>The first.</summary>
    First,
}

/// <summary>Where images and label images lie, and what label values mean.</summary>
public sealed record ImageMaskOptions
{
    /// <summary>Folder of the training images below the root, '.' is the root itself; or one file, a TIFF whose pages are the images.</summary>
    public string Images { get; init; } = "images";

    /// <summary>Folder of the label images, which may be the same when the suffixes differ; or one file, as many pages long as the images'.</summary>
    public string Labels { get; init; } = "labels";

    /// <summary>Folder or file of images to predict; none when empty.</summary>
    public string TestImages { get; init; } = string.Empty;

    /// <summary>Folder or file of their labels; none when empty.</summary>
    public string TestLabels { get; init; } = string.Empty;

    /// <summary>What an image's name ends with before its extension: with "_0000", CASE_0000.png is case CASE.</summary>
    public string ImageSuffix { get; init; } = string.Empty;

    /// <summary>What a label's name ends with before its extension: with "_mask", CASE_mask.png belongs to case CASE.</summary>
    public string LabelSuffix { get; init; } = string.Empty;

    /// <summary>The value that stands for each class, 0 to 65535, e.g. {membrane: 0, cell: 255}. Classes are in the order of their values.</summary>
    public IReadOnlyDictionary<string, int> Values { get; init; } = new Dictionary<string, int>();

    /// <summary>With <see cref="Values"/>: values that belong to no class, e.g. [0, 255] where 0 is the background and 255 was left undecided.</summary>
    public IReadOnlyList<int> Ignore { get; init; } = [];

    /// <summary>Instead of <see cref="Values"/>: the colour [red, green, blue] that stands for each class, 0 to 255. Classes are in the natural order of their names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Colors { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>With <see cref="Colors"/>: colours that belong to no class, e.g. [[0, 0, 0]] where black is the background.</summary>
    public IReadOnlyList<IReadOnlyList<int>> IgnoreColors { get; init; } = [];

    /// <summary>
    /// Instead of one label image a case, one or more a class, which may overlap: where they lie below <see cref="Labels"/>, e.g. {radius: radius,
    /// ulna: "{case}_ulna", carpals: "{case}/carpal-*"}. A folder alone means files of the cases' names; {case} is the name, * anything.
    /// Pixels brighter than <see cref="Threshold"/> are the class. Classes are in the natural order of their names.
    /// </summary>
    public IReadOnlyDictionary<string, string> ClassFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>Instead of <see cref="Values"/>: brighter pixels are the foreground. 127 when nothing else is given.</summary>
    public int? Threshold { get; init; }

    /// <summary>With a threshold: the class of brighter pixels.</summary>
    public string Foreground { get; init; } = "foreground";

    /// <summary>With a threshold: the class of the other pixels; none when empty.</summary>
    public string Background { get; init; } = string.Empty;

    /// <summary>all: each page of a TIFF is a case, named CASE-0000, CASE-0001, …, and label stacks have as many; first: only the first page.</summary>
    public PageChoice Pages { get; init; } = PageChoice.All;

    /// <summary>
    /// Finds the patient in a case's name: the group 'patient' of this regular expression, else its first group, else the match.
    /// When empty, each image file is a patient of its own.
    /// </summary>
    public string PatientPattern { get; init; } = string.Empty;

    /// <summary>These options, when they make sense.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    internal ImageMaskOptions Checked()
    {
        string[] ways = [.. new[] { (Values.Count > 0, "values"), (Colors.Count > 0, "colors"), (ClassFiles.Count > 0, "class_files") }.Where(w => w.Item1).Select(w => w.Item2)];
        List<string> faults = [.. Faults(ways), .. ColourFaults(), .. FolderFaults(), .. CasePatients.Fault(PatientPattern)];
        return faults.Count == 0 ? this : throw new ConfigurationException(faults);
    }

    private IEnumerable<string> Faults(string[] ways)
    {
        if (ways.Length > 1)
        {
            yield return $"{string.Join(" and ", ways)} are given together; they are ways to say the same, keep one.";
        }

        if (Threshold is not null && ways.FirstOrDefault(w => w != "class_files") is { } way)
        {
            yield return $"{way} and threshold are both given; keep one.";
        }

        if (Math.Max(Values.Count, Math.Max(Colors.Count, ClassFiles.Count)) is > LabelMap.MaxClasses and var count)
        {
            yield return $"{ways[0]} names {count} classes; {LabelMap.MaxClasses} fit.";
        }

        if (Ignore.Count > 0 && Values.Count == 0)
        {
            yield return "ignore goes with values only; of colors, say ignore_colors.";
        }

        foreach (var value in Values.Values.Concat(Ignore).Append(Threshold ?? 0).Where(v => v is < 0 or > ushort.MaxValue))
        {
            yield return $"the label value {value} is outside 0 to 65535.";
        }

        foreach (var twice in Values.Values.Concat(Ignore).GroupBy(v => v).Where(g => g.Count() > 1))
        {
            yield return $"the label value {twice.Key} is given twice.";
        }

        if (ways.Length == 0 && (Foreground.Length == 0 || Foreground == Background))
        {
            yield return $"foreground '{Foreground}' must be a name that is not background's.";
        }

        if (Background.Length > 0 && ways.Length > 0)
        {
            yield return $"background goes with a threshold; {ways[0]} names its own classes.";
        }
    }

    private IEnumerable<string> ColourFaults()
    {
        var written = Colors.Select(c => ($"colors.{c.Key}", c.Value)).Concat(IgnoreColors.Select((c, i) => ($"ignore_colors[{i}]", c))).ToList();
        foreach (var (where, colour) in written.Where(c => c.Item2.Count != 3 || c.Item2.Any(v => v is < 0 or > 255)))
        {
            yield return $"{where} is [{string.Join(", ", colour)}]; a colour is [red, green, blue], 0 to 255 each.";
        }

        foreach (var twice in written.GroupBy(c => string.Join(", ", c.Item2)).Where(g => g.Count() > 1))
        {
            yield return $"the colour [{twice.Key}] is given twice, by {string.Join(" and ", twice.Select(t => t.Item1))}.";
        }

        if (IgnoreColors.Count > 0 && Colors.Count == 0)
        {
            yield return "ignore_colors goes with colors only.";
        }
    }

    private IEnumerable<string> FolderFaults()
    {
        if (ClassFiles.Count == 0 && Images == Labels && ImageSuffix == LabelSuffix)
        {
            yield return $"images and labels are the same folder '{Images}'; image_suffix and label_suffix must then differ.";
        }

        if (ClassFiles.Count == 0 && TestImages.Length > 0 && TestImages == TestLabels && ImageSuffix == LabelSuffix)
        {
            yield return $"test_images and test_labels are the same folder '{TestImages}'; image_suffix and label_suffix must then differ.";
        }

        foreach (var folder in new[] { Images, Labels, TestImages, TestLabels }.Concat(ClassFiles.Values).Where(f => Path.IsPathRooted(f) || f.Split('/', '\\').Contains("..")))
        {
            yield return $"'{folder}' must lie below the root: no '..', no absolute path.";
        }

        foreach (var (name, pattern) in ClassFiles.Where(c => c.Value.Length == 0 || c.Value.Replace("{case}", string.Empty).AsSpan().IndexOfAny('{', '}') >= 0))
        {
            yield return $"class_files.{name} is '{pattern}'; a folder is allowed, or a path in which {{case}} stands for the case's name and * for anything.";
        }

        if (ClassFiles.Count > 0 && LabelSuffix.Length > 0)
        {
            yield return "class_files says how label files are called; label_suffix has no meaning beside it.";
        }
    }
}
