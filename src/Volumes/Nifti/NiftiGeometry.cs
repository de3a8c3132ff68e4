using Osteon.Masks;

namespace Osteon.Volumes;

/// <summary>Where a volume's voxels lie: what a result needs to be laid over its source again.</summary>
/// <param name="Affine">4×4, row by row: voxel index (i, j, k, 1) to millimetres, x to the patient's left-to-right, RAS+.</param>
/// <param name="Zooms">Size of a voxel along each axis of the array, in <paramref name="Units"/>.</param>
/// <param name="FormCode">NIFTI_XFORM of the affine: 0 unknown, 1 scanner, 2 aligned, 3 Talairach, 4 MNI.</param>
/// <param name="Units">xyzt_units of the header: 2 is millimetres, 10 millimetres and seconds.</param>
public sealed record NiftiGeometry(IReadOnlyList<double> Affine, IReadOnlyList<double> Zooms, int FormCode, int Units)
{
    /// <summary>A grid of one millimetre at the origin.</summary>
    public static NiftiGeometry Unit(int axes) => new([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [.. Enumerable.Repeat(1.0, axes)], 1, 2);

    /// <summary>A grid that lies as an affine says, in millimetres.</summary>
    /// <param name="affine">4×4; its columns' lengths are the voxels' sizes.</param>
    /// <param name="axes">Of the array; those beyond three measure 1.</param>
    public static NiftiGeometry Of(IReadOnlyList<double> affine, int axes) => new(affine,
        [.. Enumerable.Range(0, axes).Select(i => i > 2 ? 1.0 : Math.Sqrt((affine[i] * affine[i]) + (affine[4 + i] * affine[4 + i]) + (affine[8 + i] * affine[8 + i])))], 1, 2);

    /// <summary>The axes of the array that count a slice's rows and columns.</summary>
    /// <param name="axis">The axis that is cut, 0 to 2: of the others the higher one counts rows, as ITK and nnU-Net lay images into NIfTI.</param>
    public static (int Rows, int Columns) AxesOf(int axis) => axis switch { 0 => (2, 1), 1 => (2, 0), _ => (1, 0) };

    /// <summary>Size of a pixel of a slice in millimetres; null where the header gives none. Lengths without a unit are millimetres, as other readers take them.</summary>
    /// <param name="axis">The axis that is cut.</param>
    public Spacing? PixelSize(int axis)
    {
        var (rows, columns) = AxesOf(axis);
        var millimetres = (Units & 7) switch { 1 => 1000.0, 3 => 0.001, _ => 1.0 };
        return Zooms.Count > Math.Max(rows, columns) && Zooms[rows] * millimetres is > 0 and var row && Zooms[columns] * millimetres is > 0 and var column
            && double.IsFinite(row) && double.IsFinite(column) ? new Spacing(row, column) : null;
    }
}

/// <summary>A NIfTI volume: its numbers as they are stored, and what turns them into values.</summary>
/// <param name="Stored">First axis fastest, as on disk; little-endian now.</param>
/// <param name="Slope">Values are stored × slope + intercept.</param>
/// <param name="Intercept">See <paramref name="Slope"/>.</param>
/// <param name="Geometry">Where the voxels lie.</param>
/// <param name="Description">The header's descrip, free text of up to 80 characters.</param>
/// <param name="Extensions">Codes of the header's extensions; their content may name a patient and is left behind.</param>
public sealed record NiftiImage(NumberArray Stored, double Slope, double Intercept, NiftiGeometry Geometry, string Description, IReadOnlyList<int> Extensions)
{
    /// <summary>True when the stored numbers are not the values.</summary>
    public bool Scaled => Slope != 1 || Intercept != 0;

    /// <summary>Values in file order (first axis fastest); NaN stays NaN.</summary>
    public double[] ToValues()
    {
        var values = Stored.ToDoubles();
        Scale(values);
        return values;
    }

    /// <summary>Turns stored numbers into values, in place.</summary>
    public void Scale(Span<double> stored)
    {
        if (Scaled)
        {
            foreach (ref var v in stored)
            {
                v = (v * Slope) + Intercept;
            }
        }
    }
}
