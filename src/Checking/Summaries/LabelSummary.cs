using System.Numerics;
using Osteon.Masks;

namespace Osteon.Checking;

/// <summary>One case's labels in numbers.</summary>
/// <param name="Classes">In channel order, measured on the truth.</param>
/// <param name="StoredAreas">Stored pixels of each class.</param>
/// <param name="Labelled">Stored pixels with any class.</param>
/// <param name="Overlapping">Stored pixels with two classes or more.</param>
/// <param name="OutOfRange">Stored pixels whose word has a bit beyond the last class.</param>
public sealed record LabelSummary(IReadOnlyList<ClassSummary> Classes, long[] StoredAreas, long Labelled, long Overlapping, long OutOfRange)
{
    /// <summary>Pixels of the truth summed over the classes.</summary>
    public long Area => Classes.Sum(c => c.Area);

    /// <summary>Pixels of the truth of each class in the part of the image that is stored.</summary>
    public IReadOnlyList<long> ShownAreas { get; init; } = [.. Classes.Select(c => c.Area)];

    /// <summary>Measures labels.</summary>
    /// <param name="truth">In the original frame.</param>
    /// <param name="stored">As the network will see them.</param>
    /// <param name="crop">The part of the original that is stored; null: all of it.</param>
    public static LabelSummary Of(IReadOnlyList<Mask> truth, LabelMap stored, Box? crop = null)
    {
        var classes = truth.Select(RunParts.Summarize).ToArray();
        var summary = stored.WordBytes switch
        {
            1 => Count<byte>(classes, stored.Words<byte>(), stored.Classes),
            2 => Count<ushort>(classes, stored.Words<ushort>(), stored.Classes),
            4 => Count<uint>(classes, stored.Words<uint>(), stored.Classes),
            _ => Count<ulong>(classes, stored.Words<ulong>(), stored.Classes),
        };
        return crop is { } box ? summary with { ShownAreas = [.. truth.Select(mask => box.Cut(mask).Area)] } : summary;
    }

    private static LabelSummary Count<T>(ClassSummary[] classes, ReadOnlySpan<T> words, int count) where T : unmanaged, IBinaryInteger<T>
    {
        var legal = count == 64 ? ulong.MaxValue : (1UL << count) - 1;
        var areas = new long[count];
        long labelled = 0, overlapping = 0, outOfRange = 0;
        for (var i = 0; i < words.Length;)
        {
            // Neighbours mostly have the same word.
            var value = words[i];
            var next = i + 1;
            while (next < words.Length && words[next] == value)
            {
                next++;
            }

            var word = ulong.CreateTruncating(value);
            var length = next - i;
            i = next;
            if (word == 0)
            {
                continue;
            }

            labelled += length;
            overlapping += BitOperations.PopCount(word) > 1 ? length : 0;
            outOfRange += (word & ~legal) != 0 ? length : 0;
            for (var bits = word & legal; bits != 0; bits &= bits - 1)
            {
                areas[BitOperations.TrailingZeroCount(bits)] += length;
            }
        }

        return new LabelSummary(classes, areas, labelled, overlapping, outOfRange);
    }
}
