using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

public sealed class ClassCombinationsTests
{
    [Fact]
    public void Counts_are_those_of_the_pixels() =>
        Prop.ForAll(MaskGenerator.Several(5), masks =>
        {
            var counted = Of(masks);
            var words = new ulong[masks[0].Frame.Area];
            foreach (var (mask, k) in masks.Select((m, k) => (m.ToDense(), k)))
            {
                for (var i = 0; i < words.Length; i++)
                {
                    words[i] |= (ulong)mask[i] << k;
                }
            }

            return words.GroupBy(w => w).ToDictionary(g => g.Key, g => (long)g.Count()).OrderBy(w => w.Key).SequenceEqual(counted.Areas.OrderBy(w => w.Key))
                && counted.Together(1, 3) == MaskMetrics.Intersection(masks[1], masks[3]) && counted.Together(2, 2) == masks[2].Area
                && counted.IsWithin(0, 4) == (!masks[0].IsEmpty && masks[0].Subtract(masks[4]).IsEmpty);
        }).QuickCheckThrowOnFailure();

    /// <summary>Against all ways of dealing six classes to groups.</summary>
    [Fact]
    public void Groups_never_overlap_and_cannot_be_fewer() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 1), 15).ToArbitrary(), edges =>
        {
            // An edge of the graph is a pixel that carries both classes; edge i joins the i-th pair.
            var pairs = (from a in Enumerable.Range(0, 6) from b in Enumerable.Range(a + 1, 5 - a) select (a, b)).ToArray();
            var frame = new Frame(1, 15 + 6);
            var masks = Enumerable.Range(0, 6).Select(k => Mask.FromDense([.. pairs.Select((p, i) => (byte)(edges[i] == 1 && (p.a == k || p.b == k) ? 1 : 0)), .. Enumerable.Range(0, 6).Select(j => (byte)(j == k ? 1 : 0))], frame)).ToArray();
            var combinations = Of(masks);
            var groups = combinations.Groups();
            return groups.SelectMany(g => g).Order().SequenceEqual(Enumerable.Range(0, 6)) && groups.All(g => g.All(a => g.All(b => !combinations.Overlap(a, b)))) && groups.Count == Fewest(pairs, edges);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Nested_means_one_inside_the_other_wherever_two_meet()
    {
        var frame = new Frame(1, 8);
        Mask whole = new(frame, [new Run(0, 5)]), part = new(frame, [new Run(1, 2)]), other = new(frame, [new Run(6, 2)]), crossing = new(frame, [new Run(4, 3)]);
        Assert.True(Of([whole, part, other]).AreNested);
        Assert.False(Of([whole, part, other]).AreDisjoint);
        Assert.True(Of([part, other, Mask.Empty(frame)]).AreDisjoint);
        Assert.False(Of([whole, crossing]).AreNested);
        Assert.False(Of([whole, Mask.Empty(frame)]).IsWithin(1, 0));
    }

    private static ClassCombinations Of(Mask[] masks)
    {
        var combinations = new ClassCombinations(masks.Length);
        combinations.Add(masks);
        return combinations;
    }

    private static int Fewest((int A, int B)[] pairs, int[] edges)
    {
        for (var colours = 1; ; colours++)
        {
            for (var code = 0; code < (int)Math.Pow(colours, 6); code++)
            {
                var of = Enumerable.Range(0, 6).Select(k => code / (int)Math.Pow(colours, k) % colours).ToArray();
                if (pairs.Select((p, i) => edges[i] == 0 || of[p.A] != of[p.B]).All(ok => ok))
                {
                    return colours;
                }
            }
        }
    }
}
