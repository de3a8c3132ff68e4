using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>What a planner has to know of a data set: its labelled training cases, as they are stored.</summary>
/// <param name="Frames">Height and width of each, without what is black all around.</param>
/// <param name="Spacings">Size of a stored pixel of each; null where the file does not tell.</param>
/// <param name="Foreground">Grey levels where there is a class; null when none was asked for.</param>
public sealed record Fingerprint(IReadOnlyList<Frame> Frames, IReadOnlyList<Spacing?> Spacings, Intensities? Foreground)
{
    private const double Alike = 1e-3;

    /// <summary>Training cases.</summary>
    public int Cases => Frames.Count;

    /// <summary>The median size of a pixel, each axis by itself; null when not every file tells one.</summary>
    public Spacing? MedianSpacing => Spacings.Any(s => s is null) ? null
        : new Spacing(Median(Spacings.Select(s => s!.Value.Row)), Median(Spacings.Select(s => s!.Value.Column)));

    /// <summary>Whether pixels of all images measure the same.</summary>
    public bool IsEvenlySpaced => MedianSpacing is { } median && Spacings.All(s => Near(s!.Value.Row, median.Row) && Near(s!.Value.Column, median.Column));

    /// <summary>Reads it out of a case store.</summary>
    /// <param name="store">As Convert left it.</param>
    /// <param name="size">convert.size, with which it was converted.</param>
    /// <param name="intensities">Whether grey levels are counted, for which every image is read.</param>
    /// <param name="background">A class that is no foreground, by its name; none has to be there.</param>
    /// <param name="cancellation">Looked at between cases.</param>
    /// <exception cref="ConfigurationException">No case can be learnt from.</exception>
    public static Fingerprint Of(CaseStore store, int size, bool intensities, string background, CancellationToken cancellation)
    {
        StoredCase[] training = [.. store.Cases.Where(c => c.Labelled && c.Source.Subset == Subset.Train)];
        if (training.Length == 0)
        {
            throw new ConfigurationException("plan: no case of the data set is labelled and for training, so there is nothing to plan by.");
        }

        var counts = new long[ushort.MaxValue + 1];
        var keep = ~0UL;
        for (var k = 0; k < store.Classes.Count; k++)
        {
            keep = string.Equals(store.Classes[k], background, StringComparison.OrdinalIgnoreCase) ? keep & ~(1UL << k) : keep;
        }

        foreach (var stored in intensities ? training : [])
        {
            cancellation.ThrowIfCancellationRequested();
            Count(store.Read(stored), keep, counts);
        }

        return new Fingerprint([.. training.Select(c => Kept(store, c, size))], [.. training.Select(c => SpacingOf(store, c))], intensities ? Intensities.Of(counts) : null);
    }

    /// <summary>The middle one of values; between two, their mean.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) <= Alike * b;

    private static Spacing? SpacingOf(CaseStore store, StoredCase stored) => store.ReadFacts(stored).Origin.Spacing is { Row: > 0, Column: > 0 } spacing
        ? new Spacing(spacing.Row * stored.Shown.Height / stored.Stored.Height, spacing.Column * stored.Shown.Width / stored.Stored.Width)
        : null;

    // nnU-Net takes sizes after it has cut; where a longer side is asked for, it is that of what is left.
    private static Frame Kept(CaseStore store, StoredCase stored, int size)
    {
        var box = stored.Crop is null && Imaging.Nonzero.Box(store.ReadImage(stored)) is { } part ? part.Size : stored.Stored;
        var grown = size == 0 ? 1 : Math.Min((double)size / Math.Max(box.Height, box.Width), (double)stored.Shown.Height / stored.Stored.Height);
        return new Frame(Math.Max(1, (int)Math.Round(box.Height * grown)), Math.Max(1, (int)Math.Round(box.Width * grown)));
    }

    private static void Count(Sample sample, ulong keep, long[] counts)
    {
        var (image, labels) = (sample.Image, sample.Labels);
        var levels = image.BytesPerPixel == 1 ? default : image.Pixels<ushort>();
        for (var i = 0; i < image.Frame.Area; i++)
        {
            var word = labels.WordBytes switch
            {
                1 => labels.Bytes[i],
                2 => MemoryMarshal.Cast<byte, ushort>(labels.Bytes)[i],
                4 => MemoryMarshal.Cast<byte, uint>(labels.Bytes)[i],
                _ => MemoryMarshal.Cast<byte, ulong>(labels.Bytes)[i],
            };
            if ((word & keep) != 0)
            {
                counts[image.BytesPerPixel == 1 ? image.Bytes[i] : levels[i]]++;
            }
        }
    }
}

/// <summary>Grey levels of a foreground.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation.</param>
/// <param name="Low">The 0.5th percentile.</param>
/// <param name="High">The 99.5th.</param>
public sealed record Intensities(double Mean, double Deviation, double Low, double High)
{
    /// <summary>Of levels, counted; null when there is none.</summary>
    public static Intensities? Of(IReadOnlyList<long> counts)
    {
        var all = counts.Sum();
        if (all == 0)
        {
            return null;
        }

        var mean = counts.Select((count, level) => (double)count * level).Sum() / all;
        var variance = counts.Select((count, level) => count * Math.Pow(level - mean, 2)).Sum() / all;
        return new Intensities(mean, Math.Sqrt(variance), Quantile(0.005), Quantile(0.995));

        // NumPy's linear rule.
        double Quantile(double share)
        {
            var at = share * (all - 1);
            var (low, high) = (Level((long)Math.Floor(at)), Level((long)Math.Ceiling(at)));
            return low + ((high - low) * (at - Math.Floor(at)));
        }

        int Level(long rank)
        {
            var (level, seen) = (0, counts[0]);
            while (seen <= rank)
            {
                seen += counts[++level];
            }

            return level;
        }
    }
}
