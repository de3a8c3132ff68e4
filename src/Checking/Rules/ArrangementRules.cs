using System.Numerics;
using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>Classes that lie where another belongs.</summary>
public sealed class SwappedClasses() : Rule("swapped-classes", Severity.Red,
    "A class lies where another one usually does: fingers in a wrong order, left for right. The usual arrangement is learnt from the set itself, up to turning, size and mirroring.",
    "The most frequent gross error of hand labels; it teaches the network both names for both bones.", "swap_ratio", "min_cases")
{
    // A class may be this many usual distances from its place without saying anything.
    private const double Wide = 4;

    private const double OppositeDegrees = 120, AlikeDegrees = 60;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Arrangement.IsKnown
        ? data.Labelled.SelectMany(c => ByPlace(data, c))
        : data.Classes.Count == 2 ? ByDirection(data) : [];

    private IEnumerable<Finding> ByPlace(CheckedData data, CaseSummary summary)
    {
        var usual = data.Arrangement;
        if (usual.Of(summary) is not { } placed)
        {
            yield break;
        }

        var strange = new Dictionary<int, int>();
        foreach (var k in usual.Classes.Where(k => Arrangement.IsPoint(placed.Points[k])))
        {
            var own = Complex.Abs(placed.Points[k] - usual.PlaceOf(k));
            var nearest = usual.Classes.Where(j => j != k).MinBy(j => Complex.Abs(placed.Points[k] - usual.PlaceOf(j)));
            var other = Complex.Abs(placed.Points[k] - usual.PlaceOf(nearest));
            if (own > Wide * usual.SpreadOf(k) && own > data.Thresholds.SwapRatio * other && other < Wide * usual.SpreadOf(nearest))
            {
                strange[k] = nearest;
            }
        }

        foreach (var (k, j) in strange)
        {
            var mutual = strange.TryGetValue(j, out var back) && back == k;
            if (!mutual || k < j)
            {
                yield return OfLabel(summary, mutual
                    ? $"'{data.Classes[k]}' and '{data.Classes[j]}' lie in each other's places: their names are swapped."
                    : $"'{data.Classes[k]}' lies where '{data.Classes[j]}' usually does.", data.Classes[k], data.Classes[j]);
            }
        }
    }

    // Two classes have no shape to fit, only a direction.
    private IEnumerable<Finding> ByDirection(CheckedData data)
    {
        var both = data.Labelled.Where(c => c.Labels!.Classes.All(k => k.IsPresent)).Select(c => (Case: c, Direction: Direction(c.Labels!))).Where(c => c.Direction != Complex.Zero).ToArray();
        if (both.Length < data.Thresholds.MinCases)
        {
            yield break;
        }

        var mean = both.Aggregate(Complex.Zero, (sum, c) => sum + c.Direction);
        var angles = both.Select(c => (c.Case, Degrees: Math.Abs((c.Direction / mean).Phase) * 180 / Math.PI)).ToArray();
        if (angles.Count(a => a.Degrees < AlikeDegrees) < data.Thresholds.UsualShare * angles.Length)
        {
            yield break;
        }

        foreach (var (summary, degrees) in angles.Where(a => a.Degrees > OppositeDegrees))
        {
            yield return OfLabel(summary, $"'{data.Classes[0]}' and '{data.Classes[1]}' lie to each other as in no other case ({degrees:0}° turned): their names are swapped, or the image is turned or mirrored.", data.Classes[0], data.Classes[1]);
        }
    }

    // Centres nearer than a tenth of the classes' size have no direction: rings, shells, backgrounds.
    private static Complex Direction(LabelSummary labels)
    {
        var (a, b) = (labels.Classes[0], labels.Classes[1]);
        var difference = new Complex(b.Column - a.Column, b.Row - a.Row);
        return Complex.Abs(difference) < 0.1 * Math.Sqrt(Math.Max(a.Area, b.Area)) ? Complex.Zero : difference / Complex.Abs(difference);
    }
}

/// <summary>Cases seen in a mirror.</summary>
public sealed class MirroredImage() : Rule("mirrored-image", Severity.Amber,
    "A case's classes lie as in a mirror, in a set where almost none do.",
    "The image was flipped, or is of the other side; left and right classes change their meaning.", "rare_share", "min_cases")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var placed = data.Labelled.Select(c => (Case: c, data.Arrangement.Of(c)?.Fit.Mirrors)).Where(c => c.Mirrors is not null).ToArray();
        foreach (var group in placed.GroupBy(c => c.Mirrors))
        {
            if (group.Count() <= data.Thresholds.RareShare * placed.Length)
            {
                foreach (var (summary, _) in group)
                {
                    yield return OfLabel(summary, $"lies as in a mirror compared with {placed.Length - group.Count()} of {placed.Length} cases.");
                }
            }
        }
    }
}

