using System.Text.RegularExpressions;
using Osteon.Abstractions;

namespace Osteon.Plugins.ImageMask;

/// <summary>Where images and label images lie, and what label values mean.</summary>
public sealed record ImageMaskOptions
{
    /// <summary>Folder of the training images below the root; '.' is the root itself.</summary>
    public string Images { get; init; } = "images";

    /// <summary>Folder of the label images; may be the same folder when the suffixes differ.</summary>
    public string Labels { get; init; } = "labels";

    /// <summary>Folder of images to predict; none when empty.</summary>
    public string TestImages { get; init; } = string.Empty;

    /// <summary>Folder of their labels; none when empty.</summary>
    public string TestLabels { get; init; } = string.Empty;

    /// <summary>What an image's name ends with before its extension: with "_0000", CASE_0000.png is case CASE.</summary>
    public string ImageSuffix { get; init; } = string.Empty;

    /// <summary>What a label's name ends with before its extension: with "_mask", CASE_mask.png belongs to case CASE.</summary>
    public string LabelSuffix { get; init; } = string.Empty;

    /// <summary>The value that stands for each class, 0 to 65535, e.g. {membrane: 0, cell: 255}. Classes are in the order of their values.</summary>
    public IReadOnlyDictionary<string, int> Values { get; init; } = new Dictionary<string, int>();

    /// <summary>With <see cref="Values"/>: values that belong to no class, e.g. [0] where 0 is the background.</summary>
    public IReadOnlyList<int> Ignore { get; init; } = [];

    /// <summary>Instead of <see cref="Values"/>: larger values are the foreground. 127 when neither is given.</summary>
    public int? Threshold { get; init; }

    /// <summary>With a threshold: the class of larger values.</summary>
    public string Foreground { get; init; } = "foreground";

    /// <summary>With a threshold: the class of the other values; none when empty.</summary>
    public string Background { get; init; } = string.Empty;

    /// <summary>
    /// Finds the patient in a case's name: the group 'patient' of this regular expression, else its first group, else the match.
    /// When empty, each image is a patient of its own.
    /// </summary>
    public string PatientPattern { get; init; } = string.Empty;

    /// <summary>These options, when they make sense.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    internal ImageMaskOptions Checked()
    {
        var faults = new List<string>();
        if (Values.Count > 0 && Threshold is not null)
        {
            faults.Add("values and threshold are both given; keep one.");
        }

        if (Values.Count > 64)
        {
            faults.Add($"values names {Values.Count} classes; 64 fit.");
        }

        if (Ignore.Count > 0 && Values.Count == 0)
        {
            faults.Add("ignore goes with values only.");
        }

        faults.AddRange(Values.Values.Concat(Ignore).Append(Threshold ?? 0).Where(v => v is < 0 or > ushort.MaxValue).Select(v => $"the label value {v} is outside 0 to 65535."));
        faults.AddRange(Values.Values.Concat(Ignore).GroupBy(v => v).Where(g => g.Count() > 1).Select(g => $"the label value {g.Key} is given twice."));
        if (Values.Count == 0 && (Foreground.Length == 0 || Foreground == Background))
        {
            faults.Add($"foreground '{Foreground}' must be a name that is not background's.");
        }

        if (Images == Labels && ImageSuffix == LabelSuffix)
        {
            faults.Add($"images and labels are the same folder '{Images}'; image_suffix and label_suffix must then differ.");
        }

        if (TestImages.Length > 0 && TestImages == TestLabels && ImageSuffix == LabelSuffix)
        {
            faults.Add($"test_images and test_labels are the same folder '{TestImages}'; image_suffix and label_suffix must then differ.");
        }

        faults.AddRange(new[] { Images, Labels, TestImages, TestLabels }.Where(f => Path.IsPathRooted(f) || f.Split('/', '\\').Contains(".."))
            .Select(f => $"the folder '{f}' must lie below the root: no '..', no absolute path."));
        try
        {
            _ = Pattern();
        }
        catch (ArgumentException e)
        {
            faults.Add($"patient_pattern '{PatientPattern}' is no regular expression: {e.Message}");
        }

        return faults.Count == 0 ? this : throw new ConfigurationException(faults);
    }

    /// <summary>The compiled pattern; a match that takes a second is given up. Null when there is none.</summary>
    internal Regex? Pattern() =>
        PatientPattern.Length == 0 ? null : new Regex(PatientPattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
