using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Volumes;

/// <summary>Which values become black and white.</summary>
public enum IntensityScale
{
    /// <summary>The image's smallest and largest.</summary>
    MinMax,

    /// <summary>Two percentiles of the image; values beyond are cut.</summary>
    Percentile,

    /// <summary>A window: of a DICOM file's own, or one that is given.</summary>
    Window,

    /// <summary>The smallest and largest that the stored bits can hold, so that images of one detector stay comparable; of real numbers, 0 and 1.</summary>
    Full,
}

/// <summary>How values become an 8- or 16-bit image.</summary>
public record IntensityOptions
{
    /// <summary>Which values become black and white: min_max, percentile, window or full.</summary>
    public IntensityScale Intensity { get; init; } = IntensityScale.MinMax;

    /// <summary>With window: [center, width] in values.</summary>
    public IReadOnlyList<double> CenterWidth { get; init; } = [];

    /// <summary>With percentile: low and high, 0 to 100, as NumPy's default finds them.</summary>
    public IReadOnlyList<double> Percentiles { get; init; } = [0.5, 99.5];

    /// <summary>8 or 16 bits a pixel.</summary>
    public int Bits { get; init; } = 16;

    /// <summary>True where a window must be given, as no file brings one.</summary>
    protected virtual bool NeedsWindow => Intensity == IntensityScale.Window;

    /// <summary>What is wrong with these options.</summary>
    public virtual IEnumerable<string> Faults()
    {
        if (Bits is not (8 or 16))
        {
            yield return $"bits is {Bits}; 8 and 16 are allowed.";
        }

        if (Percentiles is not [>= 0 and var low, <= 100 and var high] || low >= high)
        {
            yield return $"percentiles is [{string.Join(", ", Percentiles)}]; two rising numbers from 0 to 100 are allowed.";
        }

        if (CenterWidth.Count != 0 && (CenterWidth.Count != 2 || !new DicomWindow(CenterWidth[0], CenterWidth[1], WindowFunction.Linear, string.Empty).IsLawful))
        {
            yield return $"center_width is [{string.Join(", ", CenterWidth)}]; a center and a width of at least 1 are allowed.";
        }

        if ((CenterWidth.Count != 0 && Intensity != IntensityScale.Window) || (CenterWidth.Count == 0 && NeedsWindow))
        {
            yield return "center_width: [center, width] and intensity: window go together.";
        }
    }

    /// <summary>Grey in [0, 1] for values; may lie outside of it, and is then cut.</summary>
    /// <param name="values">What the image, or the volume it is cut from, holds; NaN does not count.</param>
    /// <param name="full">The smallest and largest value there could be.</param>
    public Func<double, double> Grey(double[] values, (double Low, double High) full) => Intensity switch
    {
        IntensityScale.Window => new DicomWindow(CenterWidth[0], CenterWidth[1], WindowFunction.Linear, string.Empty).Grey,
        IntensityScale.Full => Between(full),
        IntensityScale.Percentile => Between(PercentilesOf(values)),
        _ => Between(Extremes(values)),
    };

    /// <summary>An image of grey levels; what is not finite is black.</summary>
    /// <param name="frame">Height and width.</param>
    /// <param name="values">Row by row.</param>
    /// <param name="grey">See <see cref="Grey"/>.</param>
    /// <param name="origin">What the file says of the image.</param>
    public Image ToImage(Frame frame, ReadOnlySpan<double> values, Func<double, double> grey, ImageOrigin origin)
    {
        var white = Bits == 8 ? byte.MaxValue : ushort.MaxValue;
        var pixels = new byte[(long)values.Length * (Bits / 8)];
        for (var i = 0; i < values.Length; i++)
        {
            var share = grey(values[i]);
            var level = double.IsNaN(share) ? 0 : (int)Math.Round(Math.Clamp(share, 0, 1) * white);
            if (Bits == 8)
            {
                pixels[i] = (byte)level;
            }
            else
            {
                (pixels[2 * i], pixels[(2 * i) + 1]) = ((byte)level, (byte)(level >> 8));
            }
        }

        return new Image(frame, Bits / 8, pixels) { Origin = origin };
    }

    /// <summary>How many values are NaN or infinite.</summary>
    public static long CountNotFinite(ReadOnlySpan<double> values)
    {
        var count = 0L;
        foreach (var value in values)
        {
            count += double.IsFinite(value) ? 0 : 1;
        }

        return count;
    }

    /// <summary>The smallest and largest number a type can hold; 0 and 1 of real ones.</summary>
    public static (double Low, double High) RangeOf(NumberType type) => type switch
    {
        NumberType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        NumberType.UInt8 => (0, byte.MaxValue),
        NumberType.Int16 => (short.MinValue, short.MaxValue),
        NumberType.UInt16 => (0, ushort.MaxValue),
        NumberType.Int32 => (int.MinValue, int.MaxValue),
        NumberType.UInt32 => (0, uint.MaxValue),
        NumberType.Int64 => (long.MinValue, long.MaxValue),
        NumberType.UInt64 => (0, ulong.MaxValue),
        _ => (0, 1),
    };

    // All values alike are black.
    private static Func<double, double> Between((double Low, double High) range) => value => range.High > range.Low ? (value - range.Low) / (range.High - range.Low) : 0;

    private static (double Low, double High) Extremes(double[] values)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var v in values)
        {
            if (double.IsFinite(v))
            {
                (low, high) = (Math.Min(low, v), Math.Max(high, v));
            }
        }

        return (low, high);
    }

    private (double Low, double High) PercentilesOf(double[] values)
    {
        var sorted = Array.FindAll(values, double.IsFinite);
        if (sorted.Length == 0)
        {
            return (0, 0);
        }

        Array.Sort(sorted);
        return (At(Percentiles[0]), At(Percentiles[1]));

        double At(double percentile)
        {
            var place = percentile / 100 * (sorted.Length - 1);
            var below = (int)Math.Floor(place);
            return sorted[below] + ((sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]) * (place - below));
        }
    }
}
