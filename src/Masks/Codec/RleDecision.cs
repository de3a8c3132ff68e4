using System.Globalization;

namespace Osteon.Masks;

/// <summary>
/// Finds scan order and base of start-and-length texts whose author did not say: by agreement with masks that are known, else by what
/// only one convention makes plausible. Where nothing tells two of them apart, it says so instead of guessing.
/// </summary>
public static class RleDecision
{
    /// <summary>A lead is believed when at least this share of the images agrees.</summary>
    private const double Agreeing = 0.8;

    /// <summary>So few images do not tell by their edges, nor by a mask that is only about right.</summary>
    private const int FewestEdges = 6, FewestAbout = 5;

    /// <summary>A mask that agrees so well is the same one.</summary>
    private const double Same = 0.995;

    /// <summary>Agreement with a reference in the right order is higher by far more than this.</summary>
    private const double Higher = 1.05;

    /// <summary>Outlines of a mask read across the grain are longer by far more than this.</summary>
    private const double Longer = 1.25;

    /// <summary>Edges under a mask's outline that lies where it belongs are steeper by at least this.</summary>
    private const double Steeper = 1.1;

    /// <summary>Runs that leave one pixel in a neighbouring line betray a base that is off by one; by chance they are rare.</summary>
    private const int FewestStragglers = 3, StragglersRatio = 5;

    /// <summary>Decides.</summary>
    /// <param name="samples">Images with their texts; a few dozen tell as much as all.</param>
    /// <param name="order">The order, where it is given; null is looked for.</param>
    /// <param name="origin">The base, where it is given; null is looked for.</param>
    /// <exception cref="MaskFormatException">The texts can be read in none of the conventions that are open.</exception>
    public static RleVerdict Decide(IReadOnlyList<RleSample> samples, ScanOrder? order = null, int? origin = null)
    {
        var readings = Read(samples, order, origin);
        var (foundOrder, orderBy) = order is { } given ? (given, "it is given") : OrderOf(readings);
        var rest = readings.Where(r => foundOrder is null || r.Order == foundOrder).ToList();
        var (foundBase, baseBy) = origin is { } known ? (known, "it is given") : BaseOf(rest, foundOrder);
        return new RleVerdict(foundOrder, foundBase, orderBy, baseBy);
    }

    /// <summary>The conventions in which all texts can be read.</summary>
    private static List<Reading> Read(IReadOnlyList<RleSample> samples, ScanOrder? order, int? origin)
    {
        var readings = new List<Reading>();
        MaskFormatException? fault = null;
        foreach (var convention in from o in new[] { ScanOrder.Row, ScanOrder.Column } from b in new[] { 1, 0 } where (order ?? o) == o && (origin ?? b) == b select new RleConvention(o, b, RleForm.StartLength))
        {
            try
            {
                readings.Add(new Reading(convention, [.. samples.Select(s => (s, s.Texts.Select(t => Rle.Decode(t, convention, s.Frame)).ToArray()))]));
            }
            catch (MaskFormatException e)
            {
                fault ??= e;
            }
        }

        return readings.Count > 0 ? readings : throw fault!;
    }

    private static (ScanOrder? Order, string By) OrderOf(List<Reading> readings)
    {
        if (readings.All(r => r.Order == readings[0].Order))
        {
            return (readings[0].Order, "in the other order runs leave the image");
        }

        // Of each order the base that fits better, so that the two do not stand in each other's way.
        var (rows, columns) = (readings.Where(r => r.Order == ScanOrder.Row).ToList(), readings.Where(r => r.Order == ScanOrder.Column).ToList());
        var tried = new List<string>();
        foreach (var (measure, lower, least, fewest, what) in new (Func<Reading, int, double?>, bool, double, int, string)[]
        {
            ((r, i) => r.Agreement(i), false, Higher, 1, "agreement with reference masks, mean IoU {0:0.###} against {1:0.###}"),
            ((r, i) => r.Outline(i), true, Longer, 1, "length of the outlines, {0:0.##} of a pixel's against {1:0.##}"),
            ((r, i) => r.Edge(i), false, Steeper, FewestEdges, "steepness of the images under the outlines, {0:0.#} against {1:0.#}"),
        })
        {
            double? Of(List<Reading> of, int i) => of.Select(r => measure(r, i)).Where(v => v is not null).DefaultIfEmpty(null).Aggregate((a, b) => lower ? Math.Min(a!.Value, b!.Value) : Math.Max(a!.Value, b!.Value));

            var pairs = Enumerable.Range(0, rows[0].Count).Select(i => (Row: Of(rows, i), Column: Of(columns, i))).Where(p => p is { Row: not null, Column: not null }).Select(p => (Row: p.Row!.Value, Column: p.Column!.Value)).ToList();
            if (pairs.Count == 0)
            {
                continue;
            }

            var votes = (Row: pairs.Count(p => lower ? p.Row < p.Column : p.Row > p.Column), Column: pairs.Count(p => lower ? p.Row > p.Column : p.Row < p.Column));
            var (row, column) = (pairs.Average(p => p.Row), pairs.Average(p => p.Column));
            var byRow = lower ? row < column : row > column;
            var (better, worse) = byRow ? (row, column) : (column, row);
            var wide = lower ? worse >= least * better : better >= least * worse && better > worse;
            var told = string.Create(CultureInfo.InvariantCulture, $"{string.Format(CultureInfo.InvariantCulture, what, better, worse)}, {(byRow ? votes.Row : votes.Column)} of {pairs.Count} images");
            if (wide && Believed(byRow ? votes.Row : votes.Column, pairs.Count, fewest))
            {
                return (byRow ? ScanOrder.Row : ScanOrder.Column, told);
            }

            tried.Add(told);
        }

        return (null, tried.Count > 0 ? $"nothing tells rows from columns: {string.Join("; ", tried)}" : "nothing tells rows from columns");
    }

