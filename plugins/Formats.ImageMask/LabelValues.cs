using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.ImageMask;

/// <summary>What a label image's pixels mean.</summary>
internal interface ILabelMeaning
{
    /// <summary>In channel order.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>A mask for each class that has pixels.</summary>
    /// <param name="file">Where it lies.</param>
    /// <param name="page">Of a TIFF, from 0.</param>
    /// <param name="path">What errors call it.</param>
    /// <param name="demand">Is asked whether the label image's frame will do, before its values are looked at.</param>
    /// <exception cref="DataException">It is damaged, or holds values that mean nothing: they are listed.</exception>
    IReadOnlyList<MaskAnnotation> Read(string file, int page, string path, Action<Frame> demand);
}

/// <summary>What each of the 65,536 label values means.</summary>
internal sealed class LabelValues : ILabelMeaning
{
    internal const int None = -1, Unknown = -2;
    private const int ListedValues = 8;

    private readonly int[] _classOf = new int[ushort.MaxValue + 1];
    private readonly string _allowed;

    /// <param name="values">The value of each class; classes are in the order of their values.</param>
    /// <param name="ignore">Values of no class.</param>
    public LabelValues(IReadOnlyDictionary<string, int> values, IReadOnlyList<int> ignore)
        : this([.. values.OrderBy(v => v.Value).Select(v => (v.Key, v.Value))], ignore)
    {
    }

    /// <param name="values">Classes in channel order, each with its value.</param>
    /// <param name="ignore">Values of no class.</param>
    public LabelValues(IReadOnlyList<(string Class, int Value)> values, IReadOnlyList<int> ignore)
    {
        Classes = [.. values.Select(v => v.Class)];
        _allowed = string.Join(", ", values.Select(v => $"{v.Class}: {v.Value}").Concat(ignore.Select(v => $"ignored: {v}")));
        Array.Fill(_classOf, Unknown);
        foreach (var value in ignore)
        {
            _classOf[value] = None;
        }

        for (var k = 0; k < values.Count; k++)
        {
            _classOf[values[k].Value] = k;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<MaskAnnotation> Read(string file, int page, string path, Action<Frame> demand)
    {
        var labels = ImageFile.ReadIndexed(file, page);
        demand(labels.Frame);
        var runs = new ClassRuns(Classes);
        var unknown = new SortedDictionary<int, long>();
        if (labels.BytesPerPixel == 1)
        {
            Scan<byte>(labels.Pixels<byte>(), (value, start, length) => Take(value, start, length, runs, unknown));
        }
        else
        {
            Scan<ushort>(labels.Pixels<ushort>(), (value, start, length) => Take(value, start, length, runs, unknown));
        }

        if (unknown.Count > 0)
        {
            var listed = string.Join(", ", unknown.Take(ListedValues).Select(v => $"{v.Key} ({v.Value} pixels)"));
            throw new DataException(path, $"{unknown.Count} label value(s) have no meaning: {listed}{(unknown.Count > ListedValues ? ", …" : string.Empty)}. "
                + $"Given are {_allowed}. Name them, or ignore them, or use threshold.");
        }

        return runs.Masks(labels.Frame);
    }

    /// <summary>Calls back for each stretch of equal pixels.</summary>
    internal static void Scan<T>(ReadOnlySpan<T> pixels, Action<T, int, int> run) where T : unmanaged, IEquatable<T>
    {
        for (int start = 0, length; start < pixels.Length; start += length)
        {
            var same = pixels[start..].IndexOfAnyExcept(pixels[start]);
            length = same < 0 ? pixels.Length - start : same;
            run(pixels[start], start, length);
        }
    }

    private void Take(int value, int start, int length, ClassRuns runs, SortedDictionary<int, long> unknown)
    {
        var k = _classOf[value];
        if (k == Unknown)
        {
            unknown[value] = unknown.GetValueOrDefault(value) + length;
        }
        else
        {
            runs.Add(k, start, length);
        }
    }
}

/// <summary>Brighter pixels are one class, the others another, or none.</summary>
/// <param name="options">Threshold and names.</param>
internal sealed class LabelThreshold(ImageMaskOptions options) : ILabelMeaning
{
    private readonly int _threshold = options.Threshold ?? 127;
    private readonly bool _hasBackground = options.Background.Length > 0;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; } = options.Background.Length > 0 ? [options.Background, options.Foreground] : [options.Foreground];

    /// <inheritdoc/>
    public IReadOnlyList<MaskAnnotation> Read(string file, int page, string path, Action<Frame> demand)
    {
        var labels = ImageFile.ReadLabels(file, page);
        demand(labels.Values.Frame);
        if (labels.IsColoured && options.Threshold is null)
        {
            throw new DataException(path, "its palette has colours, so that its pixels are numbers of classes and not black and white. Name them in values, or their colours in colors.");
        }

        var runs = new ClassRuns(Classes);
        if (labels.Values.BytesPerPixel == 1)
        {
            LabelValues.Scan<byte>(labels.Values.Pixels<byte>(), (value, start, length) => Take(labels.Brightness(value), start, length));
        }
        else
        {
            LabelValues.Scan<ushort>(labels.Values.Pixels<ushort>(), (value, start, length) => Take(labels.Brightness(value), start, length));
        }

        return runs.Masks(labels.Values.Frame);

        void Take(int brightness, int start, int length) =>
            runs.Add(brightness > _threshold ? Classes.Count - 1 : _hasBackground ? 0 : LabelValues.None, start, length);
    }
}

/// <summary>What each colour means.</summary>
internal sealed class LabelColours : ILabelMeaning
{
    private const int ListedColours = 8;

