using System.Buffers.Binary;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>NumPy's .npy files, versions 1 to 3. Pickled objects are refused, never run.</summary>
public static class NpyFile
{
    private const int MaxHeader = 1 << 16;

    /// <summary>Reads an array.</summary>
    /// <exception cref="DataException">The file is missing, damaged, cut short, or of numbers that are not read.</exception>
    public static NumberArray Read(string path) => Parse(path, BoundedFile.Read(path));

    /// <summary>Shape and type, without the numbers.</summary>
    /// <exception cref="DataException">As for <see cref="Read"/>.</exception>
    public static (NumberType Type, IReadOnlyList<int> Shape) ReadShape(string path)
    {
        var (header, _) = Header(path, BoundedFile.ReadStart(path, MaxHeader + 12));
        return (header.Type, header.Shape);
    }

    /// <summary>Writes an array as version 1, whole or not at all.</summary>
    public static void Write(string path, NumberArray array) => AtomicFile.Write(path, stream => Write(stream, array));

    /// <summary>Writes an array as version 1.</summary>
    public static void Write(Stream stream, NumberArray array)
    {
        stream.Write(NpyHeader.Write(array));
        stream.Write(array.Bytes);
    }

    internal static NumberArray Parse(string path, byte[] bytes)
    {
        var (header, start) = Header(path, bytes);
        var needed = (UInt128)header.Type.Size() * header.Shape.Aggregate((UInt128)1, (product, length) => product > ulong.MaxValue ? product : product * (ulong)length);
        if (needed != (UInt128)(bytes.Length - start))
        {
            throw new DataException(path, $"its header says {NumberArray.TextOf(header.Shape)} numbers of {header.Type.Size()} bytes, which are {needed:N0} bytes, and {bytes.Length - start:N0} follow: "
                + (needed > (UInt128)(bytes.Length - start) ? "the file is truncated." : "it holds more than one array, or is damaged."));
        }

        var numbers = bytes[start..];
        if (header.BigEndian)
        {
            NumberTypes.Swap(numbers, header.Type.Size());
        }

        return new NumberArray(header.Type, header.Shape, header.FirstFastest, numbers);
    }

    private static (NpyHeader Header, int Start) Header(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', var major, _, ..])
        {
            throw new DataException(path, "it does not begin with \\x93NUMPY and a version: this is no .npy file.");
        }

        var prefix = major == 1 ? 10 : 12;
        if (major is < 1 or > 3 || bytes.Length < prefix)
        {
            throw new DataException(path, major is < 1 or > 3 ? $"its format version is {major}; 1 to 3 are read." : "it ends inside the header: the file is truncated.");
        }

        var length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (length > MaxHeader || length > (uint)(bytes.Length - prefix))
        {
            throw new DataException(path, length > MaxHeader ? $"its header says that it has {length:N0} bytes; at most {MaxHeader:N0} are read." : "it ends inside the header: the file is truncated.");
        }

        var text = bytes.Slice(prefix, (int)length);
        return (NpyHeader.Parse(path, major == 3 ? Encoding.UTF8.GetString(text) : Encoding.Latin1.GetString(text)), prefix + (int)length);
    }
}
