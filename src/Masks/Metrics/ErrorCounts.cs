namespace Osteon.Masks;

/// <summary>Wrong pixels of one class by <see cref="ErrorKind"/> and by how far they lie from the border of the class's truth.</summary>
public sealed class ErrorCounts
{
    /// <summary>Pixels up to which a distance counts for a band; the last band is all that is farther.</summary>
    public static IReadOnlyList<int> Limits { get; } = [2, 5];

    /// <summary>Number of bands.</summary>
    public static int Bands { get; } = Limits.Count + 1;

    /// <summary>All kinds, in the order to show.</summary>
    public static IReadOnlyList<ErrorKind> Kinds { get; } = [ErrorKind.WrongLabel, ErrorKind.UnderSegmentation, ErrorKind.OverSegmentation];

    private readonly long[,] _pixels = new long[Kinds.Count, Bands];

    /// <summary>Pixels of a kind in a band, nearest band first.</summary>
    public long this[ErrorKind kind, int band] => _pixels[(int)kind, band];

    /// <summary>Pixels of a kind.</summary>
    public long Of(ErrorKind kind) => Enumerable.Range(0, Bands).Sum(band => this[kind, band]);

    /// <summary>Pixels within a band.</summary>
    public long Within(int band) => Kinds.Sum(kind => this[kind, band]);

    /// <summary>All wrong pixels: those of the truth or of the prediction, but not of both.</summary>
    public long Total => Kinds.Sum(Of);

    /// <summary>Counts of several classes or cases together.</summary>
    public static ErrorCounts Sum(IEnumerable<ErrorCounts> counts)
    {
        var sum = new ErrorCounts();
        foreach (var (one, kind, band) in from one in counts from kind in Kinds from band in Enumerable.Range(0, Bands) select (one, kind, band))
        {
            sum._pixels[(int)kind, band] += one[kind, band];
        }

        return sum;
    }

    /// <summary>The band of a distance; infinity is of the last.</summary>
    internal static int BandOf(double distance) => Limits.TakeWhile(limit => distance > limit).Count();

    internal void Count(ErrorKind kind, int band, long pixels) => _pixels[(int)kind, band] += pixels;
}
