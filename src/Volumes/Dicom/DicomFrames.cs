using System.Buffers.Binary;
using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>Turns a frame's bytes into the numbers they store: native ones and RLE here, the other encapsulated ones by GDCM.</summary>
internal sealed class DicomFrames(string path, DicomPixelModule module, DicomDataset data, string syntax)
{
    /// <summary>Stored values, (rows, columns) or (rows, columns, 3), masked to the bits that count and with their sign.</summary>
    public NumberArray Read(int frame)
    {
        var pixels = data[module.PixelTag] is { Vr.Length: > 0 } whole ? whole : throw new InvalidOperationException("Only the header was read.");
        var native = module.Real || syntax is DicomParser.ImplicitLittle or DicomParser.ExplicitLittle or DicomParser.ExplicitBig or DicomParser.Deflated or DicomParser.GeneralElectric or DicomParser.Philips;
        if (native != pixels.Fragments is null)
        {
            throw new DataException(path, $"its transfer syntax {syntax} says that pixels are {(native ? "not " : string.Empty)}encapsulated, and they are{(native ? string.Empty : " not")}: the file is damaged.");
        }

        var (raw, planar) = native ? (Native(pixels, frame), module.Planar) : Encapsulated(pixels.Fragments!, frame);
        if (planar && module.Samples == 3)
        {
            raw = Interleaved(raw);
        }

        KeepStoredBits(raw);
        int[] shape = module.Samples == 1 ? [module.Rows, module.Columns] : [module.Rows, module.Columns, 3];
        return new NumberArray(module.Type, shape, firstFastest: false, raw);
    }

    private byte[] Native(DicomElement pixels, int frame)
    {
        var needed = ((module.FrameBits * module.Frames) + 7) / 8;
        if (pixels.Value.Length < needed)
        {
            throw new DataException(path, $"{module.Frames} frame(s) of {module.Rows}×{module.Columns} pixels take {needed:N0} bytes, and its pixel data have {pixels.Value.Length:N0}: the file is truncated or damaged.");
        }

        if (module.BitsAllocated == 1)
        {
            return Bits(pixels.Value.Span, frame * module.FrameBits);
        }

        var length = (int)(module.FrameBits / 8);
        var raw = pixels.Value.Slice(checked((int)(frame * (long)length)), length).ToArray();
        if (syntax is DicomParser.ExplicitBig or DicomParser.GeneralElectric)
        {
            // Bytes in 16-bit words are swapped as words.
            NumberTypes.Swap(raw, pixels.Vr == "OB" ? 1 : Math.Max(2, module.BitsAllocated / 8));
        }

        return module.Subsampled ? FullSampled(raw) : raw;
    }

