using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>Cases that never part, and how many of them show each thing that is to be spread evenly.</summary>
/// <param name="Name">E.g. the patient.</param>
/// <param name="Cases">Ids in ordinal order.</param>
/// <param name="Shown">For each stratum, the cases that are in it.</param>
public sealed record SplitGroup(string Name, IReadOnlyList<string> Cases, int[] Shown);

/// <summary>Reads groups and strata off the cases.</summary>
/// <param name="Strata">What is counted: "class Ulna", "sex F", "age 19–31", ….</param>
/// <param name="Members">The strata of each case, by id.</param>
public sealed record SplitGroups(IReadOnlyList<string> Strata, IReadOnlyDictionary<string, int[]> Members)
{
    /// <summary>Groups by patient.</summary>
    public const string Patient = "patient";

    /// <summary>Each case for itself.</summary>
    public const string Case = "case";

    /// <summary>Strata by the classes a case has.</summary>
    public const string Classes = "classes";

    private const string None = "(none)";
    private const int MostValues = 50;

    /// <summary>The group of a case.</summary>
    public static string Of(StoredCase @case, string group) => group switch
    {
        Patient => @case.Source.Patient,
        Case => @case.Id,
        _ => @case.Source.Metadata.GetValueOrDefault(group) is { Length: > 0 } value ? value : $"{None} {@case.Source.Patient}",
    };

    /// <summary>Learns strata from the cases that are to be divided.</summary>
    /// <param name="cases">With the area of each class.</param>
    /// <param name="plan">Names the keys.</param>
    /// <param name="classes">In channel order.</param>
    /// <exception cref="ConfigurationException">Keys that are neither "classes" nor a column, or that have too many values; all are told.</exception>
    public static SplitGroups Learn(IReadOnlyList<(StoredCase Case, long[] ClassAreas)> cases, SplitPlan plan, IReadOnlyList<string> classes)
    {
        RefuseUnknown(cases.Select(c => c.Case), plan);
        var strata = new List<string>();
        var members = cases.ToDictionary(c => c.Case.Id, _ => new List<int>(), StringComparer.Ordinal);
        foreach (var key in plan.Stratify)
        {
            foreach (var (name, has) in key == Classes ? OfClasses(classes) : OfColumn(cases.Select(c => c.Case), key, plan.Bins))
            {
                foreach (var c in cases.Where(has))
                {
                    members[c.Case.Id].Add(strata.Count);
                }

                strata.Add(name);
            }
        }

        return new SplitGroups(strata, members.ToDictionary(m => m.Key, m => m.Value.ToArray(), StringComparer.Ordinal));
    }

    /// <summary>The groups of some cases, by name in ordinal order.</summary>
    public SplitGroup[] Gather(IEnumerable<StoredCase> cases, string group) =>
    [
        .. cases.GroupBy(c => Of(c, group), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var shown = new int[Strata.Count];
            foreach (var stratum in g.SelectMany(c => Members[c.Id]))
            {
                shown[stratum]++;
            }

            return new SplitGroup(g.Key, [.. g.Select(c => c.Id).Order(StringComparer.Ordinal)], shown);
        }),
    ];

    /// <summary>How many of some cases are in each stratum.</summary>
    public int[] Count(IEnumerable<string> ids)
    {
        var counts = new int[Strata.Count];
        foreach (var stratum in ids.SelectMany(id => Members.GetValueOrDefault(id) ?? []))
        {
            counts[stratum]++;
        }

        return counts;
    }

    private static void RefuseUnknown(IEnumerable<StoredCase> cases, SplitPlan plan)
    {
        var columns = cases.SelectMany(c => c.Source.Metadata.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var there = columns.Length > 0 ? string.Join(", ", columns) : "none: the data set has no metadata";
        var faults = plan.Stratify.Where(key => key != Classes && !columns.Contains(key))
            .Select(key => $"split.stratify '{key}' is neither '{Classes}' nor a column of the metadata. Columns: {there}.").ToList();
        if (plan.Group is not (Patient or Case) && !columns.Contains(plan.Group))
        {
            faults.Add($"split.group '{plan.Group}' is neither '{Patient}', '{Case}' nor a column of the metadata. Columns: {there}.");
        }

        if (faults.Count > 0)
        {
            throw new ConfigurationException(faults);
        }
    }

    private static IEnumerable<(string Name, Func<(StoredCase Case, long[] ClassAreas), bool> Has)> OfClasses(IReadOnlyList<string> classes) =>
        classes.Select((name, k) => ($"class {name}", (Func<(StoredCase Case, long[] ClassAreas), bool>)(c => k < c.ClassAreas.Length && c.ClassAreas[k] > 0)));

    private static IEnumerable<(string Name, Func<(StoredCase Case, long[] ClassAreas), bool> Has)> OfColumn(IEnumerable<StoredCase> cases, string key, int bins)
    {
        var values = cases.Select(c => Value(c, key)).ToArray();
        var distinct = values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var numbers = values.Where(v => v != None).Select(Number).ToArray();
        if (distinct.Length > bins && numbers.Length > 0 && numbers.All(n => n is not null))
        {
            return OfNumbers(key, [.. numbers.Select(n => n!.Value).Order()], bins, anyNone: distinct.Contains(None));
        }

        return distinct.Length <= MostValues
            ? distinct.Select(value => ($"{key} {value}", (Func<(StoredCase Case, long[] ClassAreas), bool>)(c => Value(c.Case, key) == value)))
            : throw new ConfigurationException($"split.stratify '{key}' has {distinct.Length} values that are not all numbers, as {string.Join(", ", distinct.Take(3))}; at most {MostValues} can be spread over folds.");
    }

    private static IEnumerable<(string Name, Func<(StoredCase Case, long[] ClassAreas), bool> Has)> OfNumbers(string key, double[] sorted, int bins, bool anyNone)
    {
        // Lower edges at the quantiles; equal values stay together.
        var edges = Enumerable.Range(0, bins).Select(b => sorted[(int)((long)b * sorted.Length / bins)]).Distinct().ToArray();
        for (var b = 0; b < edges.Length; b++)
        {
            var (low, high) = (edges[b], b + 1 < edges.Length ? edges[b + 1] : double.PositiveInfinity);
            var last = sorted.Last(n => n < high);
            yield return (string.Create(CultureInfo.InvariantCulture, $"{key} {low:0.##}–{last:0.##}"), c => Number(Value(c.Case, key)) is { } n && n >= low && n < high);
        }

        if (anyNone)
        {
            yield return ($"{key} {None}", c => Value(c.Case, key) == None);
        }
    }

    private static string Value(StoredCase @case, string key) => @case.Source.Metadata.GetValueOrDefault(key) is { Length: > 0 } value ? value : None;

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
