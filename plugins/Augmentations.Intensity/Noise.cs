using System.Numerics;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Adds to pixels, or multiplies them by, numbers drawn from a table of quantiles: 16 bits of a stream a pixel.</summary>
internal static class Noise
{
    /// <summary>Adds mean + deviation × quantile, both as fractions of the full range; what leaves it is clipped, fractions are cut off.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="quantiles">65536 numbers.</param>
    /// <param name="mean">Added to each.</param>
    /// <param name="deviation">Multiplied with each quantile.</param>
    /// <param name="key">Of the stream.</param>
    /// <param name="fineness">Below 1 the noise is drawn on a grid smaller by this factor, and spread bilinearly.</param>
    /// <param name="workspace">For memory that is needed meanwhile.</param>
    public static void Add(Image from, Image to, ReadOnlySpan<float> quantiles, double mean, double deviation, ulong key, double fineness, Workspace workspace)
    {
        var (offset, scale) = (mean * from.MaxValue, deviation * from.MaxValue);
        if (fineness < 1)
        {
            AddSpread(from, to, quantiles, offset, scale, key, fineness, workspace);
            return;
        }

        // A pixel is whole, so that cutting the sum's fraction is cutting the summand's: the table holds what is added.
        var summands = workspace.Numbers<int>(Quantiles.Count);
        var limit = from.MaxValue + 1.0;
        for (var i = 0; i < summands.Length; i++)
        {
            summands[i] = (int)Math.Floor(Math.Min(Math.Max(offset + (scale * quantiles[i]), -limit), limit));
        }

        if (from.BytesPerPixel == 1)
        {
            Add(from.Bytes, to.Bytes, summands, key, workspace);
        }
        else
        {
            Add(from.Pixels<ushort>(), to.Pixels<ushort>(), summands, key);
        }
    }

    /// <summary>Multiplies each pixel by a number of its own, uniform in an interval.</summary>
    public static void Multiply(Image from, Image to, Interval interval, ulong key)
    {
        var random = new RandomStream(key);
        var (low, step, max) = ((float)interval.Low, (float)((interval.High - interval.Low) / Quantiles.Count), (float)from.MaxValue);
        var bytes = from.Bytes;
        var changedBytes = to.Bytes;
        var words = from.BytesPerPixel == 2 ? from.Pixels<ushort>() : default;
        var changedWords = from.BytesPerPixel == 2 ? to.Pixels<ushort>() : default;
        var bits = 0ul;
        for (var i = 0; i < from.Frame.Area; i++)
        {
            bits = (i & 3) == 0 ? random.NextUInt64() : bits >> 16;
            var factor = low + (((ushort)bits + 0.5f) * step);
            if (from.BytesPerPixel == 1)
            {
                changedBytes[i] = (byte)Math.Min(bytes[i] * factor, max);
            }
            else
            {
                changedWords[i] = (ushort)Math.Min(words[i] * factor, max);
            }
        }
    }

    private static void Add(ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<int> summands, ulong key, Workspace workspace)
    {
        var table = workspace.Numbers<short>(Quantiles.Count);      // 128 KiB: stays in the second-level cache
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = (short)summands[i];
        }

        // Looked up one by one, added and clipped by lanes: clipping by comparison would be guessed wrong at every other pixel.
        const int Block = 64;
        var random = new RandomStream(key);
        Span<short> noise = stackalloc short[Block];
        for (var i = 0; i < from.Length; i += Block)
        {
            for (var k = 0; k < Block; k += 4)
            {
                var bits = random.NextUInt64();
                noise[k] = table[(ushort)bits];
                noise[k + 1] = table[(ushort)(bits >> 16)];
                noise[k + 2] = table[(ushort)(bits >> 32)];
                noise[k + 3] = table[(ushort)(bits >> 48)];
            }

            if (i + Block <= from.Length)
            {
                AddBlock(from.Slice(i, Block), noise, to.Slice(i, Block));
                continue;
            }

            for (var k = i; k < from.Length; k++)
            {
                to[k] = (byte)Math.Clamp(from[k] + noise[k - i], 0, byte.MaxValue);
            }
        }
    }

    private static void AddBlock(ReadOnlySpan<byte> from, ReadOnlySpan<short> noise, Span<byte> to)
    {
        var (least, most, lanes) = (Vector<short>.Zero, new Vector<short>(byte.MaxValue), Vector<short>.Count);
        for (var k = 0; k < from.Length; k += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(from[k..]), out var low, out var high);
            var first = Vector.Min(Vector.Max(Vector.AsVectorInt16(low) + new Vector<short>(noise[k..]), least), most);
            var second = Vector.Min(Vector.Max(Vector.AsVectorInt16(high) + new Vector<short>(noise[(k + lanes)..]), least), most);
            Vector.Narrow(Vector.AsVectorUInt16(first), Vector.AsVectorUInt16(second)).CopyTo(to[k..]);
        }
    }

    private static void Add(ReadOnlySpan<ushort> from, Span<ushort> to, ReadOnlySpan<int> summands, ulong key)
    {
        var random = new RandomStream(key);
        var bits = 0ul;
        for (var i = 0; i < from.Length; i++)
        {
            bits = (i & 3) == 0 ? random.NextUInt64() : bits >> 16;
            to[i] = (ushort)Math.Clamp(from[i] + summands[(ushort)bits], 0, ushort.MaxValue);
        }
    }

    private static void AddSpread(Image from, Image to, ReadOnlySpan<float> quantiles, double offset, double scale, ulong key, double fineness, Workspace workspace)
    {
        var small = new Frame(Math.Max(1, (int)(from.Frame.Height * fineness)), Math.Max(1, (int)(from.Frame.Width * fineness)));
        var coarse = workspace.Numbers<float>(small.Area);
        var noise = workspace.Numbers<float>(from.Frame.Area);
        var random = new RandomStream(key);
        var bits = 0ul;
        for (var i = 0; i < coarse.Length; i++)
        {
            bits = (i & 3) == 0 ? random.NextUInt64() : bits >> 16;
            coarse[i] = (float)(offset + (scale * quantiles[(ushort)bits]));
        }

        Resize.LinearPlanes(coarse, 1, small, from.Frame, noise);
        for (var i = 0; i < noise.Length; i++)
        {
            if (from.BytesPerPixel == 1)
            {
                to.Bytes[i] = (byte)Math.Clamp(from.Bytes[i] + noise[i], 0f, byte.MaxValue);
            }
            else
            {
                to.Pixels<ushort>()[i] = (ushort)Math.Clamp(from.Pixels<ushort>()[i] + noise[i], 0f, ushort.MaxValue);
            }
        }
    }
}
