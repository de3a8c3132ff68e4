using System.ComponentModel.DataAnnotations;

namespace Osteon.Plugins.NnUnet;

/// <summary>How classes that overlap are written, where nnU-Net gives a pixel one label.</summary>
public enum OverlapForm
{
    /// <summary>As regions where one class lies inside the other wherever they meet, else as groups.</summary>
    Auto,

    /// <summary>One data set for each group of classes that never meet.</summary>
    Groups,

    /// <summary>One data set of regions, with a label for each combination of classes that occurs. nnU-Net learns it exactly, but what it predicts names one region a pixel: overlaps that are not nested are lost there.</summary>
    Combinations,
}

/// <summary>What becomes of slices of volumes.</summary>
public enum VolumeForm
{
    /// <summary>Each slice is a case of its own, as in the experiment.</summary>
    Slices,

    /// <summary>Slices of a volume are stacked again.</summary>
    Join,
}

/// <summary>How a data set is written for nnU-Net.</summary>
public sealed record NnUnetWriterOptions : IValidatableObject
{
    /// <summary>The data set's number, the first one where several are written; nnU-Net's own examples have those up to 100.</summary>
    [Range(1, 999)]
    public int Id { get; init; } = 501;

    /// <summary>What follows the number, letters and digits; the experiment's name when empty.</summary>
    public string DatasetName { get; init; } = string.Empty;

    /// <summary>What files end with: .nii.gz, .nii, or .png, which keeps no spacing.</summary>
    public string Ending { get; init; } = ".nii.gz";

    /// <summary>How classes that overlap are written: auto, groups or combinations.</summary>
    public OverlapForm Overlap { get; init; }

    /// <summary>What becomes of slices of volumes: slices or join.</summary>
    public VolumeForm Volumes { get; init; }

    /// <summary>Where several data sets are written, whether each has the images, or the others name those of the first.</summary>
    public bool CopyImages { get; init; }

    /// <summary>The channel's name, by which nnU-Net normalises: CT, noNorm, rescale_to_0_1; any other name means z-score.</summary>
    public string Channel { get; init; } = "radiograph";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Ending is not (".nii.gz" or ".nii" or ".png"))
        {
            yield return new ValidationResult($"is '{Ending}'; .nii.gz, .nii and .png are written.", [nameof(Ending)]);
        }
        else if (Ending == ".png" && Volumes == VolumeForm.Join)
        {
            yield return new ValidationResult("is join, and a .png holds no volume; write .nii.gz.", [nameof(Volumes)]);
        }

        if (DatasetName.Length > 60 || !DatasetName.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            yield return new ValidationResult($"is '{DatasetName}'; it becomes part of a folder's name. Use letters, digits and '_', at most 60.", [nameof(DatasetName)]);
        }

        if (Channel.Length == 0)
        {
            yield return new ValidationResult("is empty; nnU-Net needs a name.", [nameof(Channel)]);
        }
    }
}
