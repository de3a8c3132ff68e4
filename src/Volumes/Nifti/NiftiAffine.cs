using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>The header's three ways to say where voxels lie: sform, else qform, else the zooms alone.</summary>
internal static class NiftiAffine
{
    public static NiftiGeometry Of(string path, NiftiFields fields, int[] shape)
    {
        var zooms = new double[shape.Length];
        for (var i = 0; i < zooms.Length; i++)
        {
            zooms[i] = Math.Abs(fields.Zoom(i + 1));
        }

        var affine = fields.SFormCode > 0 ? Rows(fields) : fields.QFormCode > 0 ? FromQuaternion(path, fields) : FromZooms(fields, shape);
        return affine.All(double.IsFinite)
            ? new NiftiGeometry(affine, zooms, fields.SFormCode > 0 ? fields.SFormCode : Math.Max(0, fields.QFormCode), fields.Units)
            : throw new DataException(path, "its orientation holds numbers that are not finite; the header is damaged.");
    }

    private static double[] Rows(NiftiFields fields)
    {
        var affine = new double[16];
        for (var i = 0; i < 12; i++)
        {
            affine[i] = fields.Affine(i);
        }

        affine[15] = 1;
        return affine;
    }

    // A unit quaternion of which the first part is left out; nifti1.h, "METHOD 2".
    private static double[] FromQuaternion(string path, NiftiFields fields)
    {
        var (b, c, d) = (fields.Quaternion(0), fields.Quaternion(1), fields.Quaternion(2));
        var rest = 1 - ((b * b) + (c * c) + (d * d));
        if (!(rest >= -1e-5))
        {
            throw new DataException(path, "its quaternion is longer than 1; the header is damaged.");
        }

        var a = Math.Sqrt(Math.Max(0, rest));
        var flip = fields.Zoom(0) < 0 ? -1 : 1;
        var (x, y, z) = (Math.Abs(fields.Zoom(1)), Math.Abs(fields.Zoom(2)), Math.Abs(fields.Zoom(3)) * flip);
        return
        [
            ((a * a) + (b * b) - (c * c) - (d * d)) * x, 2 * ((b * c) - (a * d)) * y, 2 * ((b * d) + (a * c)) * z, fields.Quaternion(3),
            2 * ((b * c) + (a * d)) * x, ((a * a) + (c * c) - (b * b) - (d * d)) * y, 2 * ((c * d) - (a * b)) * z, fields.Quaternion(4),
            2 * ((b * d) - (a * c)) * x, 2 * ((c * d) + (a * b)) * y, ((a * a) + (d * d) - (c * c) - (b * b)) * z, fields.Quaternion(5),
            0, 0, 0, 1,
        ];
    }

    // Analyze's habit: the middle of the volume is the origin, and x runs to the left.
    private static double[] FromZooms(NiftiFields fields, int[] shape)
    {
        var affine = new double[16];
        for (var i = 0; i < 3; i++)
        {
            var zoom = (i < shape.Length ? Math.Abs(fields.Zoom(i + 1)) : 1) * (i == 0 ? -1 : 1);
            affine[(4 * i) + i] = zoom;
            affine[(4 * i) + 3] = -((i < shape.Length ? shape[i] : 1) - 1) / 2.0 * zoom;
        }

        affine[15] = 1;
        return affine;
    }
}
