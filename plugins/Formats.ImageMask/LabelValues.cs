using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.ImageMask;

/// <summary>What each of the 65,536 label values means.</summary>
internal sealed class LabelValues
{
    private const int None = -1, Unknown = -2, ListedValues = 8;

    private readonly int[] _classOf = new int[ushort.MaxValue + 1];
    private readonly string _allowed;

    public LabelValues(ImageMaskOptions options)
    {
        if (options.Values.Count > 0)
        {
            var ordered = options.Values.OrderBy(v => v.Value).ToList();
            Classes = [.. ordered.Select(v => v.Key)];
            _allowed = string.Join(", ", ordered.Select(v => $"{v.Key}: {v.Value}").Concat(options.Ignore.Select(v => $"ignored: {v}")));
            Array.Fill(_classOf, Unknown);
            for (var k = 0; k < ordered.Count; k++)
            {
                _classOf[ordered[k].Value] = k;
            }

            foreach (var value in options.Ignore)
            {
                _classOf[value] = None;
            }
        }
        else
        {
            var threshold = options.Threshold ?? 127;
            var background = options.Background.Length > 0;
            Classes = background ? [options.Background, options.Foreground] : [options.Foreground];
            _allowed = string.Empty;
            Array.Fill(_classOf, Classes.Count - 1);
            Array.Fill(_classOf, background ? 0 : None, 0, threshold + 1);
        }
    }

    /// <summary>In channel order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>A mask for each class that has pixels.</summary>
    /// <exception cref="DataException">The label image holds values that mean nothing; lists them.</exception>
    public IReadOnlyList<Annotation> Read(string path, Image labels)
    {
        var runs = Classes.Select(_ => new List<Run>()).ToArray();
        var unknown = new SortedDictionary<int, long>();
        if (labels.BytesPerPixel == 1)
        {
            Read(labels.Pixels<byte>(), v => v, runs, unknown);
        }
        else
        {
            Read(labels.Pixels<ushort>(), v => v, runs, unknown);
        }

        if (unknown.Count > 0)
        {
            var listed = string.Join(", ", unknown.Take(ListedValues).Select(v => $"{v.Key} ({v.Value} pixels)"));
            throw new DataException(path, $"{unknown.Count} label value(s) have no meaning: {listed}{(unknown.Count > ListedValues ? ", …" : string.Empty)}. "
                + $"Given are {_allowed}. Name them in values or ignore, or use threshold.");
        }

        return [.. runs.Select((list, k) => (list, k)).Where(c => c.list.Count > 0)
            .Select(c => new MaskAnnotation(Classes[c.k], new Mask(labels.Frame, [.. c.list])))];
    }

    private void Read<T>(ReadOnlySpan<T> pixels, Func<T, int> number, List<Run>[] runs, SortedDictionary<int, long> unknown)
        where T : unmanaged, IEquatable<T>
    {
        for (int start = 0, length; start < pixels.Length; start += length)
        {
            var same = pixels[start..].IndexOfAnyExcept(pixels[start]);
            length = same < 0 ? pixels.Length - start : same;
            var value = number(pixels[start]);
            var k = _classOf[value];
            if (k == Unknown)
            {
                unknown[value] = unknown.GetValueOrDefault(value) + length;
            }
            else if (k >= 0 && runs[k].Count > 0 && runs[k][^1].End == start)
            {
                runs[k][^1] = new Run(runs[k][^1].Start, runs[k][^1].Length + length);   // two values of one class, side by side
            }
            else if (k >= 0)
            {
                runs[k].Add(new Run(start, length));
            }
        }
    }
}
