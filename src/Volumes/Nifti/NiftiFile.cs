using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>NIfTI-1 and NIfTI-2 in one file or as .hdr and .img, packed by gzip or not, in either byte order.</summary>
public static class NiftiFile
{
    /// <summary>Reads a volume.</summary>
    /// <param name="path">The .nii, .nii.gz or .hdr; beside a .hdr its .img or .img.gz is looked for.</param>
    /// <exception cref="DataException">The file is missing, damaged, cut short, or of voxels that are not one real number each.</exception>
    public static NiftiImage Read(string path)
    {
        var file = BoundedFile.ReadMaybeGzip(path);
        var header = NiftiHeader.Parse(path, file);
        var data = header.SeparateData ? BoundedFile.ReadMaybeGzip(Partner(path)) : file;
        var needed = (UInt128)header.Type.Size() * header.Shape.Aggregate((UInt128)1, (product, length) => product > ulong.MaxValue ? product : product * (ulong)length);
        var there = Math.Max(0, data.Length - header.DataAt);
        if (needed > (UInt128)there)
        {
            throw new DataException(path, $"{NumberArray.TextOf(header.Shape)} voxels of {header.Type.Size()} bytes are {needed:N0} bytes, and {there:N0} follow the header: the file is truncated.");
        }

        var voxels = data.AsSpan((int)header.DataAt, (int)needed).ToArray();
        if (header.BigEndian)
        {
            NumberTypes.Swap(voxels, header.Type.Size());
        }

        return new NiftiImage(new NumberArray(header.Type, header.Shape, firstFastest: true, voxels), header.Slope, header.Intercept, header.Geometry, header.Description, Extensions(header, file));
    }

    /// <summary>The shape, without reading voxels of a file that is not packed.</summary>
    /// <exception cref="DataException">As for <see cref="Read"/>.</exception>
    public static IReadOnlyList<int> ReadShape(string path) => ReadHeader(path).Shape;

    /// <summary>Where the voxels lie, without reading them.</summary>
    /// <exception cref="DataException">As for <see cref="Read"/>.</exception>
    public static NiftiGeometry ReadGeometry(string path) => ReadHeader(path).Geometry;

    /// <summary>Writes a volume whole or not at all; NIfTI-1, or 2 where an axis is longer than 32,767.</summary>
    /// <param name="path">With .gz at its end it is packed.</param>
    /// <param name="array">Whole or real numbers of 1 to 7 axes, the first fastest; booleans become bytes.</param>
    /// <param name="geometry">Where the voxels lie; the source's, for a result to be laid over it.</param>
    /// <exception cref="ArgumentException">The array has another order, no or too many axes, or half-precision numbers.</exception>
    public static void Write(string path, NumberArray array, NiftiGeometry geometry)
    {
        if (array.Shape.Count is < 1 or > 7 || array.Shape.Contains(0) || (!array.FirstFastest && array.Shape.Count > 1) || array.Type == NumberType.Half)
        {
            throw new ArgumentException($"A volume has 1 to 7 axes, none empty, the first one fastest, and no half-precision numbers; this is {array.ShapeText} of {array.Type}.", nameof(array));
        }

        AtomicFile.Write(path, stream =>
        {
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                using var packed = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
                Write(packed, array, geometry);
            }
            else
            {
                Write(stream, array, geometry);
            }
        });
    }

    private static void Write(Stream stream, NumberArray array, NiftiGeometry geometry)
    {
        stream.Write(array.Shape.Any(length => length > short.MaxValue) ? NiftiWriter.Header2(array, geometry) : NiftiWriter.Header1(array, geometry));
        stream.Write(array.Bytes);
    }

    private static NiftiHeader ReadHeader(string path)
    {
        var start = BoundedFile.ReadStart(path, NiftiHeader.Size2);
        if (start is [0x1F, 0x8B, ..])
        {
            try
            {
                using var unpack = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
                start = new byte[NiftiHeader.Size2];
                start = start[..unpack.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw new DataException(path, $"it cannot be unpacked: {e.Message}", e);
            }
        }

        return NiftiHeader.Parse(path, start);
    }

    private static string Partner(string path)
    {
        var stem = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        if (!stem.EndsWith(".hdr", StringComparison.OrdinalIgnoreCase))
        {
            throw new DataException(path, "its header says that the voxels lie in a second file, which only a .hdr has beside it.");
        }

        var image = stem[..^4] + ".img";
        return new[] { image, image + ".gz" }.FirstOrDefault(File.Exists) ?? throw new DataException(path, $"its voxels are missing: there is no {Path.GetFileName(image)} beside it.");
    }

    private static List<int> Extensions(NiftiHeader header, ReadOnlySpan<byte> file)
    {
        var at = header.Version == 1 ? NiftiHeader.Size1 : NiftiHeader.Size2;
        var codes = new List<int>();
        if (file.Length < at + 4 || file[at] == 0)
        {
            return codes;
        }

        var end = header.SeparateData ? file.Length : (int)Math.Min(header.DataAt, file.Length);
        for (at += 4; at + 8 <= end;)
        {
            var size = Int32(file[at..], header.BigEndian);
            if (size < 8 || size > end - at)
            {
                break;                                              // what follows is no chain of extensions; the voxels do not depend on it
            }

            codes.Add(Int32(file[(at + 4)..], header.BigEndian));
            at += size;
        }

        return codes;
    }

    private static int Int32(ReadOnlySpan<byte> bytes, bool big) => big ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
}

