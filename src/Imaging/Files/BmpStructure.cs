using System.Buffers.Binary;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Compares a bitmap's header with the file's length.</summary>
internal static class BmpStructure
{
    /// <summary>The frame.</summary>
    /// <exception cref="DataException">The header is short or absurd, or the rows run past the end of the file.</exception>
    public static Frame Check(string path, ReadOnlySpan<byte> file)
    {
        if (file.Length < 26)
        {
            throw new DataException(path, $"a bitmap of {file.Length} bytes has no whole header: the file is truncated.");
        }

        // The oldest header (12 bytes) has 16-bit sides, the others 32-bit ones; a negative height means top row first.
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        var core = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) == 12;
        var width = core ? BinaryPrimitives.ReadUInt16LittleEndian(file[18..]) : BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        var height = core ? BinaryPrimitives.ReadUInt16LittleEndian(file[20..]) : Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[22..]));
        var frame = EncodedImage.Bounded(path, height, width);

        var bits = file.Length < 34 || core ? BinaryPrimitives.ReadUInt16LittleEndian(file[24..]) : BinaryPrimitives.ReadUInt16LittleEndian(file[28..]);
        var packed = !core && file.Length >= 34 && BinaryPrimitives.ReadUInt32LittleEndian(file[30..]) is 1 or 2;
        var row = (((long)frame.Width * bits) + 31) / 32 * 4;
        return packed || offset + (row * frame.Height) <= file.Length
            ? frame
            : throw new DataException(path, $"{frame} pixels of {bits} bits run past the end of the file: it is truncated.");
    }

    /// <summary>The palette indices of a bitmap of 1, 4 or 8 bits that is not packed; null for the others.</summary>
    /// <param name="path">For errors.</param>
    /// <param name="file">A file that <see cref="Check"/> passed.</param>
    public static StoredLabels? Indices(string path, ReadOnlySpan<byte> file)
    {
        var head = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]);
        if (head < 40 || file.Length < 54 || BinaryPrimitives.ReadUInt16LittleEndian(file[28..]) is not (1 or 4 or 8) || BinaryPrimitives.ReadUInt32LittleEndian(file[30..]) != 0)
        {
            return null;
        }

        var frame = Check(path, file);
        var (offset, bits) = ((long)BinaryPrimitives.ReadUInt32LittleEndian(file[10..]), (int)file[28]);
        var (row, upright) = ((((long)frame.Width * bits) + 31) / 32 * 4, BinaryPrimitives.ReadInt32LittleEndian(file[22..]) < 0);
        var image = new Image(frame) { Origin = new ImageOrigin { Kind = "bmp", Bits = bits } };
        for (var y = 0; y < frame.Height; y++)
        {
            var from = file.Slice((int)(offset + (row * (upright ? y : frame.Height - 1 - y))), (int)row);
            var to = image.Bytes.Slice(y * frame.Width, frame.Width);
            for (var x = 0; x < to.Length; x++)
            {
                var bit = x * bits;
                to[x] = (byte)((from[bit >> 3] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1));
            }
        }

        // Four bytes an entry: blue, green, red and one that says nothing.
        var used = BinaryPrimitives.ReadInt32LittleEndian(file[46..]) is > 0 and <= 256 and var told ? told : 1 << bits;
        var palette = new int[Math.Min(used, (file.Length - 14 - (int)Math.Min(head, file.Length)) / 4 is > 0 and var fits ? fits : 0)];
        for (var i = 0; i < palette.Length; i++)
        {
            palette[i] = BinaryPrimitives.ReadInt32LittleEndian(file.Slice(14 + (int)head + (4 * i))) & 0xFFFFFF;
        }

        return new StoredLabels(image, palette);
    }
}