    private readonly Dictionary<int, int> _classOf = [];
    private readonly string _allowed;

    /// <param name="colours">Classes in channel order, each with red, green, blue.</param>
    /// <param name="ignore">Colours of no class.</param>
    public LabelColours(IReadOnlyList<(string Class, IReadOnlyList<int> Colour)> colours, IReadOnlyList<IReadOnlyList<int>> ignore)
    {
        Classes = [.. colours.Select(c => c.Class)];
        _allowed = string.Join(", ", colours.Select(c => $"{c.Class}: [{string.Join(", ", c.Colour)}]").Concat(ignore.Select(c => $"ignored: [{string.Join(", ", c)}]")));
        foreach (var colour in ignore)
        {
            _classOf[Code(colour)] = LabelValues.None;
        }

        for (var k = 0; k < colours.Count; k++)
        {
            _classOf[Code(colours[k].Colour)] = k;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<MaskAnnotation> Read(string file, int page, string path, Action<Frame> demand)
    {
        var (frame, rgb) = ImageFile.ReadColor(file, page);
        demand(frame);
        var runs = new ClassRuns(Classes);
        var unknown = new Dictionary<int, long>();
        var area = frame.Area;
        for (int start = 0, end; start < area; start = end)
        {
            var colour = At(rgb, start);
            for (end = start + 1; end < area && At(rgb, end) == colour; end++)
            {
            }

            if (_classOf.TryGetValue(colour, out var k))
            {
                runs.Add(k, start, end - start);
            }
            else
            {
                unknown[colour] = unknown.GetValueOrDefault(colour) + end - start;
            }
        }

        if (unknown.Count > 0)
        {
            var listed = string.Join(", ", unknown.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(ListedColours).Select(c => $"[{c.Key >> 16}, {(c.Key >> 8) & 0xFF}, {c.Key & 0xFF}] ({c.Value} pixels)"));
            throw new DataException(path, $"{unknown.Count} colour(s) have no meaning: {listed}{(unknown.Count > ListedColours ? ", …" : string.Empty)}. Given are {_allowed}. "
                + $"Name them in colors or ignore_colors{(unknown.Count > ListedColours ? "; many colours come of JPEG, or of scaling that blends: store label images as PNG, scaled by nearest" : string.Empty)}.");
        }

        return runs.Masks(frame);
    }

    private static int Code(IReadOnlyList<int> colour) => (colour[0] << 16) | (colour[1] << 8) | colour[2];

    private static int At(byte[] rgb, int pixel) => (rgb[3 * pixel] << 16) | (rgb[(3 * pixel) + 1] << 8) | rgb[(3 * pixel) + 2];
}

/// <summary>Runs of each class while an image is scanned.</summary>
internal sealed class ClassRuns(IReadOnlyList<string> classes)
{
    private readonly List<Run>[] _runs = [.. classes.Select(_ => new List<Run>())];

    /// <param name="k">The class; negative: of none.</param>
    /// <param name="start">Behind all that came before.</param>
    /// <param name="length">Pixels.</param>
    public void Add(int k, int start, int length)
    {
        if (k < 0)
        {
            return;
        }

        var runs = _runs[k];
        if (runs.Count > 0 && runs[^1].End == start)
        {
            runs[^1] = new Run(runs[^1].Start, runs[^1].Length + length);     // two values of one class, side by side
        }
        else
        {
            runs.Add(new Run(start, length));
        }
    }

    public IReadOnlyList<MaskAnnotation> Masks(Frame frame) =>
        [.. _runs.Select((list, k) => (list, k)).Where(c => c.list.Count > 0).Select(c => new MaskAnnotation(classes[c.k], new Mask(frame, [.. c.list])))];
}
