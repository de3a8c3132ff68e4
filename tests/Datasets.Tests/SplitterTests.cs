using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;

namespace Osteon.Datasets.Tests;

public sealed class SplitterTests
{
    /// <summary>A data set drawn from a seed: up to 60 patients with 1 to 4 cases, some unlabelled, some of the source's test.</summary>
    private sealed record Drawn(List<(StoredCase Case, long[] Areas)> Cases, SplitPlan Plan, long Seed)
    {
        public int Classes => 6;

        public Split Split(IEnumerable<(StoredCase, long[])>? cases = null) =>
            Splitter.Create([.. cases ?? Cases], Plan, Seed, ["a", "b", "c", "d", "e", "f"]);

        public IEnumerable<StoredCase> Pool => Cases.Select(c => c.Case).Where(c => c.Labelled && c.Source.Subset == Subset.Train);
    }

    [Fact]
    public void No_patient_stands_on_two_sides() => Holds(d =>
    {
        d.Split().Verify([.. d.Cases.Select(c => c.Case)]);
        return true;
    });

    [Fact]
    public void Every_labelled_case_that_does_not_test_validates_exactly_once() => Holds(d =>
    {
        var split = d.Split();
        var learning = d.Pool.Select(c => c.Id).Except(split.Test).Order(StringComparer.Ordinal);
        return d.Plan.Folds == 1 || split.Folds.SelectMany(f => f.Validation).Order(StringComparer.Ordinal).SequenceEqual(learning);
    });

    [Fact]
    public void What_does_not_validate_trains() => Holds(d =>
    {
        var split = d.Split();
        var learning = d.Pool.Select(c => c.Id).Except(split.Test).Order(StringComparer.Ordinal).ToList();
        return split.Folds.All(f => f.Train.Concat(f.Validation).Order(StringComparer.Ordinal).SequenceEqual(learning) && f.Train.Count > 0 && f.Validation.Count > 0);
    });

    [Fact]
    public void The_order_of_cases_changes_nothing() => Holds(d => Same(d.Split(), d.Split(d.Cases.AsEnumerable().Reverse())));

    [Fact]
    public void The_sources_own_test_cases_always_test() => Holds(d =>
        d.Cases.Where(c => c.Case.Source.Subset == Subset.Test).All(c => d.Split().Test.Contains(c.Case.Id)));

    [Fact]
    public void The_share_held_back_is_of_patients() => Holds(d =>
    {
        var patients = d.Pool.Select(c => c.Source.Patient).Distinct().Count();
        var held = d.Pool.Where(c => d.Split().Test.Contains(c.Id)).Select(c => c.Source.Patient).Distinct().Count();
        var asked = d.Plan.TestFraction * patients;
        return d.Plan.TestFraction == 0 ? held == 0 : held == Math.Max(1, (int)Math.Round(asked, MidpointRounding.AwayFromZero));
    });

    [Fact]
    public void Eight_hundred_hands_of_four_hundred_people_make_five_equal_folds()
    {
        var hands = Enumerable.Range(0, 800).Select(i => (Cases.Make($"image{i:D4}", $"ID{i / 2:D3}"), new long[] { 1, 1 })).ToList();
        var split = Splitter.Create(hands, new SplitPlan(), 42, ["Radius", "Ulna"]);
        Assert.Equal([160, 160, 160, 160, 160], split.Folds.Select(f => f.Validation.Count));
        Assert.Empty(split.Test);
    }

