using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Volumes;

/// <summary>Reads labels out of NIfTI and NumPy files.</summary>
public static class LabelFiles
{
    /// <summary>One image's labels.</summary>
    /// <param name="file">Where the file lies: .nii, .nii.gz, .hdr or .npy.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="options">What values mean.</param>
    /// <param name="frame">The image's.</param>
    /// <param name="slice">Of a volume, from 0.</param>
    /// <exception cref="DataException">The file is damaged, of another size, or holds values without a meaning.</exception>
    public static IReadOnlyList<Annotation> Read(string file, string name, PairedOptions options, Frame frame, int slice = 0)
    {
        if (!file.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            return OfVolume(NiftiFile.Read(file), name, options, frame, axis: 2, slice);
        }

        var array = NpyFile.Read(file);
        return array.Shape.Count == 3 && options.Channels.Count > 0
            ? LabelPlanes.OfStack(name, options.Channels, frame, array)
            : array.Shape is [var height, var width] && height == frame.Height && width == frame.Width
                ? LabelPlanes.OfMap(name, options, frame, array.Plane(0, 1))
                : throw new DataException(name, $"its labels are {array.ShapeText}; the image is {frame}: ({frame.Height}, {frame.Width}) was expected{(options.Channels.Count > 0 ? $", or ({frame.Height}, {frame.Width}, {options.Channels.Count})" : "; name channels where it is a stack of planes")}.");
    }

    /// <summary>A slice of a volume: the first axis counts columns, the second rows, as ITK and nnU-Net lay images into NIfTI.</summary>
    /// <param name="volume">The label map.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="options">What values mean.</param>
    /// <param name="frame">The image's.</param>
    /// <param name="axis">The axis that is cut: of the others the higher one counts rows.</param>
    /// <param name="slice">From 0.</param>
    public static IReadOnlyList<Annotation> OfVolume(NiftiImage volume, string name, PairedOptions options, Frame frame, int axis, int slice)
    {
        var (plane, own) = SliceOf(volume, name, axis, slice, 0);
        return own == frame
            ? LabelPlanes.OfMap(name, options, frame, plane)
            : throw new DataException(name, $"its slices are {own}, the image is {frame}; they must agree. (A volume's first axis counts columns, its second rows.)");
    }

    /// <summary>Values of one slice, row by row.</summary>
    /// <param name="volume">2 or 3 axes, or more of which only the fourth is longer than 1.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="axis">The axis that is cut, 0 to 2.</param>
    /// <param name="slice">From 0.</param>
    /// <param name="time">Place on the fourth axis.</param>
    /// <exception cref="DataException">There is no such slice.</exception>
    public static (double[] Values, Frame Frame) SliceOf(NiftiImage volume, string name, int axis, int slice, int time)
    {
        var stored = volume.Stored;
        int[] shape = [.. stored.Shape, .. Enumerable.Repeat(1, Math.Max(0, 4 - stored.Shape.Count))];
        var (rows, columns) = NiftiGeometry.AxesOf(axis);
        if (slice >= shape[axis] || time >= shape[3] || stored.Shape.Skip(4).Any(length => length != 1))
        {
            throw new DataException(name, $"it is {stored.ShapeText}; there is no slice {slice} of volume {time} on axis {axis}.");
        }

        // Axes that are not there have one place.
        var padded = stored.Shape.Count >= 3 ? stored : new NumberArray(stored.Type, shape[..3], firstFastest: true, stored.Bytes.ToArray());
        var at = new int[padded.Shape.Count];
        at[axis] = slice;
        if (at.Length > 3)
        {
            at[3] = time;
        }

        var plane = padded.Plane(rows, columns, at);
        volume.Scale(plane);
        return (plane, new Frame(padded.Shape[rows], padded.Shape[columns]));
    }
}
