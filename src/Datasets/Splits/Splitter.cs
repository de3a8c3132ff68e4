using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>
/// Divides cases by group (mostly patients). Folds have as equal case counts as whole groups allow, and strata (classes, sex, age, …) are
/// spread over them. A function of cases, plan and seed: the order of the cases changes nothing.
/// </summary>
public static class Splitter
{
    /// <summary>Makes the split.</summary>
    /// <param name="cases">
    /// Every case with the area of each class in pixels (empty for an unlabelled one). Cases of the source's test subset test;
    /// unlabelled cases of its train subset take no part.
    /// </param>
    /// <param name="plan">Folds, shares, groups and strata.</param>
    /// <param name="seed">The run's; the plan's own goes first.</param>
    /// <param name="classes">Names in channel order.</param>
    /// <exception cref="ConfigurationException">The plan is out of range, too few groups remain, or a group is in both of the source's subsets.</exception>
    public static Split Create(IReadOnlyList<(StoredCase Case, long[] ClassAreas)> cases, SplitPlan plan, long seed, IReadOnlyList<string> classes)
    {
        if (plan.Folds < 1 || plan.TestFraction is not (>= 0 and < 1) || plan.ValidationFraction is not (> 0 and < 1))
        {
            throw new ConfigurationException($"split: folds {plan.Folds} must be at least 1, test_fraction {plan.TestFraction} in [0, 1) and validation_fraction {plan.ValidationFraction} in (0, 1).");
        }

        seed = plan.Seed ?? seed;
        var sourceTest = cases.Where(c => c.Case.Source.Subset == Subset.Test).Select(c => c.Case).ToList();
        var learnable = cases.Where(c => c.Case.Source.Subset == Subset.Train && c.Case.Labelled).ToArray();
        var strata = SplitGroups.Learn(learnable, plan, classes);
        var pool = strata.Gather(learnable.Select(c => c.Case), plan.Group);
        RefuseShared(sourceTest, pool, plan.Group);

        var held = Count(plan.TestFraction, pool.Length);
        var needed = Math.Max(plan.Folds, 2);
        if (pool.Length - held < needed)
        {
            throw new ConfigurationException(
                $"split: {pool.Length} labelled training {(plan.Group == SplitGroups.Patient ? "patients" : "groups")}, {held} held back by test_fraction {plan.TestFraction}, leave {pool.Length - held}; "
                + $"{plan.Folds} fold(s) need at least {needed}. Lower folds or test_fraction, or add patients.");
        }

        var (test, learning) = HoldOut(pool, held, RandomStream.For(seed, "split", "test"));
        var validation = plan.Folds > 1
            ? Deal(learning, plan.Folds, seed)
            : [HoldOut(learning, Math.Clamp((int)Math.Round(plan.ValidationFraction * learning.Length, MidpointRounding.AwayFromZero), 1, learning.Length - 1), RandomStream.For(seed, "split", "folds")).Held];
        var folds = validation.Select(part =>
        {
            var ids = part.SelectMany(g => g.Cases).ToHashSet(StringComparer.Ordinal);
            return new Fold(Sorted(learning.SelectMany(g => g.Cases).Where(id => !ids.Contains(id))), Sorted(ids));
        });
        return new Split(Sorted(sourceTest.Select(c => c.Id).Concat(test.SelectMany(g => g.Cases))), [.. folds])
        {
            Made = new SplitOrigin("stratified groups", plan.Group, plan.Stratify, seed),
        };
    }

    private static int Count(double fraction, int groups) => fraction == 0
        ? 0
        : Math.Min(groups, Math.Max(1, (int)Math.Round(fraction * groups, MidpointRounding.AwayFromZero)));

    private static string[] Sorted(IEnumerable<string> ids) => [.. ids.Order(StringComparer.Ordinal)];

    private static void RefuseShared(IEnumerable<StoredCase> test, IEnumerable<SplitGroup> pool, string group)
    {
        var shared = test.Select(c => SplitGroups.Of(c, group)).Intersect(pool.Select(p => p.Name), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (shared.Count > 0)
        {
            throw new ConfigurationException(
                $"split: {shared.Count} {group}(s) have cases in both the source's train and test subsets: {string.Join(", ", shared.Take(5))}"
                + $"{(shared.Count > 5 ? ", …" : string.Empty)}. Move their cases to one side, or correct how the format reads the {group}.");
        }
    }

    /// <summary>A number of groups by chance, then exchanged until they show the strata as the whole does.</summary>
    private static (SplitGroup[] Held, SplitGroup[] Others) HoldOut(SplitGroup[] pool, int count, RandomStream random)
    {
        if (count == 0)
        {
            return ([], pool);
        }

        var shuffled = pool.ToArray();
        random.Shuffle(shuffled.AsSpan());
        SplitPart[] parts = [new(shuffled[..count]), new(shuffled[count..])];
        SplitBalance.Improve(parts, ref random, sameSize: false);
        return ([.. parts[0].Groups], [.. parts[1].Groups.OrderBy(g => g.Name, StringComparer.Ordinal)]);
    }

    /// <summary>
    /// Gives each group, those with the rarest stratum first, to the part that has room and shows the group's strata least; while a part is
    /// empty it always wins, so that none stays empty. Then groups of equal size are exchanged where that makes the parts more alike.
    /// </summary>
    private static SplitGroup[][] Deal(SplitGroup[] groups, int parts, long seed)
    {
        var total = SplitBalance.Total(groups);
        var random = RandomStream.For(seed, "split", "folds");
        var shuffled = groups.ToArray();
        random.Shuffle(shuffled.AsSpan());
        var room = (groups.Sum(p => p.Cases.Count) + parts - 1) / parts;
        var dealt = Enumerable.Range(0, parts).Select(_ => new SplitPart([])).ToArray();
        foreach (var group in shuffled.OrderBy(p => Rarest(p, total)).ThenByDescending(p => p.Cases.Count))
        {
            dealt.OrderBy(part => part.Count + group.Cases.Count > room)
                .ThenBy(part => part.Count + group.Cases.Count > room ? 0 : part.Crowding(group, total))
                .ThenBy(part => part.Count)
                .First()
                .Add(group);
        }

        SplitBalance.Improve(dealt, ref random, sameSize: true);
        return [.. dealt.Select(part => part.Groups.ToArray())];
    }

    private static int Rarest(SplitGroup group, int[] total) => group.Shown.Select((shown, k) => shown > 0 ? total[k] : int.MaxValue).DefaultIfEmpty(int.MaxValue).Min();
}
