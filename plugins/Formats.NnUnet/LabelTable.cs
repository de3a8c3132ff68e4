using System.Globalization;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.NnUnet;

/// <summary>What the values of a label map mean: each belongs to one class, to several where the data set has regions, or to none.</summary>
internal sealed class LabelTable
{
    /// <summary>The name that nnU-Net gives to pixels that do not count.</summary>
    public const string Ignore = "ignore";

    private const int MostTold = 8;

    private readonly Dictionary<double, int[]> _classesOf = [];
    private readonly string _allowed;

    /// <param name="labels">Names and the values they cover, background and ignore among them.</param>
    /// <param name="ignored">What the ignore label is.</param>
    /// <param name="background">Whether value 0 is a class.</param>
    public LabelTable(IReadOnlyList<(string Name, int[] Values)> labels, IgnoredPixels ignored, bool background)
    {
        var classes = labels.Where(l => (background || l.Values is not [0]) && (l.Name != Ignore || ignored == IgnoredPixels.Class)).ToArray();
        var regions = classes.Any(c => c.Values.Length > 1);

        // Plain labels come in the order of their values, regions in the order of the table, and what is ignored last.
        classes = [.. regions ? classes.OrderBy(c => c.Name == Ignore).ThenByDescending(c => c.Values is [0]) : classes.OrderBy(c => c.Values[0])];
        Classes = [.. classes.Select(c => c.Name)];
        HasIgnore = labels.Any(l => l.Name == Ignore);
        foreach (var value in labels.SelectMany(l => l.Values).Distinct())
        {
            _classesOf[value] = [.. Enumerable.Range(0, classes.Length).Where(k => classes[k].Values.Contains(value))];
        }

        _allowed = string.Join(", ", labels.Select(l => $"{l.Name}: {(l.Values.Length == 1 ? l.Values[0].ToString(CultureInfo.InvariantCulture) : $"[{string.Join(", ", l.Values)}]")}"));
    }

    /// <summary>Names in channel order, without the background.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>True when there is an ignore label.</summary>
    public bool HasIgnore { get; }

    /// <summary>The labelled pixels of a map.</summary>
    /// <param name="path">What errors call the file.</param>
    /// <param name="frame">The image's.</param>
    /// <param name="plane">Row by row, as many numbers as the frame has pixels.</param>
    /// <exception cref="DataException">Values stand in no line of the table: they are listed.</exception>
    public IReadOnlyList<Annotation> Read(string path, Frame frame, ReadOnlySpan<double> plane)
    {
        var runs = Classes.Select(_ => new List<Run>()).ToArray();
        var unknown = new SortedDictionary<double, long>();
        for (int start = 0, end; start < plane.Length; start = end)
        {
            var value = plane[start];
            for (end = start + 1; end < plane.Length && plane[end].Equals(value); end++)
            {
            }

            if (_classesOf.TryGetValue(value, out var classes))
            {
                foreach (var k in classes)
                {
                    Append(runs[k], start, end - start);
                }
            }
            else
            {
                unknown[value] = unknown.GetValueOrDefault(value) + end - start;
            }
        }

        return unknown.Count == 0
            ? [.. runs.Select((list, k) => (list, k)).Where(c => c.list.Count > 0).Select(c => new MaskAnnotation(Classes[c.k], new Mask(frame, [.. c.list])))]
            : throw new DataException(path, $"{unknown.Count} label value(s) are not in the labels of dataset.json: {string.Join(", ", unknown.Take(MostTold).Select(u => FormattableString.Invariant($"{u.Key} ({u.Value} pixels)")))}{(unknown.Count > MostTold ? ", …" : string.Empty)}. "
                + $"Those are {_allowed}. Add them there, or mend the map.");
    }

    private static void Append(List<Run> runs, int start, int length)
    {
        if (runs.Count > 0 && runs[^1].End == start)
        {
            runs[^1] = new Run(runs[^1].Start, runs[^1].Length + length);
        }
        else
        {
            runs.Add(new Run(start, length));
        }
    }
}