    [Fact]
    public void A_class_that_few_patients_show_is_in_every_fold()
    {
        var cases = Enumerable.Range(0, 100).Select(i => (Cases.Make($"c{i:D3}", $"p{i:D3}"), new long[] { 1, i % 10 == 3 ? 50 : 0, i is 7 or 11 or 12 or 50 or 51 ? 5 : 0 })).ToList();
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var split = Splitter.Create(cases, new SplitPlan(), seed, ["hand", "fracture", "implant"]);
            foreach (var fold in split.Folds)
            {
                Assert.Equal(20, fold.Validation.Count);
                Assert.Equal(2, cases.Count(c => c.Item2[1] > 0 && fold.Validation.Contains(c.Item1.Id)));
                Assert.Equal(1, cases.Count(c => c.Item2[2] > 0 && fold.Validation.Contains(c.Item1.Id)));
            }
        }
    }

    [Fact]
    public void One_fold_validates_on_a_fifth()
    {
        var cases = Enumerable.Range(0, 30).Select(i => (Cases.Make($"c{i:D2}", $"p{i}"), new long[] { 1 })).ToList();
        var fold = Assert.Single(Splitter.Create(cases, new SplitPlan { Folds = 1 }, 1, ["a"]).Folds);
        Assert.Equal((24, 6), (fold.Train.Count, fold.Validation.Count));
    }

    [Fact]
    public void Another_seed_makes_another_split()
    {
        var cases = Enumerable.Range(0, 30).Select(i => (Cases.Make($"c{i:D2}", $"p{i}"), new long[] { 1 })).ToList();
        Assert.False(Same(Splitter.Create(cases, new SplitPlan(), 1, ["a"]), Splitter.Create(cases, new SplitPlan(), 2, ["a"])));
    }

    [Fact]
    public void Too_few_patients_are_told_with_numbers()
    {
        var cases = Enumerable.Range(0, 8).Select(i => (Cases.Make($"c{i}", $"p{i / 2}"), new long[] { 1 })).ToList();
        var refused = Assert.Throws<ConfigurationException>(() => Splitter.Create(cases, new SplitPlan { Folds = 4, TestFraction = 0.25 }, 1, ["a"]));
        Assert.Contains("4 labelled training patients, 1 held back by test_fraction 0.25, leave 3; 4 fold(s) need at least 4", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patient_in_both_of_the_sources_subsets_is_refused()
    {
        var cases = new[] { Cases.Make("a", "ID001"), Cases.Make("b", "ID002"), Cases.Make("t", "ID002", Subset.Test, labelled: false) }.Select(c => (c, new long[] { 1 })).ToList();
        Assert.Contains("ID002", Assert.Throws<ConfigurationException>(() => Splitter.Create(cases, new SplitPlan { Folds = 2 }, 1, ["a"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 1)]
    [InlineData(5, -0.1)]
    [InlineData(5, double.NaN)]
    public void A_plan_out_of_range_is_refused(int folds, double fraction) =>
        Assert.Throws<ConfigurationException>(() => Splitter.Create([], new SplitPlan { Folds = folds, TestFraction = fraction }, 1, ["a"]));

    private static bool Same(Split a, Split b) =>
        a.Test.SequenceEqual(b.Test) && a.Folds.Count == b.Folds.Count
        && a.Folds.Zip(b.Folds).All(f => f.First.Train.SequenceEqual(f.Second.Train) && f.First.Validation.SequenceEqual(f.Second.Validation));

    private static void Holds(Func<Drawn, bool> law) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>().Convert(Draw, _ => 0), law).QuickCheckThrowOnFailure();

    private static Drawn Draw(int seed)
    {
        var random = RandomStream.For(seed, "split-tests");
        var plan = new SplitPlan { Folds = 1 + random.NextInt(6), TestFraction = random.NextInt(3) * 0.13 };
        var cases = new List<(StoredCase, long[])>();
        for (var p = 0; p < 20 + random.NextInt(40); p++)
        {
            var subset = random.NextInt(6) == 0 ? Subset.Test : Subset.Train;
            for (var i = 0; i <= random.NextInt(4); i++)
            {
                var areas = new long[6];
                for (var k = 0; k < 6; k++)
                {
                    areas[k] = random.NextInt(1 + (1 << k)) == 0 ? 100 : 0;
                }

                cases.Add((Cases.Make($"p{p}-{i}", $"p{p}", subset, labelled: random.NextInt(9) > 0), areas));
            }
        }

        return new Drawn(cases, plan, seed);
    }
}
