using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Plugins.NumPy;

/// <summary>Where the channels of a label stack stand.</summary>
public enum StackLayout
{
    /// <summary>(rows, columns, channels).</summary>
    Hwc,

    /// <summary>(channels, rows, columns).</summary>
    Chw,
}

/// <summary>Where arrays lie, and what they mean.</summary>
public sealed record NumPyOptions : PairedOptions
{
    /// <summary>Arrays of numbers of 8 and 16 bits are used as they are (full); give another for others.</summary>
    public NumPyOptions() => Intensity = IntensityScale.Full;

    /// <summary>Where the channels of a label stack stand: hwc or chw. Never guessed: a flip of a stack taken for the other swaps classes.</summary>
    public StackLayout Layout { get; init; } = StackLayout.Hwc;

    /// <summary>In an .npz: the name of the image's array; may be left out where there is one alone.</summary>
    public string ImageArray { get; init; } = string.Empty;

    /// <summary>In an .npz: the name of the label's array; may be left out where there is one alone.</summary>
    public string LabelArray { get; init; } = string.Empty;
}

/// <summary>
/// Folders of NumPy arrays, .npy or .npz: images (rows, columns), or with one or three colours behind; labels of the same names, maps (rows,
/// columns) or, where channels are named, stacks. Images and labels may lie in one folder when they are arrays of one .npz.
/// </summary>
[Format("numpy")]
public sealed class NumPyFormat : DatasetFormat
{
    private static readonly string[] Endings = [".npy", ".npz"];

    private readonly NumPyOptions _options;
    private readonly PairedFolders _folders;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public NumPyFormat(NumPyOptions options)
    {
        options.Demand();
        (_options, _folders) = (options, new PairedFolders(options, Endings, Endings));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _options.ClassNames;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var findings = new List<Finding>();
        CaseSource[] cases = [.. _folders.List(root, findings).Select(pair => new CaseSource(pair.Id, _folders.PatientOf(pair, findings), pair.Subset, pair.ImagePath, pair.LabelPath))];
        return new CaseIndex(cases, findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source)
    {
        var array = Read(root, source.ImagePath, _options.ImageArray);
        var (values, frame) = array.Shape switch
        {
            [var h, var w] => (array.Plane(0, 1), new Frame(h, w)),
            [1, var h, var w] => (array.Plane(1, 2), new Frame(h, w)),
            [var h, var w, 1] => (array.Plane(0, 1, 0, 0, 0), new Frame(h, w)),
            [var h, var w, 3] => (Luminance(array), new Frame(h, w)),
            _ => throw new DataException(source.ImagePath, $"its image is {array.ShapeText}; (rows, columns), (1, rows, columns) and (rows, columns, 1 or 3) are read."),
        };
        if (frame.Height == 0 || frame.Width == 0)
        {
            throw new DataException(source.ImagePath, $"its image is {array.ShapeText}: it has no pixel.");
        }

        if (_options.Intensity == IntensityScale.Full && (!array.Type.IsWhole() || array.Type.Size() > 2) && values.Any(v => v is < 0 or > 1 && double.IsFinite(v)))
        {
            throw new DataException(source.ImagePath, $"its numbers are {array.Type} and leave [0, 1]; choose intensity: min_max, percentile or window.");
        }

        var full = array.Type.IsWhole() && array.Type.Size() <= 2 ? IntensityOptions.RangeOf(array.Type) : (0, 1);
        return _options.ToImage(frame, values, _options.Grey(values, full), new ImageOrigin
        {
            Kind = "numpy",
            Bits = 8 * array.Type.Size(),
            Channels = array.Shape is [_, _, 3] ? 3 : 1,
            Coloured = array.Shape is [_, _, 3] && IsColoured(array, full.Item2),
            NotFinite = IntensityOptions.CountNotFinite(values),
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label array.");
        var array = Read(root, path, _options.LabelArray);
        if (_options.Channels.Count > 0)
        {
            return LabelPlanes.OfStack(path, _options.Channels, frame, _options.Layout == StackLayout.Hwc || array.Shape.Count != 3 ? array : ChannelsLast(array));
        }

        return array.Shape is [var height, var width] && height == frame.Height && width == frame.Width
            ? LabelPlanes.OfMap(path, _options, frame, array.Plane(0, 1))
            : throw new DataException(path, $"its labels are {array.ShapeText}; the image asks for ({frame.Height}, {frame.Width}). Name channels where it is a stack of planes.");
    }

    private static NumberArray Read(string root, string path, string name)
    {
        var file = ConfinedPath.Of(root, path);
        return path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? NpzFile.Read(file, name.Length > 0 ? name : null) : NpyFile.Read(file);
    }

    // ITU-R BT.601.
    private static double[] Luminance(NumberArray array)
    {
        double[] red = array.Plane(0, 1, 0, 0, 0), green = array.Plane(0, 1, 0, 0, 1), blue = array.Plane(0, 1, 0, 0, 2);
        for (var i = 0; i < red.Length; i++)
        {
            red[i] = (0.299 * red[i]) + (0.587 * green[i]) + (0.114 * blue[i]);
        }

        return red;
    }

    // More than a few levels of tint, in more than a stray pixel of ten thousand.
    private static bool IsColoured(NumberArray array, double white)
    {
        double[] red = array.Plane(0, 1, 0, 0, 0), green = array.Plane(0, 1, 0, 0, 1), blue = array.Plane(0, 1, 0, 0, 2);
        var found = 0L;
        for (var i = 0; i < red.Length; i++)
        {
            found += Math.Max(red[i], Math.Max(green[i], blue[i])) - Math.Min(red[i], Math.Min(green[i], blue[i])) > white / 8 ? 1 : 0;
        }

        return found * 10_000 > red.Length;
    }

    private static NumberArray ChannelsLast(NumberArray array)
    {
        var (channels, height, width) = (array.Shape[0], array.Shape[1], array.Shape[2]);
        var moved = new double[array.Count];
        for (var k = 0; k < channels; k++)
        {
            var plane = array.Plane(1, 2, k, 0, 0);
            for (var i = 0; i < plane.Length; i++)
            {
                moved[(i * channels) + k] = plane[i];
            }
        }

        return NumberArray.Of<double>(moved, height, width, channels);
    }
}
