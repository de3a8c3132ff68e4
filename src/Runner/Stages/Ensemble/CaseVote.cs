using Osteon.Abstractions;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>One image's members, ready to be joined with any weights; the same rule for the answer, for an ensemble without a member, and for a selection.</summary>
internal abstract class CaseVote
{
    /// <summary>What the image's file says of where it lies.</summary>
    public ImageOrigin Origin { get; set; } = ImageOrigin.Unknown;

    /// <summary>One mask a class.</summary>
    /// <param name="weights">One a member, at least 0, not all 0; a member of weight 0 takes no part.</param>
    public IReadOnlyList<Mask> With(IReadOnlyList<double> weights) => With([weights])[0];

    /// <summary>For each bag one mask a class; what they share is done once.</summary>
    /// <param name="bags">Weights, as for a single one.</param>
    public abstract IReadOnlyList<IReadOnlyList<Mask>> With(IReadOnlyList<IReadOnlyList<double>> bags);
}

/// <summary>Masks vote.</summary>
/// <param name="members">For each member, one mask a class.</param>
/// <param name="mode">Multiclass: the class with most votes, the first of equals.</param>
/// <param name="minVotes">As the plan says; 0: more than half.</param>
/// <param name="ties">With 0.</param>
internal sealed class HardCaseVote(IReadOnlyList<IReadOnlyList<Mask>> members, LabelMode mode, int minVotes, TiedPixels ties) : CaseVote
{
    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<Mask>> With(IReadOnlyList<IReadOnlyList<double>> bags) => [.. bags.Select(Joined)];

    private IReadOnlyList<Mask> Joined(IReadOnlyList<double> weights)
    {
        int[] taking = [.. Enumerable.Range(0, members.Count).Where(m => weights[m] > 0)];
        double[] counts = [.. taking.Select(m => weights[m])];
        if (mode == LabelMode.Multiclass)
        {
            return PluralityVote.Vote([.. taking.Select(m => members[m])], counts);
        }

        var rule = VoteWeights.Of(counts, minVotes, ties == TiedPixels.Set);
        return [.. members[0].Select((_, k) => HardVote.Vote([.. taking.Select(m => members[m][k])], rule))];
    }
}

/// <summary>
/// Probabilities are averaged, resized, and judged at the members' mean thresholds. Networks that saw images of one size are averaged at their resolution;
/// sizes are summed as they are resized, which is the same.
/// </summary>
/// <param name="members">Each member's probabilities.</param>
/// <param name="thresholds">Each member's thresholds by class.</param>
/// <param name="frame">Of the masks.</param>
/// <param name="mode">Multiclass: the class with the largest mean, the first of equals.</param>
/// <param name="box">The part of the frame that networks saw; null: all of it.</param>
internal sealed class SoftCaseVote(IReadOnlyList<ProbabilityPlanes> members, IReadOnlyList<IReadOnlyList<double>> thresholds, Frame frame, LabelMode mode, Box? box = null) : CaseVote
{
    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<Mask>> With(IReadOnlyList<IReadOnlyList<double>> bags) => [.. Seen(bags).Select(masks => StoredForm.Whole(masks, box, frame, mode))];

    private Mask[][] Seen(IReadOnlyList<IReadOnlyList<double>> bags)
    {
        var classes = members[0].Classes;
        var sizes = Enumerable.Range(0, members.Count).GroupBy(m => members[m].Frame).Select(g => (Scaling: new LinearScaling(g.Key, box?.Size ?? frame), Members: g.ToArray(), Area: g.Key.Area)).ToArray();
        var masks = bags.Select(_ => new Mask[classes]).ToArray();
        if (mode == LabelMode.Multiclass)
        {
            // Every class is compared with every other, so that here all planes are in memory at once.
            var planes = new byte[classes][][];
            Parallel.For(0, classes, k => planes[k] = Levels(k, bags));
            for (var b = 0; b < masks.Length; b++)
            {
                masks[b] = LinearScaling.LargestSum(classes, [.. from size in sizes where size.Members.Any(m => bags[b][m] > 0)
                                                                 select (size.Scaling, Enumerable.Range(0, classes).Select(k => Sum(planes[k], size.Members, bags[b], new float[size.Area])).ToArray())]);
            }

            return masks;
        }

        Parallel.For(0, classes, k =>
        {
            var (levels, sums) = (Levels(k, bags), sizes.Select(size => new float[size.Area]).ToArray());
            for (var b = 0; b < masks.Length; b++)
            {
                masks[b][k] = LinearScaling.SumAbove(
                    [.. from i in Enumerable.Range(0, sizes.Length) where sizes[i].Members.Any(m => bags[b][m] > 0) select (sizes[i].Scaling, Sum(levels, sizes[i].Members, bags[b], sums[i]))],
                    (float)(Enumerable.Range(0, members.Count).Sum(m => bags[b][m] * thresholds[m][k]) / bags[b].Sum()));
            }
        });
        return masks;
    }

    private byte[][] Levels(int k, IReadOnlyList<IReadOnlyList<double>> bags) => [.. members.Select((member, m) => bags.Any(bag => bag[m] > 0) ? member.Levels8(k) : [])];

    // Of members of one frame, each by its share of all members' weights.
    private static float[] Sum(byte[][] levels, int[] alike, IReadOnlyList<double> weights, float[] sums)
    {
        Array.Clear(sums);
        var total = weights.Sum();
        foreach (var m in alike.Where(m => weights[m] > 0))
        {
            ProbabilityPlanes.AddTo(sums, levels[m], (float)(weights[m] / total));
        }

        return sums;
    }
}
