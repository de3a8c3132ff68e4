using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>What a format found under a root: cases in their order, and what is wrong with the layout.</summary>
/// <param name="Cases">In the order a submission lists them; ids unique (a second one is a finding, and left out).</param>
/// <param name="Findings">Duplicate ids, labels without images, unreadable metadata, ….</param>
public sealed record CaseIndex(IReadOnlyList<CaseSource> Cases, IReadOnlyList<Finding> Findings);

/// <summary>Reads one layout of a data set. Stateless; called from many threads.</summary>
public abstract class DatasetFormat
{
    /// <summary>The classes a data set of this layout has when the experiment names none; index = channel = bit.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>
    /// The rule by which this format's outlines become pixels; null where labels hold none. It enters the key of every unit that comes
    /// of them, and the run's record.
    /// </summary>
    public virtual PolygonRaster? Raster => null;

    /// <summary>The classes of one data set: <see cref="Classes"/>, unless its own files name them.</summary>
    /// <param name="root">The data set's root.</param>
    /// <exception cref="ConfigurationException">The files that would name them cannot be read.</exception>
    public virtual IReadOnlyList<string> ClassesIn(string root) => Classes;

    /// <summary>
    /// What the reader has to find out about one data set before it can read its labels, e.g. rle: "row order from 1". It enters the key of
    /// every unit that comes of them, and the run's record.
    /// </summary>
    /// <param name="root">The data set's root.</param>
    /// <exception cref="ConfigurationException">It cannot be found out; says what to write into the experiment.</exception>
    public virtual IReadOnlyDictionary<string, string> FoundIn(string root) => new Dictionary<string, string>();

    /// <summary>Lists the cases without reading pixels.</summary>
    /// <exception cref="ConfigurationException">The root is not of this layout; says which folders were expected.</exception>
    public abstract CaseIndex Index(string root);

    /// <summary>Reads one image as grey, in its own frame.</summary>
    /// <exception cref="DataException">The file is missing, damaged or not an image.</exception>
    public abstract Image ReadImage(string root, CaseSource source);

    /// <summary>Reads one case's labels.</summary>
    /// <param name="root">The data set's root.</param>
    /// <param name="source">A case with a label path.</param>
    /// <param name="frame">The image's frame, as read from the image, never from the label file's own claim.</param>
    /// <returns>Shapes in the label file's order; nothing is clipped, scaled or skipped: Check judges them.</returns>
    /// <exception cref="DataException">The file is missing, damaged or not of this layout.</exception>
    public abstract IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame);
}

/// <summary>Makes a data set out of nothing but a seed, in a layout that a <see cref="DatasetFormat"/> reads.</summary>
public abstract class Synthesizer
{
    /// <summary>Writes the data set; the same options give the same bytes, on any number of threads.</summary>
    /// <param name="folder">An existing folder; what a killed call left there is written again.</param>
    /// <param name="progress">Told of each case done, with the total.</param>
    /// <param name="cancellation">Stops between cases.</param>
    public abstract void Synthesize(string folder, IProgress<(int Done, int Total)> progress, CancellationToken cancellation);
}
