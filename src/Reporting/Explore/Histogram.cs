using System.Globalization;

namespace Osteon.Reporting;

/// <summary>Counts of cases by bin, stacked by series.</summary>
/// <param name="Title">What is counted.</param>
/// <param name="Bins">Labels from left to right.</param>
/// <param name="Series">A name and a count a bin; one without a name where nothing is compared.</param>
/// <param name="Note">What a reader should know, or empty.</param>
public sealed record Histogram(string Title, IReadOnlyList<string> Bins, IReadOnlyList<(string Name, IReadOnlyList<int> Counts)> Series, string Note = "")
{
    private const int NumberBins = 12, MostNames = 24;

    /// <summary>Bins of round width over numbers.</summary>
    /// <param name="title">What is counted.</param>
    /// <param name="values">Numbers, each with the name of its series.</param>
    public static Histogram OfNumbers(string title, IReadOnlyList<(double Value, string Series)> values)
    {
        var axis = Axis.Around(values.Select(v => v.Value), NumberBins, 0, 1);
        var count = Math.Max(1, (int)Math.Round((axis.High - axis.Low) / axis.Step));
        int Bin(double value) => Math.Clamp((int)Math.Floor(((value - axis.Low) / axis.Step) + 1e-9), 0, count - 1);
        return new Histogram(title, [.. Enumerable.Range(0, count).Select(b => axis.Label(axis.Low + (b * axis.Step)))], Stack(values.Select(v => (Bin(v.Value), v.Series)), count),
            string.Create(CultureInfo.InvariantCulture, $"{values.Count} values, median {Median([.. values.Select(v => v.Value)]):0.##}"));
    }

    /// <summary>A bin a name, the most frequent first.</summary>
    /// <param name="title">What is counted.</param>
    /// <param name="values">Names, each with the name of its series.</param>
    public static Histogram OfNames(string title, IReadOnlyList<(string Value, string Series)> values)
    {
        var names = values.GroupBy(v => v.Value, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToArray();
        var places = names.Take(MostNames).Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i, StringComparer.Ordinal);
        return new Histogram(title, [.. places.Keys], Stack(values.Where(v => places.ContainsKey(v.Value)).Select(v => (places[v.Value], v.Series)), places.Count),
            names.Length > MostNames ? $"the {MostNames} most frequent of {names.Length}" : string.Empty);
    }

    private static (string Name, IReadOnlyList<int> Counts)[] Stack(IEnumerable<(int Bin, string Series)> values, int bins) =>
    [
        .. values.GroupBy(v => v.Series, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var counts = new int[bins];
            foreach (var (bin, _) in g)
            {
                counts[bin]++;
            }

            return (g.Key, (IReadOnlyList<int>)counts);
        }),
    ];

    internal static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? double.NaN : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
