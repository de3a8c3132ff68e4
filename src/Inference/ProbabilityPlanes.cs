using System.Numerics;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Inference;

/// <summary>
/// One image's probabilities at rest, a plane a class at the network's resolution: 255 levels, packed class by class, so that members are
/// averaged a class at a time in memory that depends on neither their number of images nor classes. A level is at most 1/510 off.
/// </summary>
/// <param name="planes">Levels.</param>
public sealed class ProbabilityPlanes(PackedPlanes planes)
{
    private const int Levels = 255;

    // Below it a probability rounds to 0.
    private const float Never = -6.24f;

    /// <summary>Their size.</summary>
    public Frame Frame => planes.Frame;

    /// <summary>How many planes.</summary>
    public int Classes => planes.Count;

    private static ReadOnlySpan<byte> Kind => "OSTPROB1"u8;

    /// <summary>What logits say: each class for itself (sigmoid), or one of all (softmax).</summary>
    public static ProbabilityPlanes Of(LogitPlanes logits, LabelMode mode)
    {
        var sums = mode == LabelMode.Multiclass ? Exponentials(logits) : null;
        return new ProbabilityPlanes(PackedPlanes.Of(logits.Frame, logits.Classes, k => sums is null ? Sigmoid(logits[k]) : Softmax(logits[k], sums)));
    }

    /// <summary>A class's probabilities in units of 1/255; fresh.</summary>
    public byte[] Levels8(int k) => planes[k];

    /// <summary>Adds weight × probability to as many sums as there are levels.</summary>
    /// <param name="sums">What is there already.</param>
    /// <param name="levels">Of one class, as <see cref="Levels8"/> has them.</param>
    /// <param name="weight">What they count.</param>
    public static void AddTo(Span<float> sums, ReadOnlySpan<byte> levels, float weight)
    {
        // Most of a plane is 0, above and below the class.
        var begin = levels.IndexOfAnyExcept((byte)0);
        if (begin < 0)
        {
            return;
        }

        var (unit, end, i) = (weight / Levels, levels.LastIndexOfAnyExcept((byte)0) + 1, begin);
        var (units, part) = (new Vector<float>(unit), Vector<float>.Count);
        for (; i <= end - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(levels[i..]), out var low, out var high);
            Vector.Widen(low, out var a, out var b);
            Vector.Widen(high, out var c, out var d);
            Add(sums[i..], a);
            Add(sums[(i + part)..], b);
            Add(sums[(i + (2 * part))..], c);
            Add(sums[(i + (3 * part))..], d);
        }

        for (; i < end; i++)
        {
            sums[i] += levels[i] * unit;
        }

        void Add(Span<float> to, Vector<uint> four) => (new Vector<float>(to) + (Vector.ConvertToSingle(Vector.AsVectorInt32(four)) * units)).CopyTo(to);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    public void Save(string path) => planes.Save(path, Kind);

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">It is missing or damaged.</exception>
    public static ProbabilityPlanes Load(string path) => new(PackedPlanes.Load(path, Kind));

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
}
