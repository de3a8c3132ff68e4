using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;

namespace Osteon.Datasets.Tests;

/// <summary>Laws of splits over several keys.</summary>
public sealed class StratifiedSplitTests
{
    private static readonly string[] Classes = ["a", "b", "c"];

    private sealed record Drawn(List<(StoredCase Case, long[] Areas)> Cases, SplitPlan Plan, long Seed)
    {
        public StoredCase[] All => [.. Cases.Select(c => c.Case)];

        public Split Split() => Splitter.Create(Cases, Plan, Seed, Classes);
    }

    [Fact]
    public void Every_case_stands_once() => Holds(d =>
    {
        var split = d.Split();
        var ids = d.All.Select(c => c.Id).Order(StringComparer.Ordinal).ToArray();
        var validation = split.Folds.SelectMany(f => f.Validation).Concat(split.Test);
        return split.Folds.All(f => f.Train.Concat(f.Validation).Concat(split.Test).Order(StringComparer.Ordinal).SequenceEqual(ids))
            && (d.Plan.Folds == 1 || validation.Order(StringComparer.Ordinal).SequenceEqual(ids));
    });

    [Fact]
    public void No_group_is_cut() => Holds(d =>
    {
        d.Split().Verify(d.All, d.Plan.Group);
        return true;
    });

    [Fact]
    public void Balance_is_no_worse_than_by_chance() => Holds(d =>
    {
        var split = d.Split();
        var chance = Enumerable.Range(0, 10).Average(i => BalanceTable.Of(ByChance(d, split, i), d.Cases, d.Plan, Classes).Imbalance);
        return BalanceTable.Of(split, d.Cases, d.Plan, Classes).Imbalance <= chance + 0.005;
    });

    [Fact]
    public void Four_hundred_people_are_spread_by_sex_and_age_to_a_percent()
    {
        var cases = Enumerable.Range(0, 800).Select(i => (WithFacts($"i{i:D3}", $"p{i / 2:D3}", (i / 2) % 3 == 0 ? "F" : "M", 20 + (i / 2 * 7 % 50)), new long[] { 1, i / 2 % 10 == 0 ? 1 : 0, 1 })).ToList();
        var plan = new SplitPlan { Stratify = ["classes", "sex", "age"], TestFraction = 0.1 };
        var table = BalanceTable.Of(Splitter.Create(cases, plan, 5, Classes), cases, plan, Classes);
        Assert.Equal(["class a", "class b", "class c", "sex F", "sex M", "age 20–31", "age 32–44", "age 45–56", "age 57–69"], table.Rows.Select(r => r.Stratum));
        Assert.Equal([800, 80, 144, 144, 144, 144, 144], table.Sizes);
        Assert.All(table.Rows, r => Assert.True(r.Worst < 0.02, $"{r.Stratum}: {string.Join(", ", r.Shares)}"));
    }

    [Fact]
    public void A_split_of_its_own_seed_stays_when_the_experiments_changes()
    {
        var cases = Enumerable.Range(0, 30).Select(i => (Cases.Make($"c{i:D2}", $"p{i}"), new long[] { 1, 0, 1 })).ToList();
        var plan = new SplitPlan { Seed = 3 };
        Assert.Equal(Splitter.Create(cases, plan, 1, Classes).Folds[0].Validation, Splitter.Create(cases, plan, 2, Classes).Folds[0].Validation);
    }

    [Fact]
    public void Keys_that_do_not_exist_are_told_together()
    {
        var cases = Enumerable.Range(0, 30).Select(i => (WithFacts($"i{i}", $"p{i}", "F", i), new long[] { 1, 1, 1 })).ToList();
        var refused = Assert.Throws<ConfigurationException>(() => Splitter.Create(cases, new SplitPlan { Stratify = ["sexx", "age"], Group = "hospital" }, 1, Classes));
        Assert.Equal(
        [
            "split.stratify 'sexx' is neither 'classes' nor a column of the metadata. Columns: age, sex.",
            "split.group 'hospital' is neither 'patient', 'case' nor a column of the metadata. Columns: age, sex.",
        ], refused.Faults);
    }

