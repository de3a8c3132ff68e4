using System.Buffers.Binary;
using System.IO.Compression;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Inference;

/// <summary>
/// One image's probabilities at rest, a plane a class at the network's resolution: 255 levels, packed class by class, so that members are
/// averaged a class at a time in memory that depends on neither their number of images nor classes. A level is at most 1/510 off.
/// </summary>
/// <remarks>Layout: "OSTPROB1"; classes, height, width and a packed length a class, int32 little-endian; then the planes by zlib.</remarks>
public sealed class ProbabilityPlanes
{
    private const int Levels = 255;

    // Below it a probability rounds to 0.
    private const float Never = -6.24f;

    private readonly byte[][] _packed;

    private ProbabilityPlanes(Frame frame, byte[][] packed) => (Frame, _packed) = (frame, packed);

    /// <summary>Their size.</summary>
    public Frame Frame { get; }

    /// <summary>How many planes.</summary>
    public int Classes => _packed.Length;

    private static ReadOnlySpan<byte> Magic => "OSTPROB1"u8;

    /// <summary>What logits say: each class for itself (sigmoid), or one of all (softmax).</summary>
    public static ProbabilityPlanes Of(LogitPlanes logits, LabelMode mode)
    {
        var sums = mode == LabelMode.Multiclass ? Exponentials(logits) : null;
        var packed = new byte[logits.Classes][];
        Parallel.For(0, packed.Length, k => packed[k] = Pack(sums is null ? Sigmoid(logits[k]) : Softmax(logits[k], sums)));
        return new ProbabilityPlanes(logits.Frame, packed);
    }

    /// <summary>Adds weight × probability of a class to as many sums as the frame has pixels.</summary>
    public void AddTo(Span<float> sums, int k, float weight)
    {
        var levels = Levels8(k);
        var unit = weight / Levels;
        for (var i = 0; i < levels.Length; i++)
        {
            sums[i] += levels[i] * unit;
        }
    }

    /// <summary>A class's probabilities in units of 1/255.</summary>
    public byte[] Levels8(int k)
    {
        var levels = new byte[Frame.Area];
        using var unpack = new ZLibStream(new MemoryStream(_packed[k], writable: false), CompressionMode.Decompress);
        unpack.ReadExactly(levels);
        return levels;
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        var header = new byte[Magic.Length + ((3 + Classes) * sizeof(int))];
        Magic.CopyTo(header);
        int[] numbers = [Classes, Frame.Height, Frame.Width, .. _packed.Select(p => p.Length)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + (i * sizeof(int))), numbers[i]);
        }

        stream.Write(header);
        foreach (var plane in _packed)
        {
            stream.Write(plane);
        }
    });

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">It is missing or damaged.</exception>
    public static ProbabilityPlanes Load(string path)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"its probabilities cannot be read ({e.Message}). Predict again with --force.", e);
        }

        var at = Magic.Length;
        if (!file.AsSpan().StartsWith(Magic) || !Next(out var classes) || classes is < 1 or > LabelMap.MaxClasses || !Next(out var height) || !Next(out var width) || height < 1 || width < 1)
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

        return new ProbabilityPlanes(new Frame(height, width), packed);

        bool Next(out int number)
        {
            var there = at + sizeof(int) <= file.Length;
            number = there ? BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at)) : 0;
            at += sizeof(int);
            return there;
        }

        DataException Damaged() => new(path, "it is no file of probabilities, or damaged. Predict again with --force.");
    }

    private static byte[] Sigmoid(ReadOnlySpan<float> logits)
    {
        var levels = new byte[logits.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            if (logits[i] > Never)
            {
                levels[i] = (byte)((Levels / (1 + MathF.Exp(-logits[i]))) + 0.5f);
            }
        }

        return levels;
    }

    private static byte[] Softmax(ReadOnlySpan<float> logits, float[] logSums)
    {
        var levels = new byte[logits.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = (byte)((Levels * MathF.Exp(logits[i] - logSums[i])) + 0.5f);
        }

        return levels;
    }

    /// <summary>The logarithm of each pixel's sum of exponentials.</summary>
    private static float[] Exponentials(LogitPlanes logits)
    {
        var largest = logits[0].ToArray();
        for (var k = 1; k < logits.Classes; k++)
        {
            var plane = logits[k];
            for (var i = 0; i < largest.Length; i++)
            {
                largest[i] = Math.Max(largest[i], plane[i]);
            }
        }

        var sums = new float[largest.Length];
        for (var k = 0; k < logits.Classes; k++)
        {
            var plane = logits[k];
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += MathF.Exp(plane[i] - largest[i]);
            }
        }

        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = largest[i] + MathF.Log(sums[i]);
        }

        return sums;
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
