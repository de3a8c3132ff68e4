using System.Numerics;

namespace Osteon.Checking;

/// <summary>Turns, scales, shifts and perhaps mirrors points of the plane, x + iy.</summary>
/// <param name="Turn">Angle and scale.</param>
/// <param name="Shift">Added last.</param>
/// <param name="Mirrors">y is negated first.</param>
internal readonly record struct Similarity(Complex Turn, Complex Shift, bool Mirrors)
{
    // Of the points, this share must fit; the rest may be anywhere.
    private const double Core = 0.6;
    private const int Rounds = 6;

    public Complex Apply(Complex point) => (Turn * (Mirrors ? Complex.Conjugate(point) : point)) + Shift;

    /// <summary>The similarity that brings most points closest to their places, whatever happened to the others.</summary>
    /// <param name="points">Where they are.</param>
    /// <param name="places">Where they belong; as many.</param>
    /// <returns>Null for fewer than three points, or when all lie in one place.</returns>
    /// <remarks>Least trimmed squares by concentration steps (Rousseeuw, Van Driessen 2006, doi:10.1007/s10618-005-0024-4) from several starts.</remarks>
    public static Similarity? Fit(Complex[] points, Complex[] places)
    {
        var count = points.Length;
        if (count < 3)
        {
            return null;
        }

        var core = Math.Max(3, (int)Math.Ceiling(Core * count));
        Similarity? best = null;
        var least = double.PositiveInfinity;
        foreach (var mirrors in new[] { false, true })
        {
            foreach (var start in Starts(count))
            {
                var (fit, cost) = Concentrate(points, places, mirrors, start, core);
                if (fit is not null && cost < least * (1 - 1e-9))
                {
                    (best, least) = (fit, cost);
                }
            }
        }

        return best;
    }

    private static IEnumerable<int[]> Starts(int count)
    {
        var all = Enumerable.Range(0, count).ToArray();
        yield return all;
        if (count >= 6)
        {
            yield return [.. all.Where(i => i % 2 == 0)];
            yield return [.. all.Where(i => i % 2 == 1)];
            yield return all[..(count / 2)];
            yield return all[(count / 2)..];
        }
    }

    private static (Similarity? Fit, double Cost) Concentrate(Complex[] points, Complex[] places, bool mirrors, int[] chosen, int core)
    {
        Similarity? fit = null;
        var cost = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            fit = LeastSquares(points, places, mirrors, chosen);
            if (fit is not { } found)
            {
                return (null, double.PositiveInfinity);
            }

            var residuals = points.Select((p, i) => Square(found.Apply(p) - places[i])).ToArray();
            chosen = [.. Enumerable.Range(0, points.Length).OrderBy(i => residuals[i]).Take(core)];
            cost = chosen.Sum(i => residuals[i]);
        }

        return (fit, cost);
    }

    private static Similarity? LeastSquares(Complex[] points, Complex[] places, bool mirrors, int[] chosen)
    {
        Complex from = 0, to = 0;
        foreach (var i in chosen)
        {
            from += mirrors ? Complex.Conjugate(points[i]) : points[i];
            to += places[i];
        }

        from /= chosen.Length;
        to /= chosen.Length;
        Complex product = 0;
        var square = 0.0;
        foreach (var i in chosen)
        {
            var p = (mirrors ? Complex.Conjugate(points[i]) : points[i]) - from;
            product += Complex.Conjugate(p) * (places[i] - to);
            square += Square(p);
        }

        if (square < 1e-12)
        {
            return null;
        }

        var turn = product / square;
        return new Similarity(turn, to - (turn * from), mirrors);
    }

    private static double Square(Complex z) => (z.Real * z.Real) + (z.Imaginary * z.Imaginary);
}