/// <summary>Headers of what is written: little-endian, one file, no scaling, the affine as sform.</summary>
internal static class NiftiWriter
{
    public static byte[] Header1(NumberArray array, NiftiGeometry geometry)
    {
        var header = new byte[NiftiHeader.Size1 + 4];
        var h = header.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(h, NiftiHeader.Size1);
        BinaryPrimitives.WriteInt16LittleEndian(h[40..], (short)array.Shape.Count);
        BinaryPrimitives.WriteSingleLittleEndian(h[76..], 1);
        for (var i = 0; i < 7; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(h[(42 + (2 * i))..], i < array.Shape.Count ? (short)array.Shape[i] : (short)1);
            BinaryPrimitives.WriteSingleLittleEndian(h[(80 + (4 * i))..], i < geometry.Zooms.Count ? (float)geometry.Zooms[i] : 1);
        }

        BinaryPrimitives.WriteInt16LittleEndian(h[70..], Code(array.Type));
        BinaryPrimitives.WriteInt16LittleEndian(h[72..], (short)(8 * array.Type.Size()));
        BinaryPrimitives.WriteSingleLittleEndian(h[108..], NiftiHeader.Size1 + 4);
        BinaryPrimitives.WriteSingleLittleEndian(h[112..], 1);
        h[123] = (byte)geometry.Units;
        BinaryPrimitives.WriteInt16LittleEndian(h[254..], (short)Math.Max(1, geometry.FormCode));
        for (var i = 0; i < 12; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(h[(280 + (4 * i))..], (float)geometry.Affine[i]);
        }

        Encoding.ASCII.GetBytes("n+1\0", h[344..]);
        return header;
    }

    public static byte[] Header2(NumberArray array, NiftiGeometry geometry)
    {
        var header = new byte[NiftiHeader.Size2 + 4];
        var h = header.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(h, NiftiHeader.Size2);
        byte[] magic = [.. "n+2\0"u8, 0x0D, 0x0A, 0x1A, 0x0A];
        magic.CopyTo(h[4..]);
        BinaryPrimitives.WriteInt16LittleEndian(h[12..], Code(array.Type));
        BinaryPrimitives.WriteInt16LittleEndian(h[14..], (short)(8 * array.Type.Size()));
        BinaryPrimitives.WriteInt64LittleEndian(h[16..], array.Shape.Count);
        BinaryPrimitives.WriteDoubleLittleEndian(h[104..], 1);
        for (var i = 0; i < 7; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(h[(24 + (8 * i))..], i < array.Shape.Count ? array.Shape[i] : 1);
            BinaryPrimitives.WriteDoubleLittleEndian(h[(112 + (8 * i))..], i < geometry.Zooms.Count ? geometry.Zooms[i] : 1);
        }

        BinaryPrimitives.WriteInt64LittleEndian(h[168..], NiftiHeader.Size2 + 4);
        BinaryPrimitives.WriteDoubleLittleEndian(h[176..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(h[348..], Math.Max(1, geometry.FormCode));
        for (var i = 0; i < 12; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(h[(400 + (8 * i))..], geometry.Affine[i]);
        }

        BinaryPrimitives.WriteInt32LittleEndian(h[500..], geometry.Units);
        return header;
    }

    private static short Code(NumberType type) => type switch
    {
        NumberType.Boolean or NumberType.UInt8 => 2,
        NumberType.Int16 => 4,
        NumberType.Int32 => 8,
        NumberType.Single => 16,
        NumberType.Double => 64,
        NumberType.Int8 => 256,
        NumberType.UInt16 => 512,
        NumberType.UInt32 => 768,
        NumberType.Int64 => 1024,
        _ => 1280,
    };
}
