using System.Numerics;
using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>How classes usually lie to one another in a data set, learnt from the set itself: robustly, and whether hands are left or right, large or turned.</summary>
internal sealed class Arrangement
{
    private const int Rounds = 3;

    /// <summary>Places are told in units of the whole arrangement's size; a set without one scatters more than this.</summary>
    private const double LargestScatter = 0.15;

    private const double LeastSpread = 0.01;

    private readonly Complex[] _places;
    private readonly double[] _spreads;
    private readonly Dictionary<string, Placed> _cases;

    private Arrangement(Complex[] places, double[] spreads, Dictionary<string, Placed> cases) => (_places, _spreads, _cases) = (places, spreads, cases);

    /// <summary>One case against the usual arrangement.</summary>
    /// <param name="Fit">Brings it there.</param>
    /// <param name="Points">Its classes' centres there; NaN where it lacks one.</param>
    public sealed record Placed(Similarity Fit, Complex[] Points);

    /// <summary>False when the classes of this set have no usual arrangement, or there are too few cases or classes to tell.</summary>
    public bool IsKnown => _cases.Count > 0;

    /// <summary>Classes that have a place.</summary>
    public IEnumerable<int> Classes => Enumerable.Range(0, _places.Length).Where(k => IsPoint(_places[k]));

    /// <summary>Where a class usually lies.</summary>
    public Complex PlaceOf(int k) => _places[k];

    /// <summary>How far from there it usually is.</summary>
    public double SpreadOf(int k) => _spreads[k];

    /// <summary>A case, or null when it has too few classes to be placed.</summary>
    public Placed? Of(CaseSummary summary) => _cases.GetValueOrDefault(summary.Id);

    public static bool IsPoint(Complex point) => !double.IsNaN(point.Real);

    public static Arrangement Learn(int classes, IReadOnlyList<CaseSummary> cases, CheckThresholds thresholds)
    {
        var nothing = new Arrangement([], [], []);
        var centres = cases.Where(c => c.Labels is not null).Select(c => (c.Id, Points: Centres(c.Labels!))).Where(c => c.Points.Count(IsPoint) >= 3).ToArray();
        if (classes < 3 || centres.Length < thresholds.MinCases)
        {
            return nothing;
        }

        var (places, spreads, placed) = Settle(classes, centres, [], thresholds);
        var known = spreads.Where((_, k) => IsPoint(places[k])).ToArray();
        if (known.Length < 3 || Robust.MedianOf(known) > LargestScatter)
        {
            return nothing;
        }

        // What lies anywhere, as a shadow on either lung, has no place of its own and is no hold for the others: with few classes it would turn a case over.
        int[] wandering = [.. Enumerable.Range(0, classes).Where(k => IsPoint(places[k]) && spreads[k] > LargestScatter)];
        if (wandering.Length > 0)
        {
            (places, spreads, placed) = Settle(classes, centres, wandering, thresholds);
        }

        return places.Count(IsPoint) >= 3 ? new Arrangement(places, spreads, placed) : nothing;
    }

    // Places and cases by turns, until they suit each other.
    private static (Complex[] Places, double[] Spreads, Dictionary<string, Placed> Cases) Settle(int classes, (string Id, Complex[] Points)[] centres, int[] without, CheckThresholds thresholds)
    {
        var places = Scaled(Less(centres.MaxBy(c => Less(c.Points, without).Count(IsPoint)).Points, without));
        Dictionary<string, Placed> placed = [];
        for (var round = 0; round < Rounds; round++)
        {
            placed = Place(centres, places);
            places = Scaled(Less(Medians(classes, placed.Values, atLeast: Math.Max(thresholds.MinCases / 2, placed.Count / 2)), without));
        }

        placed = Place(centres, places);
        var spreads = new double[classes];
        for (var k = 0; k < classes; k++)
        {
            var distances = placed.Values.Where(p => IsPoint(p.Points[k]) && IsPoint(places[k])).Select(p => Complex.Abs(p.Points[k] - places[k])).ToArray();
            spreads[k] = Math.Max(LeastSpread, distances.Length > 0 ? Robust.MedianOf(distances) : double.NaN);
        }

        return (places, spreads, placed);
    }

    private static Complex[] Less(Complex[] points, int[] without) => [.. points.Select((p, k) => without.Contains(k) ? new Complex(double.NaN, double.NaN) : p)];

    private static Complex[] Centres(LabelSummary labels) =>
        [.. labels.Classes.Select(c => c.IsPresent ? new Complex(c.Column, c.Row) : new Complex(double.NaN, double.NaN))];

    private static Dictionary<string, Placed> Place(IEnumerable<(string Id, Complex[] Points)> cases, Complex[] places)
    {
        var placed = new Dictionary<string, Placed>(StringComparer.Ordinal);
        foreach (var (id, points) in cases)
        {
            var both = Enumerable.Range(0, points.Length).Where(k => IsPoint(points[k]) && IsPoint(places[k])).ToArray();
            if (Similarity.Fit([.. both.Select(k => points[k])], [.. both.Select(k => places[k])]) is { } fit)
            {
                placed[id] = new Placed(fit, [.. points.Select(p => IsPoint(p) ? fit.Apply(p) : p)]);
            }
        }

        return placed;
    }

    private static Complex[] Medians(int classes, IReadOnlyCollection<Placed> placed, int atLeast)
    {
        var medians = new Complex[classes];
        for (var k = 0; k < classes; k++)
        {
            var points = placed.Select(p => p.Points[k]).Where(IsPoint).ToArray();
            medians[k] = points.Length < Math.Max(1, atLeast)
                ? new Complex(double.NaN, double.NaN)
                : new Complex(Robust.MedianOf([.. points.Select(p => p.Real)]), Robust.MedianOf([.. points.Select(p => p.Imaginary)]));
        }

        return medians;
    }

    /// <summary>Centred, with a root mean square radius of 1.</summary>
    private static Complex[] Scaled(Complex[] points)
    {
        var known = points.Where(IsPoint).ToArray();
        if (known.Length == 0)
        {
            return points;
        }

        var centre = known.Aggregate(Complex.Zero, (sum, p) => sum + p) / known.Length;
        var radius = Math.Sqrt(known.Average(p => Math.Pow(Complex.Abs(p - centre), 2)));
        return [.. points.Select(p => IsPoint(p) ? (p - centre) / Math.Max(radius, 1e-9) : p)];
    }
}
