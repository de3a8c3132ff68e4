using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>A variable of a Level 5 file.</summary>
/// <param name="About">What it is.</param>
/// <param name="Element">Its matrix element, tag included; still packed where <paramref name="Packed"/>.</param>
/// <param name="Packed">By zlib.</param>
/// <param name="BigEndian">The file's byte order.</param>
internal sealed record Mat5Variable(MatVariable About, ReadOnlyMemory<byte> Element, bool Packed, bool BigEndian);

/// <summary>Level 5: tagged elements, each a matrix or a packed matrix.</summary>
internal static class Mat5
{
    private const int HeaderBytes = 128, MatrixType = 14, CompressedType = 15, StartBytes = 1 << 12, MaxAxes = 32;

    private static readonly string[] Classes =
        ["", "cell", "struct", "object", "char", "sparse", "double", "single", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "function", "opaque"];

    public static IEnumerable<Mat5Variable> Walk(string path, byte[] bytes)
    {
        var big = bytes[126] == 'M';
        for (var at = HeaderBytes; at < bytes.Length;)
        {
            var tag = Mat5Tag.Read(path, bytes.AsSpan(at), big);
            var (whole, packed) = (bytes.AsMemory(at, tag.Start + tag.Length), tag.Type == CompressedType);
            if (packed || tag.Type == MatrixType)
            {
                // Names and shapes stand at the beginning; the numbers stay packed until they are asked for.
                var start = packed ? Start(path, whole[tag.Start..]) : whole.ToArray();
                if (About(path, start, big) is { } about)
                {
                    yield return new Mat5Variable(about, packed ? whole[tag.Start..] : whole, packed, big);
                }
            }

            // Packed elements are not padded, others to eight bytes.
            at += packed ? whole.Length : (whole.Length + 7) / 8 * 8;
        }
    }

    public static NumberArray Read(string path, Mat5Variable variable)
    {
        var element = variable.Packed
            ? BoundedFile.Unpack(path, variable.Element, static packed => new ZLibStream(packed, CompressionMode.Decompress), BoundedFile.MaxBytes)
            : variable.Element.ToArray();
        var outer = Mat5Tag.Read(path, element, variable.BigEndian);
        if (outer.Start + outer.Length < element.Length)
        {
            throw new DataException(path, $"its variable {variable.About.Name} is followed by {element.Length - outer.Start - outer.Length} bytes inside the same packed element: the file is damaged.");
        }

        var rest = element.AsSpan(outer.Start, outer.Length);
        for (var i = 0; i < 3; i++)                                 // flags, axes, name
        {
            rest = Mat5Tag.Skip(path, rest, variable.BigEndian);
        }

        var tag = Mat5Tag.Read(path, rest, variable.BigEndian);
        var type = tag.NumberType ?? throw new DataException(path, $"the numbers of {variable.About.Name} are stored as type {tag.Type}, which is none of numbers: the file is damaged.");
        var needed = MatFile.Count(path, variable.About.Shape, type.Size()) * type.Size();
        if (needed != tag.Length)
        {
            throw new DataException(path, $"its variable {variable.About} would take {needed:N0} bytes and has {tag.Length:N0}: the file is damaged.");
        }

        var numbers = rest.Slice(tag.Start, tag.Length).ToArray();
        if (variable.BigEndian)
        {
            NumberTypes.Swap(numbers, type.Size());
        }

        return new NumberArray(type, variable.About.Shape, firstFastest: true, numbers);
    }

    /// <summary>What the beginning of a matrix says; null for one without name, MATLAB's own workspace of functions.</summary>
    private static MatVariable? About(string path, ReadOnlySpan<byte> start, bool big)
    {
        var outer = Mat5Tag.Read(path, start, big, whole: false);
        if (outer.Type != MatrixType)
        {
            throw new DataException(path, $"a packed element holds type {outer.Type} where a matrix was expected: the file is damaged.");
        }

        var rest = start[outer.Start..Math.Min(start.Length, outer.Start + outer.Length)];
        var flags = Mat5Tag.Read(path, rest, big);
        if (flags.Type != 6 || flags.Length != 8)
        {
            throw new DataException(path, "a matrix does not begin with its flags: the file is damaged.");
        }

        var word = UInt32(rest[flags.Start..], big);
        var (kind, complex, logical) = (word & 0xFF, (word & 0x800) != 0, (word & 0x200) != 0);
        if (kind is 0 or > 17)
        {
            throw new DataException(path, $"a matrix has class {kind}, which is none of MATLAB's: the file is damaged.");
        }

        if (kind == 17)
        {
            return null;                                            // an object of a newer class: its axes are elsewhere
        }

        rest = Mat5Tag.Skip(path, rest, big);
        var shape = Axes(path, rest, big);
        rest = Mat5Tag.Skip(path, rest, big);
        var name = Mat5Tag.Read(path, rest, big);
        var title = Encoding.UTF8.GetString(rest.Slice(name.Start, Math.Min(name.Length, 256)));
        return title.Length == 0 ? null : new MatVariable(title, logical ? "logical" : Classes[kind], shape, complex);
    }