    private byte[] Bits(ReadOnlySpan<byte> packed, long first)
    {
        var raw = new byte[module.Rows * module.Columns];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i] = (byte)((packed[(int)((first + i) / 8)] >> (int)((first + i) % 8)) & 1);
        }

        return raw;
    }

    // Y Y Cb Cr for each pair of pixels.
    private byte[] FullSampled(byte[] pairs)
    {
        if (module.BitsAllocated != 8 || module.Columns % 2 != 0)
        {
            throw new DataException(path, $"its {module.Photometric} pixels have {module.BitsAllocated} bits and {module.Columns} columns; 8 bits and an even number are read.");
        }

        var raw = new byte[module.Rows * module.Columns * 3];
        for (int from = 0, to = 0; to < raw.Length; from += 4, to += 6)
        {
            (raw[to], raw[to + 1], raw[to + 2], raw[to + 3], raw[to + 4], raw[to + 5]) = (pairs[from], pairs[from + 2], pairs[from + 3], pairs[from + 1], pairs[from + 2], pairs[from + 3]);
        }

        return raw;
    }

    private (byte[] Raw, bool Planar) Encapsulated(IReadOnlyList<ReadOnlyMemory<byte>> fragments, int frame)
    {
        if (module.BitsAllocated == 1)
        {
            throw new DataException(path, $"its pixels have 1 bit and are encapsulated ({syntax}); such are not read, and GDCM does not either. Store them without compression, or as 8 bits.");
        }

        if (syntax == DicomRle.Syntax)
        {
            return (DicomRle.Decode(path, module, FragmentsOf(fragments, frame)), false);
        }

        var expected = (long)module.Rows * module.Columns * module.Samples * (module.BitsAllocated / 8);
        var plain = DicomWriter.Frame(module, syntax, FragmentsOf(fragments, frame));
        var (words, raw) = Decoder.Split(path, Decoder.Run(path, ["dicom"], plain, expected));
        var numbers = words.Take(8).Select(w => int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1).ToArray();
        if (numbers.Length < 8 || numbers[0] != module.Rows || numbers[1] != module.Columns || numbers[2] != module.Samples || numbers[3] != module.BitsAllocated || raw.Length != expected)
        {
            throw new DataException(path, $"its header says {module.Rows}×{module.Columns} pixels of {module.Samples} sample(s) and {module.BitsAllocated} bits, its pixel data {string.Join(' ', words.Take(4))}: the file is damaged.");
        }

        return (raw, numbers[7] == 1);
    }

    /// <summary>The fragments of one frame: one each, or as an offset table divides them.</summary>
    private byte[] FragmentsOf(IReadOnlyList<ReadOnlyMemory<byte>> fragments, int frame)
    {
        var parts = fragments.Skip(1).ToList();
        if (parts.Count == 0)
        {
            throw new DataException(path, "its pixel data hold no fragment: the file is damaged.");
        }

        if (module.Frames == 1)
        {
            return syntax == DicomRle.Syntax && parts.Count > 1 ? throw new DataException(path, $"its one frame of RLE has {parts.Count} fragments; each frame has one.") : Joined(parts);
        }

        if (parts.Count == module.Frames)
        {
            return parts[frame].ToArray();
        }

        var offsets = Offsets(fragments[0].Span);
        if (offsets.Length != module.Frames)
        {
            throw new DataException(path, $"its {module.Frames} frames have {parts.Count} fragments and no table of offsets, so that it cannot be told which are whose.");
        }

        var (begin, end) = (offsets[frame], frame + 1 < offsets.Length ? offsets[frame + 1] : long.MaxValue);
        var at = 0L;
        var own = new List<ReadOnlyMemory<byte>>();
        foreach (var part in parts)
        {
            if (at >= begin && at < end)
            {
                own.Add(part);
            }

            at += 8 + part.Length;
        }

        return own.Count > 0 ? Joined(own) : throw new DataException(path, $"frame {frame} has no fragment by the table of offsets: the file is damaged.");
    }

    private long[] Offsets(ReadOnlySpan<byte> basic)
    {
        var extended = data[DicomTags.ExtendedOffsets]?.Value ?? default;
        var offsets = new long[extended.Length > 0 ? extended.Length / 8 : basic.Length / 4];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = extended.Length > 0 ? BinaryPrimitives.ReadInt64LittleEndian(extended.Span[(8 * i)..]) : BinaryPrimitives.ReadUInt32LittleEndian(basic[(4 * i)..]);
        }

        return offsets;
    }

    private static byte[] Joined(List<ReadOnlyMemory<byte>> parts)
    {
        var joined = new byte[parts.Sum(p => (long)p.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined.AsMemory(at));
            at += part.Length;
        }

        return joined;
    }

    private byte[] Interleaved(byte[] planes)
    {
        var size = module.BitsAllocated / 8;
        var raw = new byte[planes.Length];
        var area = module.Rows * module.Columns;
        for (var sample = 0; sample < 3; sample++)
        {
            for (var i = 0; i < area; i++)
            {
                planes.AsSpan(((sample * area) + i) * size, size).CopyTo(raw.AsSpan(((i * 3) + sample) * size));
            }
        }

        return raw;
    }

    /// <summary>Bits that do not count may hold overlays or noise.</summary>
    private void KeepStoredBits(byte[] raw)
    {
        var (shift, bits) = (module.HighBit + 1 - module.BitsStored, module.BitsStored);
        if (module.BitsAllocated == 1 || module.Real || bits == module.BitsAllocated)
        {
            return;
        }

        var size = module.BitsAllocated / 8;
        for (var at = 0; at < raw.Length; at += size)
        {
            var word = size switch { 1 => raw[at], 2 => BitConverter.ToUInt16(raw, at), 4 => BitConverter.ToUInt32(raw, at), _ => BitConverter.ToUInt64(raw, at) };
            var kept = (word >> shift) & ((1UL << bits) - 1);
            if (module.Signed && (kept >> (bits - 1)) == 1)
            {
                kept |= ~((1UL << bits) - 1);
            }

            for (var i = 0; i < size; i++)
            {
                raw[at + i] = (byte)(kept >> (8 * i));
            }
        }
    }
}
