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
    /// <summary>The same of groups dealt by chance alone, to compare with; null where there is nothing to compare: a split that was taken from a file.</summary>
    public BalanceTable? Before { get; init; }

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

    /// <summary>A CSV: stratum, then a share a part; the first row has the sizes. Behind them, where there is a before, its parts but for all.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder().Append("stratum,").AppendJoin(',', Parts.Concat(Before?.Parts.Skip(1).Select(p => "before " + p) ?? [])).Append('\n');
        text.Append("cases,").AppendJoin(',', Sizes.Concat(Before?.Sizes.Skip(1) ?? []).Select(s => s.ToString(CultureInfo.InvariantCulture))).Append('\n');
        for (var i = 0; i < Rows.Count; i++)
        {
            var shares = Rows[i].Shares.Concat(Before?.Rows[i].Shares.Skip(1) ?? []);
            text.Append(Quoted(Rows[i].Stratum)).Append(',').AppendJoin(',', shares.Select(s => s.ToString("0.####", CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Aligned lines for a console: the strata that are spread worst first; last the farthest any fold is from all, by chance alone and now.</summary>
    /// <param name="most">Strata to show.</param>
    public IEnumerable<string> ToLines(int most)
    {
        var shown = Rows.Select((row, i) => (Row: row, Before: Before?.Rows[i])).OrderByDescending(r => r.Row.Worst).ThenBy(r => r.Row.Stratum, StringComparer.Ordinal).Take(most).ToArray();
        var folds = Parts.Count(p => p is "all" or "test");              // what tests is often the source's own choice
        var width = shown.Select(r => r.Row.Stratum.Length).Append(9).Max();
        yield return $"  {"stratum".PadRight(width)}{string.Concat(Parts.Select(p => p.PadLeft(9)))}{(Before is null ? string.Empty : "   before    after")}";
        yield return $"  {"cases".PadRight(width)}{string.Concat(Sizes.Select(s => s.ToString(CultureInfo.InvariantCulture).PadLeft(9)))}";
        foreach (var (row, before) in shown)
        {
            yield return $"  {row.Stratum.PadRight(width)}{string.Concat(row.Shares.Select(s => Percent(s, 8) + "%"))}{(before is null ? string.Empty : Percent(before.WorstFrom(folds), 9) + Percent(row.WorstFrom(folds), 9))}";
        }

        if (Rows.Count > shown.Length)
        {
            yield return $"  … and {Rows.Count - shown.Length} that are spread better";
        }
    }

    private static string Percent(double share, int width) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture).PadLeft(width);

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>One stratum's share of each part's cases, in [0, 1].</summary>
public sealed record BalanceRow(string Stratum, IReadOnlyList<double> Shares)
{
    /// <summary>The farthest any part is from all.</summary>
    public double Worst => WorstFrom(1);

    internal double WorstFrom(int part) => Shares.Skip(part).Select(s => Math.Abs(s - Shares[0])).DefaultIfEmpty(0).Max();
}
