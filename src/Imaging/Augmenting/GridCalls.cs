using Osteon.Abstractions;

namespace Osteon.Imaging;

/// <summary>The OpenCV calls that geometries stand for, on memory of the caller.</summary>
internal static unsafe class GridCalls
{
    private const int InverseMap = 16;                              // cv::WARP_INVERSE_MAP

    public static void Resize(in GridPlane plane, Interpolation interpolation)
    {
        fixed (byte* first = plane.Source, last = plane.Target)
        {
            var a = new Plane(first, plane.From.Height, plane.From.Width, plane.Type);
            var b = new Plane(last, plane.To.Height, plane.To.Width, plane.Type);
            Native.Check(Native.Resize(&a, &b, (int)plane.Reading(interpolation)));
        }
    }

    /// <param name="plane">What is moved.</param>
    /// <param name="matrix">Source to target; target to source when <paramref name="inverse"/>.</param>
    /// <param name="inverse">Which way the matrix goes; OpenCV inverts the one that comes forward.</param>
    /// <param name="interpolation">For grey levels.</param>
    /// <param name="border">What lies outside.</param>
    public static void Project(in GridPlane plane, in Projection matrix, bool inverse, Interpolation interpolation, Border border)
    {
        Span<double> fill = stackalloc double[4];
        plane.Outside(border, fill);
        var flags = (int)plane.Reading(interpolation) | (inverse ? InverseMap : 0);
        var m = stackalloc double[9] { matrix.XX, matrix.XY, matrix.X1, matrix.YX, matrix.YY, matrix.Y1, matrix.WX, matrix.WY, matrix.W1 };
        fixed (byte* first = plane.Source, last = plane.Target)
        fixed (double* value = fill)
        {
            var a = new Plane(first, plane.From.Height, plane.From.Width, plane.Type);
            var b = new Plane(last, plane.To.Height, plane.To.Width, plane.Type);
            Native.Check(matrix.IsAffine
                ? Native.WarpAffine(&a, &b, m, flags, (int)border.Mode, value)
                : Native.WarpPerspective(&a, &b, m, flags, (int)border.Mode, value));
        }
    }

    public static void Remap(in GridPlane plane, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Interpolation interpolation, Border border)
    {
        Span<double> fill = stackalloc double[4];
        plane.Outside(border, fill);
        fixed (byte* first = plane.Source, last = plane.Target)
        fixed (float* columns = x, rows = y)
        fixed (double* value = fill)
        {
            var a = new Plane(first, plane.From.Height, plane.From.Width, plane.Type);
            var b = new Plane(last, plane.To.Height, plane.To.Width, plane.Type);
            var u = new Plane(columns, plane.To.Height, plane.To.Width, PixelType.Single);
            var v = new Plane(rows, plane.To.Height, plane.To.Width, PixelType.Single);
            Native.Check(Native.Remap(&a, &b, &u, &v, (int)plane.Reading(interpolation), (int)border.Mode, value));
        }
    }
}
