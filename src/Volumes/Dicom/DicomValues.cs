using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Volumes;

/// <summary>Attributes of a frame: in its own functional group, in those all frames share, or of the whole data set. PS3.3, section C.7.6.16.</summary>
internal sealed class DicomGroups(DicomDataset data)
{
    /// <summary>The data set that holds a macro of a frame.</summary>
    public DicomDataset Of(int frame, uint sequence)
    {
        var groups = data.Items(DicomTags.FrameGroups);
        var own = frame < groups.Count ? groups[frame].Items(sequence) : [];
        var shared = data.Items(DicomTags.SharedGroups) is [var all, ..] ? all.Items(sequence) : [];
        return own is [var first, ..] ? first : shared is [var common, ..] ? common : data;
    }

    public DicomElement? Find(int frame, uint sequence, uint tag) => Of(frame, sequence)[tag];
}

/// <summary>From stored values to modality values.</summary>
internal sealed class DicomValues(string path, DicomPixelModule module, DicomDataset data, DicomGroups groups)
{
    public DicomPixelModule Module => module;

    /// <summary>Modality values, row by row.</summary>
    public double[] Modality(NumberArray stored, int frame)
    {
        if (module.Samples == 3)
        {
            return Luminance(stored);
        }

        if (module.Photometric == "PALETTE COLOR")
        {
            return Palette(stored);
        }

        var values = stored.ToDoubles();
        var map = ModalityOf(frame);
        for (var i = 0; map is not null && i < values.Length; i++)
        {
            values[i] = map(values[i]);
        }

        return values;
    }

    /// <summary>The smallest and largest modality value that the stored bits can give.</summary>
    public (double Low, double High) Range(int frame)
    {
        if (module.Real)
        {
            return (0, 1);                                          // their stored bits set no bounds
        }

        if (module.Samples == 3)
        {
            return (0, Math.Pow(2, module.BitsStored) - 1);
        }

        if (module.Photometric == "PALETTE COLOR")
        {
            return (0, 65535);
        }

        if (data.Items(DicomTags.ModalityLut) is [var item, ..])
        {
            return (0, Math.Pow(2, DicomLut.Of(path, item, module.Signed, "Modality LUT").Bits) - 1);
        }

        var (low, high) = module.Signed ? (-Math.Pow(2, module.BitsStored - 1), Math.Pow(2, module.BitsStored - 1) - 1) : (0, Math.Pow(2, module.BitsStored) - 1);
        var map = ModalityOf(frame) ?? (v => v);
        return (Math.Min(map(low), map(high)), Math.Max(map(low), map(high)));
    }

    /// <summary>Stored values that mean "no pixel"; null where the file names none.</summary>
    public (double Low, double High)? Padding()
    {
        if (module.Real)
        {
            var (own, end) = module.Type == NumberType.Single ? (DicomTags.FloatPadding, DicomTags.FloatPaddingLimit) : (DicomTags.DoublePadding, DicomTags.DoublePaddingLimit);
            return data.Number(own) is { } real ? (Math.Min(real, data.Number(end) ?? real), Math.Max(real, data.Number(end) ?? real)) : null;
        }

        if (module.Samples == 3 || Signed(DicomTags.Padding) is not { } value)
        {
            return null;
        }

        var limit = Signed(DicomTags.PaddingLimit) ?? value;
        return (Math.Min(value, limit), Math.Max(value, limit));
    }

    // An unsigned element of 16 bits holds what the pixels' own representation says.
    private double? Signed(uint tag) => data.Number(tag) is { } number
        ? module.Signed && number > short.MaxValue && module.BitsAllocated <= 16 ? number - 65536 : number
        : null;

    private Func<double, double>? ModalityOf(int frame)
    {
        if (data.Items(DicomTags.ModalityLut) is [var item, ..])
        {
            var table = DicomLut.Of(path, item, module.Signed, "Modality LUT");
            return value => table[value];
        }

        var scaling = groups.Of(frame, DicomTags.FrameTransformation);
        var (slope, intercept) = (scaling.Number(DicomTags.RescaleSlope) ?? 1, scaling.Number(DicomTags.RescaleIntercept) ?? 0);
        if (slope == 0)
        {
            throw new DataException(path, "its RescaleSlope is 0, which makes all pixels equal: the file is damaged.");
        }

        return slope == 1 && intercept == 0 ? null : value => (value * slope) + intercept;
    }

    // ITU-R BT.601, as cv2 and libjpeg weigh colours. Of YBR_FULL the first sample is that sum already.
    private double[] Luminance(NumberArray stored)
    {
        var rgb = module.Photometric is "RGB" or "YBR_ICT" or "YBR_RCT";
        if (!rgb && module.Photometric is not ("YBR_FULL" or "YBR_FULL_422"))
        {
            throw new DataException(path, $"its colours are {module.Photometric}; RGB, YBR_FULL, YBR_FULL_422, YBR_ICT and YBR_RCT are read.");
        }

        var grey = new double[module.Rows * module.Columns];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = rgb ? (0.299 * stored[3 * i]) + (0.587 * stored[(3 * i) + 1]) + (0.114 * stored[(3 * i) + 2]) : stored[3 * i];
        }