    private static int[] Axes(string path, ReadOnlySpan<byte> rest, bool big)
    {
        var tag = Mat5Tag.Read(path, rest, big);
        if (tag.Type is not (5 or 6) || tag.Length % 4 != 0 || tag.Length is < 8 or > 4 * MaxAxes)
        {
            throw new DataException(path, $"a matrix has no list of 2 to {MaxAxes} axes: the file is damaged.");
        }

        var shape = new int[tag.Length / 4];
        for (var i = 0; i < shape.Length; i++)
        {
            var length = UInt32(rest[(tag.Start + (4 * i))..], big);
            shape[i] = length <= int.MaxValue
                ? (int)length
                : throw new DataException(path, $"axis {i + 1} of a matrix has the length {unchecked((int)length)}: the file is damaged.");
        }

        return shape;
    }

    private static byte[] Start(string path, ReadOnlyMemory<byte> packed)
    {
        try
        {
            using var unpack = new ZLibStream(new MemoryStream(packed.ToArray(), writable: false), CompressionMode.Decompress);
            var start = new byte[StartBytes];
            return start[..unpack.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)     // zlib that asks for a dictionary is an IOException
        {
            throw new DataException(path, $"a packed variable is damaged: {e.Message}", e);
        }
    }

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool big) => big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}

/// <summary>What stands before an element: eight bytes, or four with up to four bytes of data behind them.</summary>
internal readonly record struct Mat5Tag(int Type, int Start, int Length)
{
    public NumberType? NumberType => Type switch
    {
        1 => Volumes.NumberType.Int8,
        2 => Volumes.NumberType.UInt8,
        3 => Volumes.NumberType.Int16,
        4 => Volumes.NumberType.UInt16,
        5 => Volumes.NumberType.Int32,
        6 => Volumes.NumberType.UInt32,
        7 => Volumes.NumberType.Single,
        9 => Volumes.NumberType.Double,
        12 => Volumes.NumberType.Int64,
        13 => Volumes.NumberType.UInt64,
        _ => null,
    };

    /// <param name="path">For errors.</param>
    /// <param name="bytes">From the tag on.</param>
    /// <param name="big">The file's byte order.</param>
    /// <param name="whole">False where the element is known to go on beyond the bytes.</param>
    public static Mat5Tag Read(string path, ReadOnlySpan<byte> bytes, bool big, bool whole = true)
    {
        if (bytes.Length < 8)
        {
            throw new DataException(path, $"an element of {bytes.Length} bytes has no whole tag: the file is truncated or damaged.");
        }

        var (first, second) = (UInt32(bytes, big), UInt32(bytes[4..], big));
        var small = first >> 16;
        var tag = small is > 0 and <= 4 ? new Mat5Tag((int)(first & 0xFFFF), 4, (int)small)
            : first <= ushort.MaxValue && second <= int.MaxValue - 16 ? new Mat5Tag((int)first, 8, (int)second)
            : throw new DataException(path, $"an element of type {first} and {second:N0} bytes is none of MATLAB's: the file is damaged.");
        return !whole || tag.Length <= bytes.Length - tag.Start
            ? tag
            : throw new DataException(path, $"an element of {tag.Length:N0} bytes runs past the {bytes.Length - tag.Start:N0} that follow: the file is truncated or damaged.");
    }

    /// <summary>What follows an element and its padding.</summary>
    public static ReadOnlySpan<byte> Skip(string path, ReadOnlySpan<byte> bytes, bool big)
    {
        var tag = Read(path, bytes, big);
        return bytes[Math.Min(bytes.Length, (tag.Start + tag.Length + 7) / 8 * 8)..];
    }

    public static Span<byte> Skip(string path, Span<byte> bytes, bool big) => bytes[(bytes.Length - Skip(path, (ReadOnlySpan<byte>)bytes, big).Length)..];

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool big) => big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
