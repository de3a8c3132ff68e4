namespace Osteon.Masks;

/// <summary>Which pixel comes after the first.</summary>
public enum ScanOrder
{
    /// <summary>The one to its right (C order).</summary>
    Row,

    /// <summary>The one below it (Fortran order, NumPy's <c>.T.flatten()</c>).</summary>
    Column,
}

/// <summary>What the numbers are.</summary>
public enum RleForm
{
    /// <summary>Pairs: where a run starts and how long it is.</summary>
    StartLength,

    /// <summary>Lengths of unset and set runs in turn, unset first; they add up to the frame.</summary>
    Counts,

    /// <summary>The same counts as COCO's ASCII string: differences to the count two before, five bits a character.</summary>
    CocoString,
}

/// <summary>How a file writes runs. Two programs that disagree on any part of it read each other's files without an error.</summary>
/// <param name="Order">The scan order.</param>
/// <param name="Base">The first pixel's number in <see cref="RleForm.StartLength"/>, 0 or 1; counts have none.</param>
/// <param name="Form">What the numbers are.</param>
public sealed record RleConvention(ScanOrder Order, int Base, RleForm Form)
{
    /// <summary>Hand-bone submissions: rows, from 1, start and length.</summary>
    public static RleConvention HandBone { get; } = new(ScanOrder.Row, 1, RleForm.StartLength);

    /// <summary>Carvana, Airbus and others on Kaggle: columns, from 1, start and length. Some write an empty mask as -1, see <see cref="EmptyText"/>.</summary>
    public static RleConvention Kaggle { get; } = new(ScanOrder.Column, 1, RleForm.StartLength);

    /// <summary>COCO's uncompressed counts.</summary>
    public static RleConvention CocoCounts { get; } = new(ScanOrder.Column, 0, RleForm.Counts);

    /// <summary>COCO's compressed counts, as pycocotools writes them.</summary>
    public static RleConvention CocoString { get; } = new(ScanOrder.Column, 0, RleForm.CocoString);

    /// <summary>The conventions by the names that experiment files use.</summary>
    public static IReadOnlyDictionary<string, RleConvention> Named { get; } = new Dictionary<string, RleConvention>
    {
        ["hand-bone"] = HandBone,
        ["kaggle"] = Kaggle,
        ["coco-counts"] = CocoCounts,
        ["coco-string"] = CocoString,
    };

    /// <summary>The first pixel's number, 0 or 1.</summary>
    public int Base { get; init; } = Base is 0 or 1
        ? Base
        : throw new ArgumentOutOfRangeException(nameof(Base), Base, "Pixels are numbered from 0 or from 1.");

    /// <summary>
    /// How start and length say that no pixel is set: nothing by default, "-1" in some competitions. Reading takes nothing as well.
    /// Counts need no such word: the whole frame is one unset run.
    /// </summary>
    public string EmptyText { get; init; } = "";
}
