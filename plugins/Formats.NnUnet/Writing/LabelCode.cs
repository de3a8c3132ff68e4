using System.Numerics;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.NnUnet;

/// <summary>How the classes of one data set become the values of its label maps.</summary>
/// <param name="Classes">Which classes of the experiment it holds, in channel order.</param>
/// <param name="Labels">dataset.json's table beside the background: names and the values they cover.</param>
/// <param name="RegionsClassOrder">The value that nnU-Net writes for each label, outer regions before inner ones; null without regions.</param>
/// <param name="ValueOf">The value of each combination of the experiment's classes that occurs.</param>
internal sealed record LabelCode(IReadOnlyList<int> Classes, IReadOnlyList<(string Name, IReadOnlyList<int> Values)> Labels, IReadOnlyList<int>? RegionsClassOrder, IReadOnlyDictionary<ulong, int> ValueOf)
{
    private const int MostValues = ushort.MaxValue;

    /// <summary>Classes that share no pixel: 1, 2, … in their order.</summary>
    public static LabelCode Plain(IReadOnlyList<int> classes, ExportedSet set)
    {
        var own = classes.Aggregate(0ul, (mask, k) => mask | (1ul << k));
        return new LabelCode(
            classes,
            [.. classes.Select((k, i) => (set.Classes[k], (IReadOnlyList<int>)[i + 1]))],
            null,
            set.Combinations.Areas.Keys.ToDictionary(w => w, w => (w & own) == 0 ? 0 : 1 + Enumerable.Range(0, classes.Count).First(i => (w >> classes[i] & 1) != 0)));
    }

    /// <summary>Classes one inside another: each has a value for what no inner class covers, and is a region of that value and those inside.</summary>
    public static LabelCode Nested(IReadOnlyList<int> classes, ExportedSet set)
    {
        var combinations = set.Combinations;

        // Outer before inner: what lies inside another has a smaller area, and equal ones keep their order.
        int[] order = [.. classes.OrderByDescending(k => combinations.Together(k, k)).ThenBy(k => k)];
        var valueOf = combinations.Areas.Keys.ToDictionary(w => w, w => Innermost(w, order));
        return new LabelCode(
            classes,
            [.. order.Select((k, i) => (set.Classes[k], (IReadOnlyList<int>)[i + 1, .. valueOf.Where(v => (v.Key >> k & 1) != 0 && v.Value != i + 1).Select(v => v.Value).Distinct().Order()]))],
            [.. Enumerable.Range(1, order.Length)],
            valueOf);
    }

    /// <summary>A value for each combination that occurs; a class is the region of all that it is part of.</summary>
    /// <exception cref="ConfigurationException">There are more combinations than a label map has values.</exception>
    public static LabelCode Combined(IReadOnlyList<int> classes, ExportedSet set)
    {
        ulong[] words = [.. set.Combinations.Areas.Keys.Where(w => w != 0).OrderBy(BitOperations.PopCount).ThenBy(w => w)];

        // A class without a pixel has a value of its own, as has one that is never alone: nnU-Net names a region by one value.
        var missing = classes.Where(k => !words.Contains(1ul << k)).Select(k => 1ul << k);
        words = [.. words.Concat(missing).OrderBy(BitOperations.PopCount).ThenBy(w => w)];
        if (words.Length > MostValues)
        {
            throw new ConfigurationException($"{words.Length} combinations of classes occur; a label map holds {MostValues} values. Write overlap: groups.");
        }

        var valueOf = words.Select((w, i) => (w, i)).ToDictionary(w => w.w, w => w.i + 1);
        var values = words.ToDictionary(w => w, w => valueOf[w]);
        values[0] = 0;
        return new LabelCode(
            classes,
            [.. classes.Select(k => (set.Classes[k], (IReadOnlyList<int>)[.. words.Where(w => (w >> k & 1) != 0).Select(w => valueOf[w]).Order()]))],
            [.. classes.Select(k => valueOf[1ul << k])],
            values);
    }

    /// <summary>Bytes a value needs: 1 or 2.</summary>
    public int Bytes => Labels.SelectMany(l => l.Values).Append(0).Max() > byte.MaxValue ? 2 : 1;

    /// <summary>The label map of an image.</summary>
    /// <param name="name">The case's, for errors.</param>
    /// <param name="masks">A mask a class of the experiment.</param>
    /// <exception cref="DataException">A combination was not counted before: files changed meanwhile.</exception>
    public Image Draw(string name, IReadOnlyList<Mask> masks)
    {
        var words = LabelMap.FromMasks(masks);
        var map = new Image(masks[0].Frame, Bytes);
        for (var i = 0; i < map.Frame.Area; i++)
        {
            var word = words.WordBytes switch { 1 => words.Words<byte>()[i], 2 => words.Words<ushort>()[i], 4 => words.Words<uint>()[i], _ => words.Words<ulong>()[i] };
            if (word == 0)
            {
                continue;
            }

            var value = ValueOf.TryGetValue(word, out var known) ? known : throw new DataException(name, "its labels are others than those that were counted; run Convert again.");
            if (Bytes == 1)
            {
                map.Bytes[i] = (byte)value;
            }
            else
            {
                map.Pixels<ushort>()[i] = (ushort)value;
            }
        }

        return map;
    }

    private static int Innermost(ulong word, int[] order)
    {
        for (var i = order.Length - 1; i >= 0; i--)
        {
            if ((word >> order[i] & 1) != 0)
            {
                return i + 1;
            }
        }

        return 0;
    }
}
