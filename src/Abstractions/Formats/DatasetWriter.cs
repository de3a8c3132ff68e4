using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>A case to be written; pixels are read when they are asked for.</summary>
/// <param name="Name">Unique in the set, and good for a file: letters, digits, '.', '_', '-'.</param>
/// <param name="Source">As the experiment's own format listed it.</param>
/// <param name="Frame">The image's own; nothing is scaled.</param>
/// <param name="IsTest">True for cases that no fold learns from.</param>
/// <param name="IsLabelled">False for cases that are only predicted.</param>
public sealed record ExportedCase(string Name, CaseSource Source, Frame Frame, bool IsTest, bool IsLabelled)
{
    /// <summary>Reads the image, in <see cref="Frame"/>. Throws <see cref="DataException"/> when its file is gone or damaged.</summary>
    public required Func<Image> ReadImage { get; init; }

    /// <summary>Reads a mask a class, in <see cref="Frame"/>; only of labelled cases.</summary>
    public required Func<IReadOnlyList<Mask>> ReadTruth { get; init; }
}

/// <summary>A part of a cross-validation.</summary>
/// <param name="Train">In the set's order.</param>
/// <param name="Validation">In the set's order.</param>
public sealed record ExportedFold(IReadOnlyList<ExportedCase> Train, IReadOnlyList<ExportedCase> Validation);

/// <summary>What is written.</summary>
/// <param name="Name">The experiment's.</param>
/// <param name="Description">Its sentence for people; may be empty.</param>
/// <param name="Classes">In channel order.</param>
/// <param name="Cases">In the data set's order.</param>
/// <param name="Folds">The experiment's split.</param>
/// <param name="Combinations">Which classes share pixels, over all labelled cases.</param>
public sealed record ExportedSet(
    string Name, string Description, IReadOnlyList<string> Classes, IReadOnlyList<ExportedCase> Cases, IReadOnlyList<ExportedFold> Folds, ClassCombinations Combinations);

/// <summary>
/// Writes a data set in a layout that a <see cref="DatasetFormat"/> reads. An object writes one data set: <see cref="Begin"/>, then <see cref="Write"/> for all
/// cases from several threads, then <see cref="Finish"/>. The caller gives an empty folder and shows it to nobody before the end, reads what was written by
/// <see cref="ReadBack"/>, and tells what came back of each class.
/// </summary>
public abstract class DatasetWriter
{
    /// <summary>The format, with its options, that reads the folder again. Asked for after <see cref="Finish"/>.</summary>
    public abstract Choice ReadBack { get; }

    /// <summary>What that format calls a case: its name, unless overridden.</summary>
    public virtual string IdBack(ExportedCase source) => source.Name;

    /// <summary>True when every pixel comes back; a difference is then an error.</summary>
    public abstract bool IsLossless { get; }

    /// <summary>Judges whether the layout can hold the set, and begins.</summary>
    /// <param name="folder">Empty.</param>
    /// <param name="set">All of it.</param>
    /// <exception cref="ConfigurationException">It cannot: all reasons at once, and what to do.</exception>
    public abstract void Begin(string folder, ExportedSet set);

    /// <summary>Cases that become one file, such as slices of a volume; each for itself unless overridden.</summary>
    /// <exception cref="ConfigurationException">What belongs together does not fit together.</exception>
    public virtual IReadOnlyList<IReadOnlyList<ExportedCase>> Together(ExportedSet set) => [.. set.Cases.Select(c => (IReadOnlyList<ExportedCase>)[c])];

    /// <summary>Writes the files of some cases. Called from several threads; each file is written whole (<see cref="AtomicFile"/>).</summary>
    /// <param name="cases">One entry of <see cref="Together"/>.</param>
    public abstract void Write(IReadOnlyList<ExportedCase> cases);

    /// <summary>Writes what describes all of them.</summary>
    public abstract void Finish();
}
