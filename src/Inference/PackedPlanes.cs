using System.Buffers.Binary;
using System.IO.Compression;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Inference;

/// <summary>One image's planes of byte levels at rest, a plane a class, each packed by itself so that one is unpacked without the others.</summary>
/// <remarks>Layout: eight letters that name the kind; classes, height, width and a packed length a class, int32 little-endian; then the planes by zlib.</remarks>
public sealed class PackedPlanes
{
    private readonly byte[][] _packed;

    private PackedPlanes(Frame frame, byte[][] packed) => (Frame, _packed) = (frame, packed);

    /// <summary>Their size.</summary>
    public Frame Frame { get; }

    /// <summary>How many there are.</summary>
    public int Count => _packed.Length;

    /// <summary>A class's levels, as many as the frame has pixels; fresh.</summary>
    public byte[] this[int k]
    {
        get
        {
            var levels = new byte[Frame.Area];
            using var unpack = new ZLibStream(new MemoryStream(_packed[k], writable: false), CompressionMode.Decompress);
            unpack.ReadExactly(levels);
            return levels;
        }
    }

    /// <summary>Packs planes.</summary>
    /// <param name="frame">Their size.</param>
    /// <param name="classes">How many there are.</param>
    /// <param name="levels">Makes a class's, as many as the frame has pixels; asked from several threads.</param>
    public static PackedPlanes Of(Frame frame, int classes, Func<int, byte[]> levels)
    {
        var packed = new byte[classes][];
        Parallel.For(0, packed.Length, k => packed[k] = Pack(levels(k)));
        return new PackedPlanes(frame, packed);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="kind">Eight letters.</param>
    public void Save(string path, ReadOnlySpan<byte> kind)
    {
        var header = new byte[kind.Length + ((3 + Count) * sizeof(int))];
        kind.CopyTo(header);
        int[] numbers = [Count, Frame.Height, Frame.Width, .. _packed.Select(p => p.Length)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(kind.Length + (i * sizeof(int))), numbers[i]);
        }

        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var plane in _packed)
            {
                stream.Write(plane);
            }
        });
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Which.</param>
    /// <param name="kind">The letters it has to begin with.</param>
    /// <exception cref="DataException">It is missing, of another kind or damaged.</exception>
    public static PackedPlanes Load(string path, ReadOnlySpan<byte> kind)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"its predictions cannot be read ({e.Message}). Predict again with --force.", e);
        }

        var at = kind.Length;
        if (!file.AsSpan().StartsWith(kind) || !Next(out var classes) || classes is < 1 or > LabelMap.MaxClasses || !Next(out var height) || !Next(out var width) || height < 1 || width < 1)
        {
            throw Damaged();
        }

        var lengths = new int[classes];
        for (var k = 0; k < classes; k++)
        {
            lengths[k] = Next(out var length) && length > 0 ? length : throw Damaged();
        }

        if (lengths.Sum(l => (long)l) != file.Length - at)
        {
            throw Damaged();
        }

        var packed = new byte[classes][];
        for (var k = 0; k < classes; k++)
        {
            packed[k] = file[at..(at + lengths[k])];
            at += lengths[k];
        }

        return new PackedPlanes(new Frame(height, width), packed);

        bool Next(out int number)
        {
            var there = at + sizeof(int) <= file.Length;
            number = there ? BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at)) : 0;
            at += sizeof(int);
            return there;
        }

        DataException Damaged() => new(path, "it is no file of predictions, or damaged. Predict again with --force.");
    }

    private static byte[] Pack(byte[] levels)
    {
        using var memory = new MemoryStream();
        using (var pack = new ZLibStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            pack.Write(levels);
        }

        return memory.ToArray();
    }
}