        return grey;
    }

    /// <summary>True for a frame of red, green and blue, or of brightness and two differences, that says more than grey does.</summary>
    public bool IsColoured(NumberArray stored)
    {
        if (module.Samples != 3)
        {
            return false;
        }

        // As of other files: more than a few levels of tint, in more than a stray pixel of ten thousand.
        var (rgb, tint) = (module.Photometric is "RGB" or "YBR_ICT" or "YBR_RCT", Math.Pow(2, module.BitsStored) / 8);
        var middle = Math.Pow(2, module.BitsStored - 1);
        var found = 0L;
        for (var i = 0; i < stored.Count; i += 3)
        {
            var (a, b, c) = (stored[i], stored[i + 1], stored[i + 2]);
            var away = rgb ? Math.Max(a, Math.Max(b, c)) - Math.Min(a, Math.Min(b, c)) : 2 * Math.Max(Math.Abs(b - middle), Math.Abs(c - middle));
            found += away > tint ? 1 : 0;
        }

        return found * 10_000 > stored.Count / 3;
    }

    private double[] Palette(NumberArray stored)
    {
        var tables = new DicomLut[3];
        for (var c = 0u; c < 3; c++)
        {
            var descriptor = data[DicomTags.RedDescriptor + c];
            var segmented = data[DicomTags.RedData + c] is null ? data[DicomTags.SegmentedRed + c] : null;
            tables[c] = segmented is null
                ? DicomLut.Of(path, descriptor, data[DicomTags.RedData + c], module.Signed, "palette")
                : Unfolded(descriptor, segmented);
        }

        // Entries of 8 bits are brought to 16, so that all palettes have one range.
        var grey = new double[stored.Count];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = (0.299 * Full(tables[0], stored[i])) + (0.587 * Full(tables[1], stored[i])) + (0.114 * Full(tables[2], stored[i]));
        }

        return grey;

        static double Full(DicomLut table, double value) => table[value] * 65535 / (Math.Pow(2, table.Bits) - 1);
    }

    private DicomLut Unfolded(DicomElement? descriptor, DicomElement segmented)
    {
        var entries = DicomLut.Segments(path, segmented, 65536);
        return descriptor?.Numbers is [_, var first, _] && entries.Length > 0
            ? new DicomLut((int)first, entries, 16, string.Empty)
            : throw new DataException(path, "its segmented palette is empty, or has no descriptor: the file is damaged.");
    }
}

/// <summary>The windows and tables a file proposes for showing a frame.</summary>
internal sealed class DicomVoi
{
    private readonly string _path;
    private readonly List<DicomWindow> _windows = [];
    private readonly List<DicomLut> _tables = [];

    public DicomVoi(string path, DicomPixelModule module, DicomDataset data, DicomGroups groups, int frame)
    {
        _path = path;
        var voi = groups.Of(frame, DicomTags.FrameVoi);
        var (centers, widths) = (voi[DicomTags.WindowCenter]?.Numbers ?? [], voi[DicomTags.WindowWidth]?.Numbers ?? []);
        var names = voi[DicomTags.WindowName]?.Texts ?? [];
        var function = voi.Text(DicomTags.VoiFunction) switch { "SIGMOID" => WindowFunction.Sigmoid, "LINEAR_EXACT" => WindowFunction.LinearExact, _ => WindowFunction.Linear };
        for (var i = 0; i < Math.Min(centers.Length, widths.Length); i++)
        {
            _windows.Add(new DicomWindow(centers[i], widths[i], function, i < names.Length ? names[i] : string.Empty));
        }

        // Tables take modality values: signed where those can be.
        var signed = module.Signed || (voi.Number(DicomTags.RescaleIntercept) ?? data.Number(DicomTags.RescaleIntercept) ?? 0) < 0;
        _tables.AddRange(voi.Items(DicomTags.VoiLut).Select(item => DicomLut.Of(path, item, signed, "VOI LUT")));
    }

    public IReadOnlyList<string> Names => [.. _windows.Select(w => w.ToString()), .. _tables.Select(t => t.Explanation.Length > 0 ? t.Explanation : "table")];

    /// <summary>Grey in [0, 1] by the window or table of that number or name.</summary>
    /// <exception cref="DataException">There is none such, or it is unlawful.</exception>
    public Func<double, double> Grey(string which)
    {
        var index = int.TryParse(which, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : _windows.Select(w => w.Name).Concat(_tables.Select(t => t.Explanation)).ToList().FindIndex(name => string.Equals(name, which, StringComparison.OrdinalIgnoreCase));
        if (index >= 0 && index < _windows.Count)
        {
            var window = _windows[index];
            return window.IsLawful ? window.Grey : throw new DataException(_path, $"its window {window} has a width that is not allowed: the file is damaged; choose another intensity.");
        }

        if (index < 0 || index >= _windows.Count + _tables.Count)
        {
            throw new DataException(_path, $"it has no window '{which}'; there are {string.Join(", ", Names.DefaultIfEmpty("none"))}. Choose another, give center_width, or another intensity.");
        }

        var table = _tables[index - _windows.Count];
        var white = Math.Pow(2, table.Bits) - 1;
        return value => table[value] / white;
    }
}

/// <summary>From modality values to an image.</summary>
internal static class DicomGrey
{
    public static Image Image(Frame frame, DicomValues values, NumberArray stored, int index, DicomRendering rendering, DicomVoi voi, bool invert, ImageOrigin origin)
    {
        var modality = values.Modality(stored, index);
        origin = origin with { NotFinite = IntensityOptions.CountNotFinite(modality) };
        if (values.Padding() is { } padding)
        {
            // What is no pixel is black, and does not count.
            for (var i = 0; i < modality.Length; i++)
            {
                modality[i] = stored[i] >= padding.Low && stored[i] <= padding.High ? double.NaN : modality[i];
            }
        }

        var grey = rendering is { Intensity: IntensityScale.Window, CenterWidth.Count: 0 } ? voi.Grey(rendering.Window) : rendering.Grey(modality, values.Range(index));
        return rendering.ToImage(frame, modality, invert ? value => 1 - Math.Clamp(grey(value), 0, 1) : grey, origin);
    }
}
