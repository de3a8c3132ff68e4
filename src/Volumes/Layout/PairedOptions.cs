using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Volumes;

/// <summary>Where images and labels lie, and what label values mean.</summary>
public abstract record PairedOptions : IntensityOptions
{
    /// <summary>Folder of the training images below the root; '.' is the root itself.</summary>
    public string Images { get; init; } = "images";

    /// <summary>Folder of their labels, of the same names; none when empty.</summary>
    public string Labels { get; init; } = "labels";

    /// <summary>Folder of images to predict; none when empty.</summary>
    public string TestImages { get; init; } = string.Empty;

    /// <summary>Folder of their labels; none when empty.</summary>
    public string TestLabels { get; init; } = string.Empty;

    /// <summary>The value that stands for each class in a label map, e.g. {femur: 1, tibia: 2}; when empty, every value but 0 is the foreground.</summary>
    public IReadOnlyDictionary<string, int> Values { get; init; } = new Dictionary<string, int>();

    /// <summary>With values: others that belong to no class; 0 is always one of them when no class has it.</summary>
    public IReadOnlyList<int> Ignore { get; init; } = [];

    /// <summary>Without values: the class of every value but 0.</summary>
    public string Foreground { get; init; } = "foreground";

    /// <summary>Names of a label stack's channels, (rows, columns, channels), where labels are stacks and not maps.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Finds the patient in a case's name: the group 'patient' of this regular expression, else its first group, else the match. When empty, each file is a patient of its own.</summary>
    public string PatientPattern { get; init; } = string.Empty;

    /// <summary>Names in channel order: the channels, or the classes in the order of their values, or the foreground.</summary>
    public IReadOnlyList<string> ClassNames => Channels.Count > 0 ? Channels : Values.Count > 0 ? [.. Values.OrderBy(v => v.Value).Select(v => v.Key)] : [Foreground];

    /// <inheritdoc/>
    public override IEnumerable<string> Faults() =>
    [
        .. base.Faults(),
        .. Values.Count > 0 && Channels.Count > 0 ? ["values and channels are both given; keep one."] : Array.Empty<string>(),
        .. ClassNames.Count > LabelMap.MaxClasses ? [$"{ClassNames.Count} classes are named; {LabelMap.MaxClasses} fit."] : Array.Empty<string>(),
        .. ClassNames.GroupBy(n => n).Where(g => g.Key.Length == 0 || g.Count() > 1).Select(g => $"the class '{g.Key}' has no name, or one that is given twice."),
        .. Values.Values.Concat(Ignore).GroupBy(v => v).Where(g => g.Count() > 1).Select(g => $"the label value {g.Key} is given twice."),
        .. new[] { Images, Labels, TestImages, TestLabels }.Where(f => Path.IsPathRooted(f) || f.Split('/', '\\').Contains("..")).Select(f => $"the folder '{f}' must lie below the root: no '..', no absolute path."),
        .. CasePatients.Fault(PatientPattern),
    ];

    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Demand()
    {
        string[] faults = [.. Faults()];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }
    }
}