    private static (int? Base, string By) BaseOf(List<Reading> readings, ScanOrder? order)
    {
        if (readings.All(r => r.Base == readings[0].Base))
        {
            return (readings[0].Base, readings[0].Base == 0 ? "a run starts at 0" : "counted from 0, a run would end beyond the last pixel");
        }

        if (order is null)
        {
            return (null, "the order must be known first");
        }

        var (zero, one) = (readings.Single(r => r.Base == 0), readings.Single(r => r.Base == 1));
        var pairs = Enumerable.Range(0, zero.Count).Select(i => (Zero: zero.Agreement(i), One: one.Agreement(i))).Where(p => p.Zero is not null && p.One is not null).ToList();
        var byOne = pairs.Average(p => p.One) > pairs.Average(p => p.Zero);
        var votes = pairs.Count(p => byOne ? p.One > p.Zero : p.Zero > p.One);
        var tried = new List<string>();
        if (pairs.Count > 0)
        {
            var told = string.Create(CultureInfo.InvariantCulture, $"agreement with reference masks, mean IoU {pairs.Average(p => byOne ? p.One : p.Zero):0.####} against {pairs.Average(p => byOne ? p.Zero : p.One):0.####}, {votes} of {pairs.Count} images");
            if (Believed(votes, pairs.Count, (byOne ? pairs.Average(p => p.One) : pairs.Average(p => p.Zero)) >= Same ? 1 : FewestAbout))
            {
                return (byOne ? 1 : 0, told);
            }

            tried.Add(told);
        }

        var (zeros, ones) = (zero.Stragglers(), one.Stragglers());
        var runs = $"runs that leave one pixel in the next line: {zeros} counted from 0, {ones} counted from 1";
        if (Math.Max(zeros, ones) >= FewestStragglers && Math.Max(zeros, ones) >= StragglersRatio * Math.Min(zeros, ones))
        {
            return (zeros < ones ? 0 : 1, runs);
        }

        tried.Add(runs);
        return (null, $"nothing tells 0 from 1: {string.Join("; ", tried)}");
    }

    private static bool Believed(int votes, int of, int fewest) => of >= fewest && votes >= Agreeing * of;

    /// <summary>All texts, read in one convention.</summary>
    private sealed class Reading(RleConvention convention, IReadOnlyList<(RleSample Sample, Mask[] Masks)> images)
    {
        public ScanOrder Order => convention.Order;

        public int Base => convention.Base;

        public int Count => images.Count;

        /// <summary>IoU of all masks of an image together with what they should show.</summary>
        public double? Agreement(int image) =>
            images[image] is { Sample.Reference: { IsEmpty: false } reference, Masks: { Length: > 0 } masks } ? MaskMetrics.IoU(masks.Aggregate((a, b) => a.Union(b)), reference) : null;

        /// <summary>Length of the outlines between neighbouring pixels, for each pixel of the masks.</summary>
        public double? Outline(int image)
        {
            var (inside, area) = (0L, 0L);
            foreach (var mask in images[image].Masks)
            {
                area += mask.Area;
                inside += Kept(mask, mask.Frame.Width) + Kept(mask, 1);
            }

            return area > 0 ? (4.0 * area - 2.0 * inside) / area : null;
        }

        /// <summary>Mean steepness of the image where the masks' outlines lie, in units of its mean.</summary>
        public double? Edge(int image)
        {
            var (sample, masks) = images[image];
            if (sample.Steepness is not { } steepness)
            {
                return null;
            }

            var (sum, count) = (0L, 0L);
            foreach (var mask in masks)
            {
                var width = mask.Frame.Width;
                var core = Shifted(mask, width).Intersect(Shifted(mask, -width)).Intersect(Shifted(mask, 1)).Intersect(Shifted(mask, -1));
                foreach (var run in mask.Subtract(core).Runs)
                {
                    for (var i = run.Start; i < run.End; i++)
                    {
                        sum += steepness[i];
                    }

                    count += run.Length;
                }
            }

            return count > 0 ? (double)sum / count : null;
        }

        /// <summary>Runs that reach into the next line with one pixel, or begin with the last of one.</summary>
        public int Stragglers()
        {
            var found = 0;
            foreach (var (sample, masks) in images)
            {
                foreach (var mask in masks)
                {
                    // Along the scan: columns are rows of the transposed mask.
                    var scanned = Order == ScanOrder.Row ? mask : mask.Transpose();
                    var line = scanned.Frame.Width;
                    foreach (var run in scanned.Runs)
                    {
                        found += run.Length is > 1 && run.Length < line && (run.End % line == 1 || run.Start % line == line - 1) ? 1 : 0;
                    }
                }
            }

            return found;
        }

        private static long Kept(Mask mask, int by) => mask.Intersect(Shifted(mask, by)).Area;

        /// <summary>Each pixel moved on in scan order; what leaves the frame is gone. A pixel that comes into the next line by it does not matter here.</summary>
        private static Mask Shifted(Mask mask, int by)
        {
            var area = mask.Frame.Area;
            var runs = new List<Run>(mask.Runs.Length);
            foreach (var run in mask.Runs)
            {
                var (start, end) = (Math.Max(0, run.Start + (long)by), Math.Min(area, run.End + (long)by));
                if (start < end)
                {
                    runs.Add(new Run((int)start, (int)(end - start)));
                }
            }

            return new Mask(mask.Frame, [.. runs]);
        }
    }
}
