using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>
/// Divides cases by patient. Folds have as equal case counts as whole patients allow, and classes that few cases show are spread
/// over them. A function of cases, plan and seed: the order of the cases changes nothing.
/// </summary>
public static class Splitter
{
    /// <summary>With one fold, this many parts are made and the first validates.</summary>
    private const int PartsOfOneFold = 5;

    /// <summary>Makes the split.</summary>
    /// <param name="cases">
    /// Every case with the area of each class in pixels (empty for an unlabelled one). Cases of the source's test subset test;
    /// unlabelled cases of its train subset take no part.
    /// </param>
    /// <param name="plan">Folds and the share of patients held back.</param>
    /// <param name="seed">The run's.</param>
    /// <param name="classes">Names in channel order.</param>
    /// <exception cref="ConfigurationException">The plan is out of range, too few patients remain, or a patient is in both of the source's subsets.</exception>
    public static Split Create(IReadOnlyList<(StoredCase Case, long[] ClassAreas)> cases, SplitPlan plan, long seed, IReadOnlyList<string> classes)
    {
        if (plan.Folds < 1 || plan.TestFraction is not (>= 0 and < 1))
        {
            throw new ConfigurationException($"split: folds {plan.Folds} must be at least 1, and test_fraction {plan.TestFraction} in [0, 1).");
        }

        var sourceTest = cases.Where(c => c.Case.Source.Subset == Subset.Test).Select(c => c.Case).ToList();
        var pool = Patients(cases.Where(c => c.Case.Source.Subset == Subset.Train && c.Case.Labelled), classes.Count);
        RefuseShared(sourceTest, pool);

        var order = RandomStream.For(seed, "split", "test");
        order.Shuffle(pool.AsSpan());
        var held = HeldBack(pool.Length, plan);
        var learning = pool[held..];
        Array.Sort(learning, (a, b) => string.CompareOrdinal(a.Name, b.Name));

        var needed = Math.Max(plan.Folds, 2);
        if (learning.Length < needed)
        {
            throw new ConfigurationException(
                $"split: {pool.Length} labelled training patients, {held} held back by test_fraction {plan.TestFraction}, leave {learning.Length}; "
                + $"{plan.Folds} fold(s) need at least {needed}. Lower folds or test_fraction, or add patients.");
        }

        var parts = plan.Folds > 1 ? plan.Folds : Math.Min(PartsOfOneFold, learning.Length);
        var validation = Deal(learning, parts, seed);
        var folds = Enumerable.Range(0, plan.Folds).Select(i => new Fold(
            Sorted(validation.Where((_, j) => j != i).SelectMany(part => part).SelectMany(p => p.Cases)),
            Sorted(validation[i].SelectMany(p => p.Cases))));
        return new Split(Sorted(sourceTest.Select(c => c.Id).Concat(pool[..held].SelectMany(p => p.Cases))), [.. folds]);
    }

    private static int HeldBack(int patients, SplitPlan plan) => plan.TestFraction == 0
        ? 0
        : Math.Min(patients, Math.Max(1, (int)Math.Round(plan.TestFraction * patients, MidpointRounding.AwayFromZero)));

    private static string[] Sorted(IEnumerable<string> ids) => [.. ids.Order(StringComparer.Ordinal)];

    private static Patient[] Patients(IEnumerable<(StoredCase Case, long[] ClassAreas)> cases, int classes) =>
    [
        .. cases.GroupBy(c => c.Case.Source.Patient, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(group =>
        {
            var shown = new int[classes];
            foreach (var (_, areas) in group)
            {
                for (var k = 0; k < classes; k++)
                {
                    shown[k] += areas[k] > 0 ? 1 : 0;
                }
            }

            return new Patient(group.Key, Sorted(group.Select(c => c.Case.Id)), shown);
        }),
    ];

    private static void RefuseShared(IEnumerable<StoredCase> test, IEnumerable<Patient> pool)
    {
        var shared = test.Select(c => c.Source.Patient).Intersect(pool.Select(p => p.Name), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (shared.Count > 0)
        {
            throw new ConfigurationException(
                $"split: {shared.Count} patient(s) have cases in both the source's train and test subsets: {string.Join(", ", shared.Take(5))}"
                + $"{(shared.Count > 5 ? ", …" : string.Empty)}. Move their cases to one side, or correct how the format reads the patient.");
        }
    }

    /// <summary>
    /// Gives each patient, those with the rarest class first, to the part that has room and shows the patient's classes least.
    /// While a part is empty it always wins, so that none stays empty.
    /// </summary>
    private static List<Patient>[] Deal(Patient[] patients, int parts, long seed)
    {
        var classes = patients[0].Shown.Length;
        var total = new int[classes];
        foreach (var patient in patients)
        {
            for (var k = 0; k < classes; k++)
            {
                total[k] += patient.Shown[k];
            }
        }

        var random = RandomStream.For(seed, "split", "folds");
        random.Shuffle(patients.AsSpan());
        var room = (patients.Sum(p => p.Cases.Count) + parts - 1) / parts;
        var dealt = Enumerable.Range(0, parts).Select(_ => new Part(new int[classes])).ToArray();
        foreach (var patient in patients.OrderBy(p => p.Rarest(total)).ThenByDescending(p => p.Cases.Count))
        {
            dealt.OrderBy(part => part.Count + patient.Cases.Count > room)
                .ThenBy(part => part.Count + patient.Cases.Count > room ? 0 : part.Crowding(patient, total))
                .ThenBy(part => part.Count)
                .First()
                .Add(patient);
        }

        return [.. dealt.Select(part => part.Patients)];
    }

    /// <summary>One patient's cases; <see cref="Shown"/>: in how many of them each class has pixels.</summary>
    private sealed record Patient(string Name, IReadOnlyList<string> Cases, int[] Shown)
    {
        public int Rarest(int[] total) => Shown.Select((shown, k) => shown > 0 ? total[k] : int.MaxValue).DefaultIfEmpty(int.MaxValue).Min();
    }

    /// <summary>A part while it fills.</summary>
    private sealed class Part(int[] shown)
    {
        public List<Patient> Patients { get; } = [];

        public int Count { get; private set; }

        public void Add(Patient patient)
        {
            Patients.Add(patient);
            Count += patient.Cases.Count;
            for (var k = 0; k < shown.Length; k++)
            {
                shown[k] += patient.Shown[k];
            }
        }

        /// <summary>How much the part already shows of the patient's classes, each weighed by its rarity.</summary>
        public double Crowding(Patient patient, int[] total)
        {
            var sum = 0.0;
            for (var k = 0; k < shown.Length; k++)
            {
                sum += patient.Shown[k] > 0 ? (double)shown[k] * patient.Shown[k] / ((double)total[k] * total[k]) : 0;
            }

            return sum;
        }
    }
}
