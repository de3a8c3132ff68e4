using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner.Tests;

/// <summary>No network of a segmentation predicts, for a classifier, what it has learned from.</summary>
public sealed class HeldOutTests
{
    private static readonly Frame Size = new(8, 6);

    [Fact]
    public void A_case_is_predicted_by_the_fold_that_holds_it_out_and_a_test_case_by_all()
    {
        StoredCase[] cases = [Case("a", "p"), Case("b", "q"), Case("t", "r")];
        var held = new HeldOut("seg", cases, new Split(["t"], [new Fold(["b"], ["a"]), new Fold(["a"], ["b"])]), SplitGroups.Patient);
        Assert.Equal(new Holder(0, Unseen.Fold), held.Of(cases[0], tests: false, 0, out _));
        Assert.Equal(new Holder(1, Unseen.Fold), held.Of(cases[1], tests: true, 0, out _));
        Assert.Equal(new Holder(null, Unseen.Test), held.Of(cases[2], tests: false, 0, out _));
        Assert.True(held.Learned("a"));
        Assert.False(held.Learned("t"));
    }

    [Fact]
    public void A_case_that_it_does_not_have_goes_with_its_patient_or_by_chance()
    {
        StoredCase[] cases = [Case("a", "p"), Case("b", "q"), Case("t", "r")];
        var held = new HeldOut("seg", cases, new Split(["t"], [new Fold(["b"], ["a"]), new Fold(["a"], ["b"])]), SplitGroups.Patient);
        Assert.Equal(new Holder(1, Unseen.Group), held.Of(Case("b2", "q"), tests: false, 0, out _));
        Assert.Equal(new Holder(null, Unseen.Group), held.Of(Case("t2", "r"), tests: false, 0, out _));
        Assert.Equal(new Holder(1, Unseen.Stranger), held.Of(Case("x", "s"), tests: false, 7, out _));
        Assert.Equal(new Holder(null, Unseen.Stranger), held.Of(Case("x", "s"), tests: true, 7, out _));
    }

    [Fact]
    public void What_no_network_may_predict_is_told()
    {
        StoredCase[] cases = [Case("a", "p"), Case("b", "q")];
        var fixedSplit = new HeldOut("seg", cases, new Split([], [new Fold(["a"], ["b"])]), SplitGroups.Patient);
        fixedSplit.Of(cases[0], tests: false, 0, out var learned);
        Assert.Contains("case 'a' was learned from by all folds of seg", learned, StringComparison.Ordinal);

        fixedSplit.Of(cases[1] with { Original = new Frame(9, 9) }, tests: false, 0, out var other);
        Assert.Contains("they are not one picture", other, StringComparison.Ordinal);
        fixedSplit.Of(Case("b", "p"), tests: false, 0, out var patient);
        Assert.Contains("is 6×8 of p here, and 6×8 of q in seg", patient!.Replace("8×6", "6×8", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_predicts_a_case_has_learned_from_nothing_of_its_patient() => Prop.ForAll(
        (from patients in Gen.Choose(2, 12)
         from folds in Gen.Choose(2, 5)
         from seed in Gen.Choose(0, int.MaxValue - 1)
         select (patients, folds, seed)).ToArbitrary(),
        world =>
        {
            var random = new Random(world.seed);
            StoredCase[] all = [.. Enumerable.Range(0, world.patients).SelectMany(p => Enumerable.Range(0, random.Next(1, 4)).Select(i => Case($"c{p}-{i}", $"p{p}")))];
            var part = Enumerable.Range(0, world.patients).ToDictionary(p => $"p{p}", _ => random.Next(-1, world.folds));
            StoredCase[] theirs = [.. all.Where(_ => random.Next(4) > 0)];
            Fold[] made = [.. Enumerable.Range(0, world.folds).Select(f => new Fold(Ids(p => p >= 0 && p != f), Ids(p => p == f)))];
            var held = new HeldOut("seg", theirs, new Split(Ids(p => p < 0), made), SplitGroups.Patient);
            return all.All(c =>
            {
                var holder = held.Of(c, random.Next(2) == 0, (ulong)random.Next(), out var fault);
                var taught = made.Where((_, f) => holder.Fold is null || holder.Fold == f).SelectMany(f => f.Train);
                return fault is null && taught.All(id => theirs.Single(t => t.Id == id).Source.Patient != c.Source.Patient);
            });

            string[] Ids(Func<int, bool> isOf) => [.. theirs.Where(c => isOf(part[c.Source.Patient])).Select(c => c.Id)];
        }).QuickCheckThrowOnFailure();

    private static StoredCase Case(string id, string patient) => new(new CaseSource(id, patient, Subset.Train, $"{id}.png", null), Size, Size, Labelled: false);
}
