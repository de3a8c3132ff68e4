using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Volumes;

namespace Osteon.Plugins.NnUnet;

/// <summary>What pixels of nnU-Net's ignore label are here, where every pixel counts.</summary>
public enum IgnoredPixels
{
    /// <summary>No class, as the background; a finding tells it.</summary>
    Background,

    /// <summary>A class of its own, called ignore, behind the others.</summary>
    Class,
}

/// <summary>Which data set is read, and how.</summary>
public sealed record NnUnetOptions : IntensityOptions
{
    /// <summary>The data set's folder, or its number, where the root holds several (as nnUNet_raw does); may be left out where there is one.</summary>
    public string Dataset { get; init; } = string.Empty;

    /// <summary>Which channel is the grey image: its name in channel_names, or its number.</summary>
    public string Channel { get; init; } = "0";

    /// <summary>The axis of volumes of which each place is a case: 2 cuts as scanners store, 1 and 0 across.</summary>
    [Range(0, 2)]
    public int Axis { get; init; } = 2;

    /// <summary>Folder of the test cases' label maps, below the data set's own; maps that are missing leave their cases to be predicted only.</summary>
    public string TestLabels { get; init; } = "labelsTs";

    /// <summary>What pixels of the ignore label are: background or class.</summary>
    public IgnoredPixels Ignored { get; init; }

    /// <summary>True makes the background a class of its own, the first, as experiments of exactly one class a pixel want it.</summary>
    public bool Background { get; init; }

    /// <summary>Finds the patient in a case's name: the group 'patient' of this regular expression, else its first group, else the match. When empty, each file is a patient of its own.</summary>
    public string PatientPattern { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults() =>
    [
        .. base.Faults(),
        .. new[] { Dataset, TestLabels }.Where(f => Path.IsPathRooted(f) || f.Split('/', '\\').Contains("..")).Select(f => $"the folder '{f}' must lie below the root: no '..', no absolute path."),
        .. Channel.Length == 0 ? ["channel is empty; a name of channel_names or a number is allowed."] : Array.Empty<string>(),
        .. CasePatients.Fault(PatientPattern),
    ];

    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    internal NnUnetOptions Checked() => Faults().ToArray() is { Length: > 0 } faults ? throw new ConfigurationException(faults) : this;
}
