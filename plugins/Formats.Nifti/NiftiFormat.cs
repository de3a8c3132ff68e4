using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Plugins.Nifti;

/// <summary>Where volumes and label volumes lie, and how they are cut.</summary>
public sealed record NiftiOptions : PairedOptions
{
    /// <summary>The axis of which each place is a case: 2 cuts as scanners store, 1 and 0 across; of the other two the higher counts rows.</summary>
    [Range(0, 2)]
    public int Axis { get; init; } = 2;

    /// <summary>Of volumes with a fourth axis (time, echoes, …): the place on it, from 0.</summary>
    [Range(0, 32766)]
    public int Volume { get; init; }

    /// <summary>What an image's name ends with before .nii: with "_0000", CASE_0000.nii.gz belongs to label CASE.nii.gz.</summary>
    public string ImageSuffix { get; init; } = string.Empty;
}

/// <summary>
/// Folders of NIfTI volumes and label volumes of the same names. Each slice is a case, all of a file one patient's; grey levels are
/// those of the whole volume, so that slices of one volume stay comparable.
/// </summary>
[Format("nifti")]
public sealed class NiftiFormat : DatasetFormat
{
    private static readonly string[] Endings = [".nii.gz", ".nii", ".hdr"];

    private readonly NiftiOptions _options;
    private readonly PairedFolders _folders;
    private readonly VolumeCache _volumes;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public NiftiFormat(NiftiOptions options)
    {
        options.Demand();
        _options = options;
        _folders = new PairedFolders(options, [.. Endings.Select(e => options.ImageSuffix + e)], Endings);
        _volumes = new VolumeCache(options);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _options.ClassNames;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var findings = new List<Finding>();
        var cases = new List<CaseSource>();
        foreach (var pair in _folders.List(root, findings))
        {
            var whole = new CaseSource(pair.Id, _folders.PatientOf(pair, findings), pair.Subset, pair.ImagePath, pair.LabelPath);
            try
            {
                cases.AddRange(Slices(whole, NiftiFile.ReadShape(ConfinedPath.Of(root, pair.ImagePath)), findings));
            }
            catch (DataException)
            {
                cases.Add(whole);                                   // Convert reads it again and tells what is wrong
            }
        }

        return new CaseIndex(cases, findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source)
    {
        var (file, slice) = Part.Split(source.ImagePath);
        var (volume, grey) = _volumes.Get(ConfinedPath.Of(root, file));
        var (values, frame) = LabelFiles.SliceOf(volume, file, _options.Axis, slice, _options.Volume);
        return _options.ToImage(frame, values, grey, new ImageOrigin
        {
            Kind = "nifti",
            Bits = 8 * volume.Stored.Type.Size(),
            Channels = 1,
            Spacing = volume.Geometry.PixelSize(_options.Axis),
            NotFinite = IntensityOptions.CountNotFinite(values),
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label volume.");
        var (file, slice) = Part.Split(source.ImagePath);
        var labels = _volumes.Get(ConfinedPath.Of(root, path)).Volume;
        var (own, theirs) = (labels.Geometry, _volumes.Get(ConfinedPath.Of(root, file)).Volume.Geometry);
        return own.Affine.Zip(theirs.Affine).All(pair => Math.Abs(pair.First - pair.Second) < 1e-2)
            ? LabelFiles.OfVolume(labels, path, _options, frame, _options.Axis, slice)
            : throw new DataException(path, $"its voxels lie elsewhere than those of {file} (their affines differ); resample the label into the image's grid.");
    }

    private IEnumerable<CaseSource> Slices(CaseSource whole, IReadOnlyList<int> shape, List<Finding> findings)
    {
        if (shape.Skip(4).Any(length => length > 1) || _options.Volume >= (shape.Count > 3 ? shape[3] : 1))
        {
            findings.Add(new Finding(Severity.Red, "volume-axes", whole.ImagePath, $"The volume is ({string.Join(", ", shape)}); three axes are read, and of a fourth the place that the option volume says (it is {_options.Volume}). Split the file."));
            return [];
        }

        var count = _options.Axis < shape.Count ? shape[_options.Axis] : 1;
        return count == 1 ? [whole] : Enumerable.Range(0, count).Select(k => whole with
        {
            Id = $"{whole.Id}-{k:D4}",
            ImagePath = Part.Of(whole.ImagePath, k),
            Metadata = new Dictionary<string, string> { ["volume"] = whole.Id, ["slice"] = k.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        });
    }
}

/// <summary>The volumes of which slices were asked for last: a volume is unpacked once, and not for each of its slices.</summary>
internal sealed class VolumeCache(NiftiOptions options)
{
    private const int MostSampled = 1 << 22;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Path, Lazy<(NiftiImage Volume, Func<double, double> Grey)> Read)> _recent = [];

    // One image and one label for each thread that converts.
    private readonly int _most = 2 * Math.Min(8, Environment.ProcessorCount);

    public (NiftiImage Volume, Func<double, double> Grey) Get(string path)
    {
        Lazy<(NiftiImage, Func<double, double>)> read;
        lock (_lock)
        {
            var found = _recent.FirstOrDefault(r => r.Path == path);
            read = found.Read ?? new(() => Read(path));
            _recent.Remove(found);
            _recent.AddFirst((path, read));
            if (_recent.Count > _most)
            {
                _recent.RemoveLast();
            }
        }

        return read.Value;
    }

    private (NiftiImage, Func<double, double>) Read(string path)
    {
        var volume = NiftiFile.Read(path);
        var (low, high) = IntensityOptions.RangeOf(volume.Stored.Type);
        double[] ends = [low, high];
        volume.Scale(ends);
        return (volume, options.Grey(Sampled(volume), (ends.Min(), ends.Max())));
    }

    // Percentiles of millions of voxels need not look at each.
    private double[] Sampled(NiftiImage volume)
    {
        var stored = volume.Stored;
        double[] sample;
        if (options.Intensity == IntensityScale.Percentile)
        {
            var step = Math.Max(1, stored.Count / MostSampled);
            sample = new double[stored.Count / step];
            for (var i = 0; i < sample.Length; i++)
            {
                sample[i] = stored[i * step];
            }
        }
        else
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            for (var i = 0; i < stored.Count; i++)
            {
                var value = stored[i];
                (low, high) = double.IsFinite(value) ? (Math.Min(low, value), Math.Max(high, value)) : (low, high);
            }

            sample = [low, high];
        }

        volume.Scale(sample);
        return sample;
    }
}
