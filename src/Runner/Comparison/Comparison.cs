using System.Globalization;

namespace Osteon.Runner;

/// <summary>What two sides have in common is left out; what differs is told, settings first, then inputs, then numbers.</summary>
public static class Comparison
{
    private const string Nothing = "(none)";
    private const int Shown = 60;

    /// <summary>Lines for the console.</summary>
    public static IEnumerable<string> Lines(ComparedSide a, ComparedSide b)
    {
        yield return $"a: {a.Title}";
        yield return $"b: {b.Title}";
        foreach (var line in Section("settings", Differences(a.Config, b.Config).Select(d => $"{d.Key}  {Short(d.A)} → {Short(d.B)}"))
            .Concat(Section("plugins and data", Differences(a.Inputs, b.Inputs).Select(d => $"{d.Key}  {Short(d.A)} → {Short(d.B)}")))
            .Concat(Section("metrics", Numbers(a.Metrics, b.Metrics))))
        {
            yield return line;
        }
    }

    /// <summary>Keys whose values differ, with both; null where a side has none.</summary>
    public static IEnumerable<(string Key, string? A, string? B)> Differences(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Keys.Union(b.Keys).Order(StringComparer.Ordinal)
            .Select(key => (key, a.GetValueOrDefault(key), b.GetValueOrDefault(key)))
            .Where(d => d.Item2 != d.Item3);

    private static IEnumerable<string> Section(string title, IEnumerable<string> lines)
    {
        var all = lines.ToArray();
        return [string.Empty, all.Length == 0 ? $"{title}: the same" : $"{title}:", .. all.Select(line => $"  {line}")];
    }

    private static IEnumerable<string> Numbers(IReadOnlyDictionary<string, double> a, IReadOnlyDictionary<string, double> b)
    {
        var keys = a.Keys.Union(b.Keys).Order(StringComparer.Ordinal).Where(key => !(a.TryGetValue(key, out var x) && b.TryGetValue(key, out var y) && x.Equals(y))).ToArray();
        var width = keys.Length == 0 ? 0 : keys.Max(key => key.Length);
        foreach (var key in keys)
        {
            bool inA = a.TryGetValue(key, out var x), inB = b.TryGetValue(key, out var y);
            yield return $"{key.PadRight(width)}  {(inA ? Number(x) : Nothing),10} → {(inB ? Number(y) : Nothing),10}"
                + (inA && inB && double.IsFinite(y - x) ? string.Create(CultureInfo.InvariantCulture, $"  {y - x:+0.0000;-0.0000;0.0000}") : string.Empty);
        }
    }

    private static string Number(double value) => double.IsInteger(value) ? value.ToString(CultureInfo.InvariantCulture) : value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Short(string? text) => text is null ? Nothing
        : text.Length == 64 && text.All(char.IsAsciiHexDigit) ? text[..12]
        : text.Length > Shown ? text[..(Shown - 1)] + "…" : text;
}