    [Fact]
    public void The_balance_is_a_table_for_people_and_programs()
    {
        var cases = Enumerable.Range(0, 4).Select(i => (WithFacts($"i{i}", $"p{i}", i < 2 ? "F" : "M", 30), new long[] { 1, 0, 1 })).ToList();
        var plan = new SplitPlan { Folds = 2, Stratify = ["sex"] };
        var table = BalanceTable.Of(new Split([], [new(["i0", "i2"], ["i1", "i3"]), new(["i1", "i3"], ["i0", "i2"])]), cases, plan, Classes);
        Assert.Equal("stratum,all,fold 0,fold 1\ncases,4,2,2\nsex F,0.5,0.5,0.5\nsex M,0.5,0.5,0.5\n", table.ToCsv());
        Assert.Equal(0, table.Imbalance);
        Assert.Equal("  sex F        50.0%    50.0%    50.0%", table.ToLines(5).ElementAt(2));

        // Beside what chance would have made: both women in one fold.
        table = table with { Before = BalanceTable.Of(new Split([], [new(["i0", "i1"], ["i2", "i3"]), new(["i2", "i3"], ["i0", "i1"])]), cases, plan, Classes) };
        Assert.Equal("stratum,all,fold 0,fold 1,before fold 0,before fold 1\ncases,4,2,2,2,2\nsex F,0.5,0.5,0.5,0,1\nsex M,0.5,0.5,0.5,1,0\n", table.ToCsv());
        Assert.Equal("  stratum        all   fold 0   fold 1   before    after", table.ToLines(5).First());
        Assert.Equal("  sex F        50.0%    50.0%    50.0%     50.0      0.0", table.ToLines(5).ElementAt(2));
    }

    [Fact]
    public void The_same_picture_on_two_sides_is_told()
    {
        var split = new Split(["d"], [new(["a", "b"], ["c"])]);
        Assert.Empty(LeakProof.SharedPictures(split, new Dictionary<string, string> { ["a"] = "1", ["b"] = "1", ["c"] = "2", ["d"] = "3" }, []));
        Assert.Equal(["Fold 0: cases 'b' in train and 'c' in validation have the same picture."],
            LeakProof.SharedPictures(split, new Dictionary<string, string> { ["a"] = "1", ["b"] = "2", ["c"] = "2", ["d"] = "3" }, []));
        Assert.Equal(["Fold 0: cases 'd' in test and 'a' in train have all but the same picture."], LeakProof.SharedPictures(split, new Dictionary<string, string>(), [["a", "b"], ["d", "a"], ["a", "gone"]]));
    }

    private static Split ByChance(Drawn d, Split ours, int draw)
    {
        var random = RandomStream.For(draw, "chance");
        var groups = d.All.GroupBy(c => SplitGroups.Of(c, d.Plan.Group)).Select(g => g.Select(c => c.Id).ToArray()).ToArray();
        random.Shuffle(groups.AsSpan());
        var held = groups.Length == 0 ? 0 : d.All.Where(c => ours.Test.Contains(c.Id)).Select(c => SplitGroups.Of(c, d.Plan.Group)).Distinct().Count();
        var validated = d.All.Where(c => ours.Folds[0].Validation.Contains(c.Id)).Select(c => SplitGroups.Of(c, d.Plan.Group)).Distinct().Count();
        var rest = groups[held..];
        return new Split([.. groups[..held].SelectMany(g => g)], [.. Enumerable.Range(0, d.Plan.Folds).Select(f =>
        {
            var validation = rest.Where((_, i) => d.Plan.Folds == 1 ? i < validated : i % d.Plan.Folds == f).SelectMany(g => g).ToArray();
            return new Fold([.. rest.SelectMany(g => g).Except(validation)], validation);
        })]);
    }

    private static StoredCase WithFacts(string id, string patient, string sex, int age)
    {
        var made = Cases.Make(id, patient);
        return made with { Source = made.Source with { Metadata = new Dictionary<string, string> { ["sex"] = sex, ["age"] = age.ToString(System.Globalization.CultureInfo.InvariantCulture) } } };
    }

    private static void Holds(Func<Drawn, bool> law) => Prop.ForAll(ArbMap.Default.ArbFor<int>().Convert(Draw, _ => 0), law).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private static Drawn Draw(int seed)
    {
        var random = RandomStream.For(seed, "stratified-tests");
        var cases = new List<(StoredCase, long[])>();
        for (var p = 0; p < 24 + random.NextInt(60); p++)
        {
            var (sex, age) = (random.NextInt(3) == 0 ? "F" : "M", 18 + random.NextInt(60));
            for (var i = 0; i <= random.NextInt(3); i++)
            {
                cases.Add((WithFacts($"p{p}-{i}", $"p{p}", sex, age), [1, random.NextInt(4) == 0 ? 1 : 0, random.NextInt(2)]));
            }
        }

        string[][] keys = [["classes"], ["sex"], ["classes", "sex", "age"], ["age"]];
        return new Drawn(cases, new SplitPlan
        {
            Folds = 1 + random.NextInt(5),
            TestFraction = random.NextInt(3) * 0.15,
            Group = random.NextInt(4) == 0 ? "case" : "patient",
            Stratify = keys[random.NextInt(4)],
        }, seed);
    }
}
