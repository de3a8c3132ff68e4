namespace Osteon.Volumes;

/// <summary>Where a frame lies in its patient, by Image Position and Image Orientation (Patient).</summary>
/// <remarks>DICOM PS3.3, C.7.6.2.1.1, equation C.7.6.2.1-1. DICOM's x runs to the left and its y to the back, NIfTI's to the right and to the front.</remarks>
internal static class DicomPlane
{
    // Cosines are written with six digits or more; what is further off is no pair of directions.
    private const double Tolerance = 1e-3;

    /// <summary>4×4, row by row, from (column, row, frame, 1) to millimetres, RAS+; null where the file does not say, or says nothing sound.</summary>
    /// <param name="groups">Of the file.</param>
    /// <param name="frame">From 0.</param>
    /// <param name="frames">How many there are: the next one tells how far apart they lie.</param>
    /// <param name="spacing">Millimetres a pixel at the patient, (row, column).</param>
    public static double[]? AffineOf(DicomGroups groups, int frame, int frames, (double Row, double Column)? spacing)
    {
        if (spacing is not var (row, column) || PositionOf(groups, frame) is not { } origin || OrientationOf(groups, frame) is not { } axes)
        {
            return null;
        }

        double[] normal = Cross(axes[..3], axes[3..]);
        var step = StepOf(groups, frame, frames, origin, axes) ?? [.. normal.Select(n => n * ThicknessOf(groups, frame))];
        var affine = new double[16];
        for (var i = 0; i < 3; i++)
        {
            var sign = i < 2 ? -1 : 1;
            affine[4 * i] = sign * axes[i] * column;                // the first direction is that of a row, along which columns count
            affine[(4 * i) + 1] = sign * axes[3 + i] * row;
            affine[(4 * i) + 2] = sign * step[i];
            affine[(4 * i) + 3] = sign * origin[i];
        }

        affine[15] = 1;
        return affine;
    }

    private static double[]? PositionOf(DicomGroups groups, int frame) =>
        groups.Find(frame, DicomTags.PlanePosition, DicomTags.Position)?.Numbers is { Length: 3 } position && position.All(double.IsFinite) ? position : null;

    private static double[]? OrientationOf(DicomGroups groups, int frame) =>
        groups.Find(frame, DicomTags.PlaneOrientation, DicomTags.Orientation)?.Numbers is { Length: 6 } axes && Math.Abs(Dot(axes[..3], axes[..3]) - 1) < Tolerance
            && Math.Abs(Dot(axes[3..], axes[3..]) - 1) < Tolerance && Math.Abs(Dot(axes[..3], axes[3..])) < Tolerance ? axes : null;

    // Between frames of one orientation, where each has a place of its own.
    private static double[]? StepOf(DicomGroups groups, int frame, int frames, double[] origin, double[] axes)
    {
        var other = frame + 1 < frames ? frame + 1 : frame - 1;
        if (other < 0 || PositionOf(groups, other) is not { } next || OrientationOf(groups, other)?.SequenceEqual(axes) != true)
        {
            return null;
        }

        double[] step = [.. next.Zip(origin, (a, b) => (a - b) * (other - frame))];
        return Math.Abs(Dot(step, Cross(axes[..3], axes[3..]))) > Tolerance ? step : null;
    }

    private static double ThicknessOf(DicomGroups groups, int frame) =>
        groups.Find(frame, DicomTags.PixelMeasures, DicomTags.SliceSpacing)?.Numbers is [> 0 and var spacing, ..] && double.IsFinite(spacing) ? spacing
        : groups.Find(frame, DicomTags.PixelMeasures, DicomTags.SliceThickness)?.Numbers is [> 0 and var thickness, ..] && double.IsFinite(thickness) ? thickness
        : 1;

    private static double Dot(double[] a, double[] b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);

    private static double[] Cross(double[] a, double[] b) => [(a[1] * b[2]) - (a[2] * b[1]), (a[2] * b[0]) - (a[0] * b[2]), (a[0] * b[1]) - (a[1] * b[0])];
}
