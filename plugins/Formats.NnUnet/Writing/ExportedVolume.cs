using Osteon.Abstractions;
using Osteon.Volumes;

namespace Osteon.Plugins.NnUnet;

/// <summary>Images as NIfTI volumes: one, with a third axis of one, or slices that are stacked again.</summary>
internal static class ExportedVolume
{
    // nnU-Net takes the axis of the widest spacing for the one that a picture lacks, and calls it 999 itself.
    private const double NoThirdAxis = 999;

    /// <summary>Writes grey levels or labels.</summary>
    /// <param name="path">.nii or .nii.gz.</param>
    /// <param name="slices">Of one frame and one depth.</param>
    /// <param name="origin">Of the first image: where it lies.</param>
    public static void Write(string path, IReadOnlyList<Image> slices, ImageOrigin origin)
    {
        var (frame, bytes) = (slices[0].Frame, slices[0].BytesPerPixel);
        var voxels = new byte[checked((long)frame.Area * bytes * slices.Count)];
        for (var k = 0; k < slices.Count; k++)
        {
            slices[k].Bytes.CopyTo(voxels.AsSpan(k * frame.Area * bytes));
        }

        NiftiFile.Write(path, new NumberArray(bytes == 1 ? NumberType.UInt8 : NumberType.UInt16, [frame.Width, frame.Height, slices.Count], firstFastest: true, voxels), Geometry(origin, slices.Count));
    }

    private static NiftiGeometry Geometry(ImageOrigin origin, int depth)
    {
        // A picture that says nothing of its patient lies as ITK lays one: x to the left, y to the back.
        var spacing = origin.Spacing ?? new Masks.Spacing(1, 1);
        double[] affine = origin.Affine is { Count: 16 } known ? [.. known] : [-spacing.Column, 0, 0, 0, 0, -spacing.Row, 0, 0, 0, 0, NoThirdAxis, 0, 0, 0, 0, 1];
        double[] zooms = [.. NiftiGeometry.Of(affine, 3).Zooms];
        if (depth == 1 && zooms[2] <= Math.Max(zooms[0], zooms[1]) && zooms[2] > 0)
        {
            var stretch = NoThirdAxis / zooms[2];
            (affine[2], affine[6], affine[10], zooms[2]) = (affine[2] * stretch, affine[6] * stretch, affine[10] * stretch, NoThirdAxis);
        }

        return new NiftiGeometry(affine, zooms, 1, 2);
    }
}
