namespace Osteon.Masks;

/// <summary>Takes the wrong pixels of a case apart: what kind they are of, and whether they lie at a border or away from it.</summary>
/// <remarks>
/// <para>A pixel is wrong for a class that only one of truth and prediction has there. Where both lack one another's, that is where some class is missed and some
/// other is extra, all of them count as <see cref="ErrorKind.WrongLabel"/>; elsewhere a missed class is <see cref="ErrorKind.UnderSegmentation"/> and an extra one
/// <see cref="ErrorKind.OverSegmentation"/>. So a class's counts add up to its missed and extra pixels, whether classes overlap or not; a pixel taken for
/// another class counts once for each of the two.</para>
/// <para>The distance of a missed pixel is that to the nearest pixel outside of its class's truth, of an extra pixel that to the nearest one of it: 1 right at the border. The
/// frame's edge is no border; where the truth has none, because the class is absent or everywhere, everything is far.</para>
/// </remarks>
public static class ErrorAnalysis
{
    /// <summary>Counts of each class, in the order of the masks.</summary>
    /// <param name="truth">One mask a class; they may overlap.</param>
    /// <param name="predicted">The same classes.</param>
    /// <exception cref="ArgumentException">Not as many masks, or frames differ.</exception>
    public static IReadOnlyList<ErrorCounts> Of(IReadOnlyList<Mask> truth, IReadOnlyList<Mask> predicted)
    {
        if (truth.Count != predicted.Count)
        {
            throw new ArgumentException($"{truth.Count} masks of the truth and {predicted.Count} predicted; they must be of the same classes.", nameof(predicted));
        }

        if (truth.Count == 0)
        {
            return [];
        }

        Mask[] missed = [.. truth.Zip(predicted, (t, p) => t.Subtract(p))];
        Mask[] extra = [.. truth.Zip(predicted, (t, p) => p.Subtract(t))];
        var confused = VoteSweep.Vote(missed, minVotes: 1).Intersect(VoteSweep.Vote(extra, minVotes: 1));
        return [.. truth.Select((mask, k) => Of(mask, missed[k], extra[k], confused))];
    }

    private static ErrorCounts Of(Mask truth, Mask missed, Mask extra, Mask confused)
    {
        var counts = new ErrorCounts();
        Count(counts, ErrorKind.WrongLabel, missed.Intersect(confused), truth, inside: true);
        Count(counts, ErrorKind.UnderSegmentation, missed.Subtract(confused), truth, inside: true);
        Count(counts, ErrorKind.WrongLabel, extra.Intersect(confused), truth, inside: false);
        Count(counts, ErrorKind.OverSegmentation, extra.Subtract(confused), truth, inside: false);
        return counts;
    }

    private static void Count(ErrorCounts counts, ErrorKind kind, Mask wrong, Mask truth, bool inside)
    {
        if (wrong.IsEmpty)
        {
            return;
        }

        if (truth.IsEmpty || truth.Area == truth.Frame.Area)
        {
            counts.Count(kind, ErrorCounts.Bands - 1, wrong.Area);
            return;
        }

        // The nearest pixel beyond a border is never outside of the box: pulled back to the box's margin, it would be unset still and nearer.
        var box = SurfaceBox.Around(truth, wrong).Within(truth.Frame);
        var beyond = box.Draw(truth);
        var to = new List<int>();
        for (var i = 0; i < beyond.Length; i++)
        {
            if (beyond[i] != 0 != inside)
            {
                to.Add(i);
            }
        }

        var from = new List<int>();
        var drawn = box.Draw(wrong);
        for (var i = 0; i < drawn.Length; i++)
        {
            if (drawn[i] != 0)
            {
                from.Add(i);
            }
        }

        foreach (var band in NearestDistances.Between(box, from, to, Spacing.Pixels).CountBy(ErrorCounts.BandOf))
        {
            counts.Count(kind, band.Key, band.Value);
        }
    }
}
