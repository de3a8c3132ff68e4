namespace Osteon.Abstractions;

/// <summary>Which part of a data set the source itself puts a case in.</summary>
public enum Subset
{
    /// <summary>To learn from; Split may hold some back as test cases.</summary>
    Train,

    /// <summary>To predict; may come without labels.</summary>
    Test,
}

/// <summary>One image of a data set as it lies on disk, before anything is read of it.</summary>
/// <param name="Id">Unique in the data set, without '/': the name in stores, splits and reports.</param>
/// <param name="Patient">Cases of one patient never part between train, validation and test.</param>
/// <param name="Subset">As the source lays it out.</param>
/// <param name="ImagePath">Relative to the data set's root, '/' between folders.</param>
/// <param name="LabelPath">Relative to the root; null where the source has no label.</param>
public sealed record CaseSource(string Id, string Patient, Subset Subset, string ImagePath, string? LabelPath)
{
    /// <summary>What a submission calls the image: the base name of its file.</summary>
    public string ImageName => ImagePath[(ImagePath.LastIndexOf('/') + 1)..];

    /// <summary>Facts about patient and image (sex, age, …), never names or other identifiers.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
