using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>
/// Volumes as stacks of images. Those of which slices were asked for last are kept, so that a volume is unpacked once and not for each
/// of its slices. Safe for several threads.
/// </summary>
/// <param name="options">How values become grey levels: of the whole volume, so that its slices stay comparable.</param>
public sealed class NiftiVolumes(IntensityOptions options)
{
    private const int MostSampled = 1 << 22;
    private const double SameMillimetre = 1e-2;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Path, Lazy<Opened> Read)> _recent = [];

    // One image and one label for each thread that converts.
    private readonly int _most = 2 * Math.Min(8, Environment.ProcessorCount);

    /// <summary>A whole volume.</summary>
    /// <exception cref="DataException">As for <see cref="NiftiFile.Read"/>.</exception>
    public NiftiImage Read(string path) => Get(path).Volume;

    /// <summary>One slice as an image that knows its spacing and where it lies.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="axis">The axis that is cut, 0 to 2; of the others the higher one counts rows.</param>
    /// <param name="slice">From 0.</param>
    /// <param name="time">Place on the fourth axis.</param>
    /// <exception cref="DataException">The file is damaged, or there is no such slice.</exception>
    public Image ReadSlice(string path, string name, int axis, int slice, int time)
    {
        var opened = Get(path);
        var (values, frame) = LabelFiles.SliceOf(opened.Volume, name, axis, slice, time);
        var geometry = opened.Volume.Geometry;
        return options.ToImage(frame, values, opened.Grey.Value, new ImageOrigin
        {
            Kind = "nifti",
            Bits = 8 * opened.Volume.Stored.Type.Size(),
            Channels = 1,
            Spacing = geometry.PixelSize(axis),
            Affine = AffineOf(geometry, axis, slice),
            NotFinite = IntensityOptions.CountNotFinite(values),
        });
    }

    /// <summary>The cases that a file is: itself, or each of its slices, all of one patient.</summary>
    /// <param name="whole">The file as one case.</param>
    /// <param name="shape">Of the volume.</param>
    /// <param name="axis">The axis that is cut.</param>
    /// <param name="time">Place on the fourth axis that is read.</param>
    /// <param name="findings">Told of axes that cannot be read.</param>
    public static IEnumerable<CaseSource> Slices(CaseSource whole, IReadOnlyList<int> shape, int axis, int time, List<Finding> findings)
    {
        if (shape.Skip(4).Any(length => length > 1) || time >= (shape.Count > 3 ? shape[3] : 1))
        {
            findings.Add(new Finding(Severity.Red, "volume-axes", whole.ImagePath, $"The volume is ({string.Join(", ", shape)}); three axes are read, and of a fourth the place that the option volume or channel says (it is {time}). Split the file."));
            return [];
        }

        return Parts(whole, axis < shape.Count ? shape[axis] : 1);
    }

    /// <summary>The cases that a file of several pictures is; itself where it has one.</summary>
    public static IEnumerable<CaseSource> Parts(CaseSource whole, int count) => count == 1 ? [whole] : Enumerable.Range(0, count).Select(k => whole with
    {
        Id = $"{whole.Id}-{k:D4}",
        ImagePath = Part.Of(whole.ImagePath, k),
        Metadata = new Dictionary<string, string>(whole.Metadata) { ["volume"] = whole.Id, ["slice"] = k.ToString(CultureInfo.InvariantCulture) },
    });

    /// <summary>Refuses a label whose voxels lie elsewhere than its image's.</summary>
    /// <exception cref="DataException">Their affines differ by more than a hundredth of a millimetre.</exception>
    public static void DemandSameGrid(NiftiImage label, string labelName, NiftiImage image, string imageName)
    {
        if (!label.Geometry.Affine.Zip(image.Geometry.Affine).All(pair => Math.Abs(pair.First - pair.Second) < SameMillimetre))
        {
            throw new DataException(labelName, $"its voxels lie elsewhere than those of {imageName} (their affines differ); resample the label into the image's grid.");
        }
    }

    private static double[] AffineOf(NiftiGeometry geometry, int axis, int slice)
    {
        var ((rows, columns), from, to) = (NiftiGeometry.AxesOf(axis), geometry.Affine, new double[16]);
        for (var i = 0; i < 3; i++)
        {
            to[4 * i] = from[(4 * i) + columns];
            to[(4 * i) + 1] = from[(4 * i) + rows];
            to[(4 * i) + 2] = from[(4 * i) + axis];
            to[(4 * i) + 3] = from[(4 * i) + 3] + (slice * from[(4 * i) + axis]);
        }

        to[15] = 1;
        return to;
    }

    private Opened Get(string path)
    {
        Lazy<Opened> read;
        lock (_lock)
        {
            var found = _recent.FirstOrDefault(r => r.Path == path);
            read = found.Read ?? new(() => new Opened(NiftiFile.Read(path), options));
            _recent.Remove(found);
            _recent.AddFirst((path, read));
            if (_recent.Count > _most)
            {
                _recent.RemoveLast();
            }
        }

        return read.Value;
    }

    /// <summary>A volume, and its grey scale once an image is made of it.</summary>
    private sealed class Opened(NiftiImage volume, IntensityOptions options)
    {
        public NiftiImage Volume { get; } = volume;

        public Lazy<Func<double, double>> Grey { get; } = new(() =>
        {
            var (low, high) = IntensityOptions.RangeOf(volume.Stored.Type);
            double[] ends = [low, high];
            volume.Scale(ends);
            return options.Grey(Sampled(volume, options), (ends.Min(), ends.Max()));
        });

        // Percentiles of millions of voxels need not look at each.
        private static double[] Sampled(NiftiImage volume, IntensityOptions options)
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
}
