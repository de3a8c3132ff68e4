using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>Image files that are damaged, truncated or not what they claim.</summary>
public sealed class UnreadableImage() : Rule("unreadable-image", Severity.Red,
    "An image file cannot be read whole; a JPEG that a lenient decoder would fill with grey counts.",
    "The network would learn from a picture that was never taken.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Conversion.Unread.Where(f => !f.IsLabel)
        .Select(f => new Finding(Severity, Name, f.Path, f.What) { Case = f.Case });
}

/// <summary>Label files that are damaged or not of the layout.</summary>
public sealed class UnreadableLabel() : Rule("unreadable-label", Severity.Red,
    "A label file cannot be read as the format has it: damaged, of another size than its image, or with values that mean nothing.",
    "Its case would be missing, or learnt from half a label.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Conversion.Unread.Where(f => f.IsLabel)
        .Select(f => new Finding(Severity, Name, f.Path, f.What) { Case = f.Case });
}

/// <summary>What formats find while they list a folder, each under its own name.</summary>
public sealed class ReportedByFormat : Rule
{
    /// <summary>What a format says where pixels of no class are meant.</summary>
    public const string UndecidedPixels = "undecided-pixels";

    private ReportedByFormat(string name, Severity severity, string what, string why)
        : base(name, severity, what, why)
    {
    }

    /// <summary>The names that formats use.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new ReportedByFormat("missing-label", Severity.Red, "A training image has no label file.", "It would silently be left out."),
        new ReportedByFormat("missing-image", Severity.Amber, "A label has no image; it is left out.", "Files were lost, or names were changed on one side."),
        new ReportedByFormat("duplicate-id", Severity.Red, "Two images have the name by which cases are told apart; the second is left out.", "One would overwrite the other."),
        new ReportedByFormat("no-patient", Severity.Red, "A name holds no patient.", "Cases of one patient could part between train and test."),
        new ReportedByFormat("outside-root", Severity.Red, "A link leads out of the data set's folder; it is not followed.", "A data set must not read what lies elsewhere."),
        new ReportedByFormat("stray-file", Severity.Amber, "A file does not belong to the layout; it is left out.", "It may be data under a wrong name."),
        new ReportedByFormat("unreadable-metadata", Severity.Amber, "The table of patients cannot be read; ages, sexes and notes are unknown.", "Folds cannot be balanced by them."),
        new ReportedByFormat("duplicate-metadata", Severity.Amber, "A patient has two rows in the table; the first stands.", "One of the two is wrong."),
        new ReportedByFormat("volume-axes", Severity.Red, "A volume has more axes than are cut into slices.", "Slices would mix what does not belong together."),
        new ReportedByFormat("page-count", Severity.Red, "A stack of images and its stack of labels have different numbers of pages.", "From the missing page on, every label would belong to the next image."),
        new ReportedByFormat("rle-convention", Severity.Amber, "The order or base that the experiment gives for a table of runs is not the one its masks look like; or, as info, which was found.", "A wrong one reads without an error, and every mask lies elsewhere."),
        new ReportedByFormat(UndecidedPixels, Severity.Info, "The experiment says that some label values stand for pixels that nobody decided, not for a background.", "In multiclass mode losses and scores leave them out, whatever is predicted there; in multilabel mode they are background."),
        new ReportedByFormat("no-image", Severity.Amber, "A DICOM file is no image; it is left out.", "A report or a dose is no picture."),
        new ReportedByFormat("burned-in-text", Severity.Amber, "A DICOM file says that text is burned into its pixels.", "It may tell who the patient is, and a network learns from letters."),
    ];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Conversion.Layout.Where(f => f.Check == Name);
}

/// <summary>Findings of a format under names that no rule has.</summary>
public sealed class OtherLayout() : Rule("layout", Severity.Amber,
    "The format found something about the folder that has no rule of its own; its severity is the format's.",
    "See the message.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Conversion.Layout
        .Where(f => ReportedByFormat.All.All(r => r.Name != f.Check))
        .Select(f => f with { Check = Name, Message = $"{f.Check}: {f.Message}" });
}
