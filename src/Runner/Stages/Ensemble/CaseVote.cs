using Osteon.Abstractions;
using Osteon.Inference;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>One image's members, ready to be joined with any weights; the same rule for the answer, for an ensemble without a member, and for a selection.</summary>
internal abstract class CaseVote
{
    /// <summary>Size of the image's pixels in mm, where its file says it.</summary>
    public Spacing? Spacing { get; set; }

    /// <summary>One mask a class.</summary>
    /// <param name="weights">One a member, at least 0, not all 0; a member of weight 0 takes no part.</param>
    public abstract IReadOnlyList<Mask> With(IReadOnlyList<double> weights);
}

/// <summary>Masks vote.</summary>
/// <param name="members">For each member, one mask a class.</param>
/// <param name="mode">Multiclass: the class with most votes, the first of equals.</param>
/// <param name="minVotes">As the plan says; 0: more than half.</param>
/// <param name="ties">With 0.</param>
internal sealed class HardCaseVote(IReadOnlyList<IReadOnlyList<Mask>> members, LabelMode mode, int minVotes, TiedPixels ties) : CaseVote
{
    /// <inheritdoc/>
    public override IReadOnlyList<Mask> With(IReadOnlyList<double> weights)
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
internal sealed class SoftCaseVote(IReadOnlyList<ProbabilityPlanes> members, IReadOnlyList<IReadOnlyList<double>> thresholds, Frame frame, LabelMode mode) : CaseVote
{
    /// <inheritdoc/>
    public override IReadOnlyList<Mask> With(IReadOnlyList<double> weights)
    {
        var total = weights.Sum();
        var sizes = Enumerable.Range(0, members.Count).Where(m => weights[m] > 0).GroupBy(m => members[m].Frame).Select(g => (Scaling: new LinearScaling(g.Key, frame), Members: g.ToArray())).ToArray();
        if (mode == LabelMode.Multiclass)
        {
            // Every class is compared with every other, so that here all planes are in memory at once.
            return LinearScaling.LargestSum(members[0].Classes, [.. sizes.Select(s => (s.Scaling, Enumerable.Range(0, members[0].Classes).Select(k => Sum(k, s.Members, weights, total)).ToArray()))]);
        }

        var masks = new Mask[members[0].Classes];
        Parallel.For(0, masks.Length, k => masks[k] = LinearScaling.SumAbove(
            [.. sizes.Select(s => (s.Scaling, Sum(k, s.Members, weights, total)))],
            (float)(Enumerable.Range(0, members.Count).Sum(m => weights[m] * thresholds[m][k]) / total)));
        return masks;
    }

    // Of members of one frame, each by its share of all members' weights.
    private float[] Sum(int k, int[] alike, IReadOnlyList<double> weights, double total)
    {
        var sums = new float[members[alike[0]].Frame.Area];
        foreach (var m in alike)
        {
            members[m].AddTo(sums, k, (float)(weights[m] / total));
        }

        return sums;
    }
}