/// <summary>Left and right against what the table says.</summary>
public sealed class SideMismatch() : Rule("side-mismatch", Severity.Amber,
    "The metadata says left or right, and the labels lie as they do on the other side.",
    "The image was flipped, or its name is wrong.", "rare_share")
{
    private const int Enough = 4;
    private static readonly string[] Keys = ["side", "laterality"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var told = data.Labelled.Select(c => (Case: c, Side: Keys.Select(key => c.Case.Source.Metadata.GetValueOrDefault(key)).FirstOrDefault(v => !string.IsNullOrEmpty(v)), data.Arrangement.Of(c)?.Fit.Mirrors))
            .Where(c => c.Side is not null && c.Mirrors is not null).ToArray();
        foreach (var side in told.GroupBy(c => c.Side, StringComparer.OrdinalIgnoreCase))
        {
            var mirrored = side.Count(c => c.Mirrors == true);
            var usual = mirrored * 2 > side.Count();
            var agreeing = usual ? mirrored : side.Count() - mirrored;
            if (agreeing >= Enough && side.Count() - agreeing <= data.Thresholds.RareShare * side.Count())
            {
                foreach (var (summary, _, _) in side.Where(c => c.Mirrors != usual))
                {
                    yield return OfLabel(summary, $"is said to be side '{side.Key}', but its labels lie as on the other side; {agreeing} of {side.Count()} cases of this side agree.");
                }
            }
        }
    }
}

/// <summary>Cases turned against the rest.</summary>
public sealed class RotatedImage() : Rule("rotated-image", Severity.Amber,
    "An image is turned against the others: by where its classes lie, or, without labels, by how it looks.",
    "A network trained on upright images fails on it, and trained with it learns less.", "rotation_degrees", "min_cases")
{
    private const double Likeness = 0.6, Margin = 0.25;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var placed = data.Labelled.Select(c => (Case: c, Placed: data.Arrangement.Of(c))).Where(c => c.Placed is not null).ToArray();
        return [.. ByLabels(data, placed.Select(c => (c.Case, c.Placed!.Fit))), .. ByLooks(data, placed.Select(c => c.Case.Id).ToHashSet(StringComparer.Ordinal))];
    }

    private IEnumerable<Finding> ByLabels(CheckedData data, IEnumerable<(CaseSummary Case, Similarity Fit)> placed)
    {
        foreach (var group in placed.GroupBy(c => c.Fit.Mirrors).Where(g => g.Count() * 2 >= data.Thresholds.MinCases))
        {
            var mean = group.Aggregate(Complex.Zero, (sum, c) => sum + (c.Fit.Turn / Complex.Abs(c.Fit.Turn))).Phase;
            var median = Robust.MedianOf([.. group.Select(c => Wrap(c.Fit.Turn.Phase - mean))]);
            foreach (var (summary, fit) in group)
            {
                var degrees = Wrap(fit.Turn.Phase - mean - median) * 180 / Math.PI;
                if (Math.Abs(degrees) > data.Thresholds.RotationDegrees)
                {
                    yield return OfImage(summary, $"is turned by about {Math.Abs(degrees):0}° against the others, by where its classes lie.");
                }
            }
        }
    }

    private IEnumerable<Finding> ByLooks(CheckedData data, HashSet<string> placed)
    {
        if (data.Cases.Count < data.Thresholds.MinCases)
        {
            yield break;
        }

        var usual = Thumbnails.Usual(data.Cases);
        foreach (var summary in data.Cases.Where(c => !placed.Contains(c.Id)))
        {
            var upright = ImageSummary.Correlation(summary.Image.Thumbnail, usual);
            var turned = summary.Image.Thumbnail;
            for (var quarter = 1; quarter <= 3; quarter++)
            {
                turned = Thumbnails.QuarterTurn(turned);
                var likeness = ImageSummary.Correlation(turned, usual);
                if (likeness > Likeness && likeness > upright + Margin)
                {
                    yield return OfImage(summary, $"looks like the others once it is turned by {90 * quarter}° (correlation {likeness:0.00} instead of {upright:0.00}).");
                    break;
                }
            }
        }
    }

    private static double Wrap(double angle) => Math.IEEERemainder(angle, 2 * Math.PI);
}
