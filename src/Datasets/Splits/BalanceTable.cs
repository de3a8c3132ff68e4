using System.Globalization;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Datasets;

/// <summary>How each stratum is spread: of all cases, of the test cases, and of each fold's validation cases, the share that is in it.</summary>
/// <param name="Parts">Names of the parts: all, test, fold 0, ….</param>
/// <param name="Sizes">Cases of each part.</param>
/// <param name="Rows">A stratum each.</param>
public sealed record BalanceTable(IReadOnlyList<string> Parts, IReadOnlyList<int> Sizes, IReadOnlyList<BalanceRow> Rows)
{
    /// <summary>Measures a split.</summary>
    /// <param name="split">Of the cases.</param>
    /// <param name="cases">Every case with the area of each class.</param>
    /// <param name="plan">Names the strata.</param>
    /// <param name="classes">In channel order.</param>
    public static BalanceTable Of(Split split, IReadOnlyList<(StoredCase Case, long[] ClassAreas)> cases, SplitPlan plan, IReadOnlyList<string> classes)
    {
        var used = split.Folds.SelectMany(f => f.Train.Concat(f.Validation)).Concat(split.Test).ToHashSet(StringComparer.Ordinal);
        var labelled = cases.Where(c => c.Case.Labelled && used.Contains(c.Case.Id)).ToArray();
        var strata = SplitGroups.Learn(labelled, plan, classes);
        var known = labelled.Select(c => c.Case.Id).ToHashSet(StringComparer.Ordinal);
        var parts = new (string Name, string[] Ids)[]
        {
            ("all", [.. known]), ("test", [.. split.Test.Where(known.Contains)]),
        }.Concat(split.Folds.Select((f, i) => ($"fold {i}", (string[])[.. f.Validation.Where(known.Contains)]))).Where(p => p.Item2.Length > 0).ToArray();
        var counts = parts.Select(p => strata.Count(p.Item2)).ToArray();
        return new BalanceTable([.. parts.Select(p => p.Item1)], [.. parts.Select(p => p.Item2.Length)],
            [.. strata.Strata.Select((name, k) => new BalanceRow(name, [.. parts.Select((p, i) => (double)counts[i][k] / p.Item2.Length)]))]);
    }

    /// <summary>Mean over strata and parts of how far a part's share is from that of all; 0 when there is nothing to spread.</summary>
    public double Imbalance => Rows.SelectMany(r => r.Shares.Skip(1).Select(s => Math.Abs(s - r.Shares[0]))).DefaultIfEmpty(0).Average();

    /// <summary>A CSV: stratum, then a share a part; the first row has the sizes.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder().Append("stratum,").AppendJoin(',', Parts).Append('\n');
        text.Append("cases,").AppendJoin(',', Sizes.Select(s => s.ToString(CultureInfo.InvariantCulture))).Append('\n');
        foreach (var row in Rows)
        {
            text.Append(Quoted(row.Stratum)).Append(',').AppendJoin(',', row.Shares.Select(s => s.ToString("0.####", CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Aligned lines for a console: the strata that are spread worst first.</summary>
    /// <param name="most">Strata to show.</param>
    public IEnumerable<string> ToLines(int most)
    {
        var shown = Rows.OrderByDescending(r => r.Worst).ThenBy(r => r.Stratum, StringComparer.Ordinal).Take(most).ToArray();
        var width = shown.Select(r => r.Stratum.Length).Append(9).Max();
        yield return $"  {"stratum".PadRight(width)}{string.Concat(Parts.Select(p => p.PadLeft(9)))}";
        yield return $"  {"cases".PadRight(width)}{string.Concat(Sizes.Select(s => s.ToString(CultureInfo.InvariantCulture).PadLeft(9)))}";
        foreach (var row in shown)
        {
            yield return $"  {row.Stratum.PadRight(width)}{string.Concat(row.Shares.Select(s => (100 * s).ToString("0.0", CultureInfo.InvariantCulture).PadLeft(8) + "%"))}";
        }

        if (Rows.Count > shown.Length)
        {
            yield return $"  … and {Rows.Count - shown.Length} that are spread better";
        }
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>One stratum's share of each part's cases, in [0, 1].</summary>
public sealed record BalanceRow(string Stratum, IReadOnlyList<double> Shares)
{
    /// <summary>The farthest any part is from all.</summary>
    public double Worst => Shares.Skip(1).Select(s => Math.Abs(s - Shares[0])).DefaultIfEmpty(0).Max();
}
