using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets.Tests;

public sealed class SplitContinuationTests
{
    private static readonly string[] s_classes = ["a", "b"];

    [Fact]
    public void What_another_split_has_stands_where_it_stands_there() => Prop.ForAll(
        (from patients in Gen.Choose(12, 30)
         from folds in Gen.Choose(1, 4)
         from seed in Gen.Choose(0, int.MaxValue - 1)
         select (patients, folds, seed)).ToArbitrary(),
        world =>
        {
            var random = new Random(world.seed);
            (StoredCase Case, long[] Areas)[] all = [.. Enumerable.Range(0, world.patients).SelectMany(p => Enumerable.Range(0, random.Next(1, 3)).Select(i => Case($"c{p:00}-{i}", $"p{p:00}", random.Next(2))))];
            // Half of the patients are the other's, and of those here and there a case is not.
            (StoredCase Case, long[] Areas)[] theirs = [.. all.Where((c, i) => string.CompareOrdinal(c.Case.Source.Patient, $"p{world.patients / 2:00}") < 0)];
            var plan = new SplitPlan { Folds = world.folds, TestFraction = 0.2 };
            var other = Splitter.Create(theirs, plan, 1, s_classes);
            theirs = [.. theirs.Where(c => other.Test.Contains(c.Case.Id) || other.Folds.All(f => f.Train.Contains(c.Case.Id) || f.Validation.Contains(c.Case.Id)))];
            var split = SplitContinuation.Of("seg", other, [.. theirs.Select(c => c.Case)], all, plan, 2, s_classes);
            split.Verify([.. all.Select(c => c.Case)]);
            return other.Test.All(split.Test.Contains)
                && split.Folds.Zip(other.Folds, (mine, there) => there.Train.All(mine.Train.Contains) && there.Validation.All(mine.Validation.Contains)).All(law => law)
                && split.Folds.All(f => f.Train.Count + f.Validation.Count + split.Test.Count == all.Length)
                && split.Test.Count > other.Test.Count;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Another_picture_of_a_tested_patient_tests()
    {
        (StoredCase Case, long[] Areas)[] theirs = [.. Enumerable.Range(0, 8).Select(p => Case($"c{p}", $"p{p}", p % 2))];
        var other = Splitter.Create(theirs, new SplitPlan { Folds = 2, TestFraction = 0.25 }, 1, s_classes);
        var tested = theirs.First(c => other.Test.Contains(c.Case.Id)).Case.Source.Patient;
        (StoredCase Case, long[] Areas)[] all = [.. theirs, Case("another", tested, 0)];
        Assert.Contains("another", SplitContinuation.Of("seg", other, [.. theirs.Select(c => c.Case)], all, new SplitPlan { Folds = 2 }, 1, s_classes).Test);
    }

    [Fact]
    public void Splits_that_do_not_agree_are_refused()
    {
        (StoredCase Case, long[] Areas)[] theirs = [.. Enumerable.Range(0, 8).Select(p => Case($"c{p}", $"p{p}", p % 2))];
        var other = Splitter.Create(theirs, new SplitPlan { Folds = 2 }, 1, s_classes);
        StoredCase[] known = [.. theirs.Select(c => c.Case)];
        Assert.Contains("seg has 2 fold(s), split.folds is 3", Assert.Throws<ConfigurationException>(() => SplitContinuation.Of("seg", other, known, theirs, new SplitPlan { Folds = 3 }, 1, s_classes)).Message, StringComparison.Ordinal);
        Assert.Contains("case 'c0' is of patient 'q' here and of 'p0' in seg", Assert.Throws<ConfigurationException>(() =>
            SplitContinuation.Of("seg", other, known, [Case("c0", "q", 0), .. theirs[1..]], new SplitPlan { Folds = 2 }, 1, s_classes)).Message, StringComparison.Ordinal);
    }

    private static (StoredCase Case, long[] Areas) Case(string id, string patient, int k) =>
        (new StoredCase(new CaseSource(id, patient, Subset.Train, $"{id}.png", $"{id}.json"), new Frame(4, 4), new Frame(4, 4), Labelled: true), k == 0 ? [5, 0] : [0, 5]);
}
