using System.Buffers.Binary;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>
/// RLE Lossless: a segment for each byte of each sample, the highest byte first, packed as PackBits. Read here because GDCM 3.0
/// mixes the bytes of 16-bit colours. DICOM PS3.5, annex G.
/// </summary>
internal static class DicomRle
{
    public const string Syntax = "1.2.840.10008.1.2.5";
    private const int HeaderBytes = 64, MaxSegments = 15;

    /// <summary>Samples interleaved, little-endian.</summary>
    /// <exception cref="DataException">The segments are not those of the module, or end early.</exception>
    public static byte[] Decode(string path, DicomPixelModule module, ReadOnlySpan<byte> fragment)
    {
        var size = module.BitsAllocated / 8;
        var (count, area) = (module.Samples * size, module.Rows * module.Columns);
        if (fragment.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(fragment) is var said && said != count)
        {
            throw new DataException(path, $"its RLE pixel data do not begin with a header of {count} segments: the file is damaged.");
        }

        var raw = new byte[(long)area * count];
        for (var segment = 0; segment < count && segment < MaxSegments; segment++)
        {
            var begin = BinaryPrimitives.ReadUInt32LittleEndian(fragment[(4 + (4 * segment))..]);
            var end = segment + 1 < count ? BinaryPrimitives.ReadUInt32LittleEndian(fragment[(8 + (4 * segment))..]) : (uint)fragment.Length;
            if (begin < HeaderBytes || end < begin || end > fragment.Length)
            {
                throw new DataException(path, $"segment {segment} of its RLE pixel data lies from byte {begin} to {end} of {fragment.Length}: the file is damaged.");
            }

            // Segment order: sample by sample, in each the highest byte first.
            var (sample, place) = (segment / size, size - 1 - (segment % size));
            Unpack(path, fragment[(int)begin..(int)end], raw.AsSpan((sample * size) + place), count, area);
        }

        return raw;
    }

    private static void Unpack(string path, ReadOnlySpan<byte> packed, Span<byte> to, int step, int area)
    {
        var (at, done) = (0, 0);
        while (done < area && at < packed.Length)
        {
            var head = (sbyte)packed[at++];
            if (head == -128)
            {
                continue;
            }

            var (run, length) = head < 0 ? (true, 1 - head) : (false, head + 1);
            length = Math.Min(length, area - done);
            if (at + (run ? 1 : length) > packed.Length)
            {
                break;
            }

            for (var i = 0; i < length; i++, done++)
            {
                to[done * step] = packed[run ? at : at + i];
            }

            at += run ? 1 : length;
        }

        if (done < area)
        {
            throw new DataException(path, $"a segment of its RLE pixel data makes {done:N0} of {area:N0} bytes: the file is truncated or damaged.");
        }
    }
}
