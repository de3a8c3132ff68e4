using System.Buffers.Binary;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>
/// The fixed part of a NIfTI file: 348 bytes (NIfTI-1) or 540 (NIfTI-2), in either byte order. nifti1.h and nifti2.h of the
/// NIfTI Data Format Working Group.
/// </summary>
internal sealed record NiftiHeader(
    int Version, bool BigEndian, bool SeparateData, NumberType Type, int[] Shape, long DataAt, double Slope, double Intercept, NiftiGeometry Geometry, string Description)
{
    public const int Size1 = 348, Size2 = 540;

    private static readonly Dictionary<int, string> Refused = new()
    {
        [1] = "single bits", [32] = "complex numbers", [128] = "RGB colours", [1536] = "128-bit floats", [1792] = "complex numbers", [2048] = "complex numbers", [2304] = "RGBA colours",
    };

    public static NiftiHeader Parse(string path, ReadOnlySpan<byte> file)
    {
        var size = file.Length < 4 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(file);
        var big = size is not (Size1 or Size2);
        size = big ? BinaryPrimitives.ReverseEndianness(size) : size;
        if (size is not (Size1 or Size2))
        {
            throw new DataException(path, "its first number is neither 348 nor 540: this is no NIfTI file.");
        }

        if (file.Length < size)
        {
            throw new DataException(path, $"it ends inside the header: {file.Length} of {size} bytes.");
        }

        var fields = new NiftiFields(file, big, size == Size2);
        var separate = Magic(path, fields);
        var shape = Dimensions(path, fields);
        var code = fields.DataType;
        var type = code switch
        {
            2 => NumberType.UInt8,
            4 => NumberType.Int16,
            8 => NumberType.Int32,
            16 => NumberType.Single,
            64 => NumberType.Double,
            256 => NumberType.Int8,
            512 => NumberType.UInt16,
            768 => NumberType.UInt32,
            1024 => NumberType.Int64,
            1280 => NumberType.UInt64,
            _ => throw new DataException(path, Refused.TryGetValue(code, out var name) ? $"its voxels are {name}; one real number a voxel is read." : $"its datatype {code} is none of NIfTI's: the header is damaged."),
        };
        var (slope, intercept) = Scaling(path, fields);
        return new NiftiHeader(size == Size2 ? 2 : 1, big, separate, type, shape, Offset(path, fields, separate, size), slope, intercept, NiftiAffine.Of(path, fields, shape), fields.Description);
    }

    private static bool Magic(string path, NiftiFields fields)
    {
        var magic = Encoding.Latin1.GetString(fields.Magic);
        return magic switch
        {
            "n+1" or "n+2" => false,
            "ni1" or "ni2" => true,
            _ => throw new DataException(path, fields.Second ? "its magic is not n+2 or ni2: the header is damaged." : "its magic is not n+1 or ni1: an Analyze 7.5 file, which says neither orientation nor scaling for sure, or no NIfTI at all. Convert it first."),
        };
    }

    private static int[] Dimensions(string path, NiftiFields fields)
    {
        var count = fields.Dim(0);
        if (count is < 1 or > 7)
        {
            throw new DataException(path, $"its header says {count} axes; 1 to 7 are NIfTI's. The file is damaged.");
        }

        var shape = new int[count];
        for (var i = 0; i < count; i++)
        {
            shape[i] = fields.Dim(i + 1) is >= 1 and <= int.MaxValue and var length
                ? (int)length
                : throw new DataException(path, $"axis {i + 1} has the length {fields.Dim(i + 1)}; 1 to {int.MaxValue} are read.");
        }

        return shape;
    }

    private static (double Slope, double Intercept) Scaling(string path, NiftiFields fields)
    {
        // A slope of 0, or none that is a number, means that there is no scaling.
        var (slope, intercept) = (fields.Slope, fields.Intercept);
        if (slope == 0 || !double.IsFinite(slope))
        {
            return (1, 0);
        }

        return double.IsFinite(intercept) ? (slope, intercept) : throw new DataException(path, $"its intercept is {intercept}; the header is damaged.");
    }

    private static long Offset(string path, NiftiFields fields, bool separate, int size)
    {
        var offset = fields.DataOffset;
        var least = separate ? 0 : size + 4;
        return offset >= least && offset <= BoundedFile.MaxBytes && offset == Math.Floor(offset)
            ? (long)offset
            : offset == 0 && !separate ? least                      // as some writers leave it
            : throw new DataException(path, $"its voxels would begin at byte {offset}; a whole number from {least} was expected. The header is damaged.");
    }
}

/// <summary>Fields by their place in either version.</summary>
internal readonly ref struct NiftiFields(ReadOnlySpan<byte> file, bool big, bool second)
{
    private readonly ReadOnlySpan<byte> _file = file;

    public bool Second { get; } = second;

    public ReadOnlySpan<byte> Magic => _file.Slice(Second ? 4 : 344, 3);

    public int DataType => UInt16(Second ? 12 : 70);

    public double DataOffset => Second ? Int64(168) : Single(108);

    public double Slope => Second ? Double(176) : Single(112);

    public double Intercept => Second ? Double(184) : Single(116);

    public int QFormCode => Second ? Int32(344) : (short)UInt16(252);

    public int SFormCode => Second ? Int32(348) : (short)UInt16(254);

    public int Units => Second ? Int32(500) : _file[123];

    public string Description => Encoding.Latin1.GetString(_file.Slice(Second ? 240 : 148, 80)).TrimEnd('\0', ' ').Split('\0')[0];

    public long Dim(int i) => Second ? Int64(16 + (8 * i)) : (short)UInt16(40 + (2 * i));

    public double Zoom(int i) => Second ? Double(104 + (8 * i)) : Single(76 + (4 * i));

    /// <summary>b, c, d, x, y, z.</summary>
    public double Quaternion(int i) => Second ? Double(352 + (8 * i)) : Single(256 + (4 * i));

    public double Affine(int i) => Second ? Double(400 + (8 * i)) : Single(280 + (4 * i));

    private ushort UInt16(int at) => big ? BinaryPrimitives.ReadUInt16BigEndian(_file[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(_file[at..]);

    private int Int32(int at) => big ? BinaryPrimitives.ReadInt32BigEndian(_file[at..]) : BinaryPrimitives.ReadInt32LittleEndian(_file[at..]);

    private long Int64(int at) => big ? BinaryPrimitives.ReadInt64BigEndian(_file[at..]) : BinaryPrimitives.ReadInt64LittleEndian(_file[at..]);

    private float Single(int at) => big ? BinaryPrimitives.ReadSingleBigEndian(_file[at..]) : BinaryPrimitives.ReadSingleLittleEndian(_file[at..]);

    private double Double(int at) => big ? BinaryPrimitives.ReadDoubleBigEndian(_file[at..]) : BinaryPrimitives.ReadDoubleLittleEndian(_file[at..]);
}
