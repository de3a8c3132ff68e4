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
}
