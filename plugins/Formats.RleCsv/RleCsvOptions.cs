using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.RleCsv;

/// <summary>How a table lies.</summary>
public enum TableLayout
{
    /// <summary>A row an image and class, or several; or a row a mask where there is one class.</summary>
    Long,

    /// <summary>A row an image, a column a class.</summary>
    Wide,
}

/// <summary>Which pixel follows the first.</summary>
public enum RunOrder
{
    /// <summary>Is found out.</summary>
    Sniff,

    /// <summary>The one to its right.</summary>
    Row,

    /// <summary>The one below it.</summary>
    Column,
}

/// <summary>What the numbers of a cell are.</summary>
public enum RunForm
{
    /// <summary>Pairs: where a run starts, and how long it is.</summary>
    StartLength,

    /// <summary>Pairs: how many pixels lie between a run and the one before it, and how long it is.</summary>
    GapLength,

    /// <summary>COCO's counts: pixels outside and inside in turn.</summary>
    Counts,

    /// <summary>The same as COCO's ASCII string.</summary>
    CocoString,
}

/// <summary>What an image that no row names is.</summary>
public enum AbsentImage
{
    /// <summary>An image without a label, which is told.</summary>
    Unlabelled,

    /// <summary>An image in which there is nothing to find.</summary>
    Empty,
}

/// <summary>Where a table of runs and its images lie, and how the runs are written.</summary>
public sealed record RleCsvOptions
{
    /// <summary>The table of the training images, below the root.</summary>
    public string Table { get; init; } = "train.csv";

    /// <summary>Folder of the training images below the root; nested folders are looked through.</summary>
    public string Images { get; init; } = "images";

    /// <summary>Folder of images to predict; none when empty.</summary>
    public string TestImages { get; init; } = string.Empty;

    /// <summary>The table of their masks; none when empty.</summary>
    public string TestTable { get; init; } = string.Empty;

    /// <summary>long: a row an image and class; wide: a row an image and a column a class.</summary>
    public TableLayout Layout { get; init; } = TableLayout.Long;

    /// <summary>The column that names images, by path, file name, or name without ending; when empty, one of the usual names.</summary>
    public string ImageColumn { get; init; } = string.Empty;

    /// <summary>long: the column that names classes; when empty, one of the usual names, or none where all masks are of one class.</summary>
    public string ClassColumn { get; init; } = string.Empty;

    /// <summary>long: the column of runs; when empty, one of the usual names.</summary>
    public string RleColumn { get; init; } = string.Empty;

    /// <summary>long: a column that holds image and class in one, as "0002cc93b.jpg_1" does; instead of the two.</summary>
    public string ImageClassColumn { get; init; } = string.Empty;

    /// <summary>Classes in channel order; when empty, the values of the column of classes in natural order, or the foreground where there is no such column.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What the table calls a class, where that is another word: the value of its class column, or, wide, its column, e.g. {crack: "1"}.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>The class of all masks where the table names none.</summary>
    public string Foreground { get; init; } = "foreground";

    /// <summary>row, column, or sniff: it is found out, told, and refused where nothing tells.</summary>
    public RunOrder Order { get; init; } = RunOrder.Sniff;

    /// <summary>The first pixel's number: 0, 1, or sniff.</summary>
    public string Base { get; init; } = "sniff";

    /// <summary>start_length; gap_length; counts and coco_string, which have neither base nor, left to sniff, another order than COCO's column.</summary>
    public RunForm Form { get; init; } = RunForm.StartLength;

    /// <summary>For sniff: a folder of label images for some of the images, of their names; any value but 0 is set. They show all classes together, or lie in a folder a class.</summary>
    public string Reference { get; init; } = string.Empty;

    /// <summary>What an image without a row is: unlabelled, or empty where a table lists only what was found.</summary>
    public AbsentImage Absent { get; init; } = AbsentImage.Unlabelled;

    /// <summary>Columns that are facts of the image, e.g. [sex, age].</summary>
    public IReadOnlyList<string> Metadata { get; init; } = [];

    /// <summary>A column that names the patient.</summary>
    public string PatientColumn { get; init; } = string.Empty;

    /// <summary>Without a column: finds the patient in a case's name, see image-mask; when empty, each image is a patient of its own.</summary>
    public string PatientPattern { get; init; } = string.Empty;

    /// <summary>In channel order, as far as options say.</summary>
    internal IReadOnlyList<string> ClassNames => Classes.Count > 0 ? Classes : [Foreground];

    internal ScanOrder? GivenOrder => Order switch { RunOrder.Row => ScanOrder.Row, RunOrder.Column => ScanOrder.Column, _ => Form is RunForm.Counts or RunForm.CocoString ? ScanOrder.Column : null };

    internal int? GivenBase => Base switch { "0" => 0, "1" => 1, _ => Form == RunForm.StartLength ? null : 0 };

    /// <summary>These options, when they make sense.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    internal RleCsvOptions Checked()
    {
        string[] faults =
        [
            .. CasePatients.Fault(PatientPattern),
            .. Fault(Base is not ("0" or "1" or "sniff"), $"base is '{Base}'; 0, 1 and sniff are allowed."),
            .. Fault(Base is "1" && Form != RunForm.StartLength, "base goes with start_length only; the other forms number no pixel."),
            .. Fault(Form == RunForm.GapLength && Order == RunOrder.Sniff, "order must be given with gap_length: row or column."),
            .. Fault(Reference.Length > 0 && Order != RunOrder.Sniff && Base != "sniff", "reference is for sniff; order and base are both given."),
            .. Fault(Classes.Count > LabelMap.MaxClasses, $"classes names {Classes.Count} classes; {LabelMap.MaxClasses} fit."),
            .. Fault(Layout == TableLayout.Wide && Classes.Count == 0, "layout is wide; name the classes, whose columns they are."),
            .. Fault(Layout == TableLayout.Wide && (ClassColumn.Length > 0 || RleColumn.Length > 0 || ImageClassColumn.Length > 0), "layout is wide; class_column, rle_column and image_class_column are for long tables."),
            .. Fault(ImageClassColumn.Length > 0 && (ClassColumn.Length > 0 || ImageColumn.Length > 0), "image_class_column stands for image_column and class_column; keep the one or the two."),
            .. Fault(PatientColumn.Length > 0 && PatientPattern.Length > 0, "patient_column and patient_pattern are both given; keep one."),
            .. ClassNames.GroupBy(c => c).Where(g => g.Key.Length == 0 || g.Count() > 1).Select(g => $"the class '{g.Key}' has no name, or one that is given twice."),
            .. Names.Keys.Except(Classes).Select(n => $"names has '{n}', which is none of classes."),
            .. ClassNames.GroupBy(c => Names.GetValueOrDefault(c, c)).Where(g => g.Count() > 1).Select(g => $"'{g.Key}' of the table would be {string.Join(" and ", g)}."),
            .. new[] { Table, Images, TestTable, TestImages, Reference }.Where(f => Path.IsPathRooted(f) || f.Split('/', '\\').Contains("..")).Select(f => $"'{f}' must lie below the root: no '..', no absolute path."),
            .. Fault(Table.Length == 0, "table is empty; name the CSV."),
        ];
        return faults.Length == 0 ? this : throw new ConfigurationException(faults);

        static string[] Fault(bool wrong, string what) => wrong ? [what] : [];
    }
}
