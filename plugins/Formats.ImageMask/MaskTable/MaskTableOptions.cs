using Osteon.Abstractions;

namespace Osteon.Plugins.ImageMask;

/// <summary>Where a table of mask files lies, and which of its columns say what.</summary>
public sealed record MaskTableOptions
{
    /// <summary>The table, below the root: a row a mask file.</summary>
    public string Table { get; init; } = "masks.csv";

    /// <summary>Folder of the images below the root; nested folders are looked through.</summary>
    public string Images { get; init; } = "images";

    /// <summary>The column that names images, by path, file name, or name without ending.</summary>
    public string ImageColumn { get; init; } = "image";

    /// <summary>The column of mask files: paths below <see cref="Masks"/>.</summary>
    public string MaskColumn { get; init; } = "mask";

    /// <summary>The column of classes; none when empty: all masks are of the <see cref="Foreground"/>.</summary>
    public string ClassColumn { get; init; } = "class";

    /// <summary>The columns that say where a mask's first row and column lie in its image, for masks that are cut out; both or neither.</summary>
    public string TopColumn { get; init; } = string.Empty;

    /// <summary>See <see cref="TopColumn"/>.</summary>
    public string LeftColumn { get; init; } = string.Empty;

    /// <summary>The folder, below the root, that the table's paths of masks start from; '.' is the root itself.</summary>
    public string Masks { get; init; } = ".";

    /// <summary>A pixel is the class where red, green or blue is above this; 0 takes everything that is not black, as masks drawn in colours need it.</summary>
    public int Threshold { get; init; }

    /// <summary>Without a column of classes: their name.</summary>
    public string Foreground { get; init; } = "foreground";

    /// <summary>Finds the patient in a case's name, see image-mask; when empty, each image is a patient of its own.</summary>
    public string PatientPattern { get; init; } = string.Empty;

    /// <summary>These options, when they make sense.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    internal MaskTableOptions Checked()
    {
        string[] faults =
        [
            .. CasePatients.Fault(PatientPattern),
            .. Fault(Table.Length == 0, "table is empty; name the CSV."),
            .. Fault(ImageColumn.Length == 0 || MaskColumn.Length == 0, "image_column and mask_column must both be named."),
            .. Fault(TopColumn.Length == 0 != (LeftColumn.Length == 0), "top_column and left_column go together."),
            .. Fault(Threshold is < 0 or > 254, $"threshold is {Threshold}; 0 to 254 are allowed."),
            .. Fault(ClassColumn.Length == 0 && Foreground.Length == 0, "foreground is empty; name the class of all masks."),
            .. new[] { Table, Images, Masks }.Where(f => Path.IsPathRooted(f) || f.Split('/', '\\').Contains("..")).Select(f => $"'{f}' must lie below the root: no '..', no absolute path."),
        ];
        return faults.Length == 0 ? this : throw new ConfigurationException(faults);

        static string[] Fault(bool wrong, string what) => wrong ? [what] : [];
    }
}
