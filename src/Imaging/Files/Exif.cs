using System.Buffers.Binary;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>The one EXIF fact that moves pixels: tag 0x0112, orientation (EXIF 2.32, section 4.6.4).</summary>
internal static class Exif
{
    /// <summary>1 to 8; 1 where there is none, or it makes no sense.</summary>
    /// <param name="tiff">The TIFF structure, from its byte order mark on.</param>
    public static int Orientation(ReadOnlySpan<byte> tiff)
    {
        var little = tiff is [(byte)'I', (byte)'I', ..];
        if (tiff.Length < 8 || (!little && tiff is not [(byte)'M', (byte)'M', ..]))
        {
            return 1;
        }

        var offset = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (offset > tiff.Length - 2)
        {
            return 1;
        }

        var entries = tiff[(int)offset..];
        var count = UInt16(entries, little);
        entries = entries[2..];
        for (var i = 0; i < count && entries.Length >= 12; i++, entries = entries[12..])
        {
            if (UInt16(entries, little) == 0x0112)
            {
                return UInt16(entries[8..], little) is >= 1 and <= 8 and var value ? value : 1;
            }
        }

        return 1;
    }

    /// <summary>Orientations 5 to 8 swap height and width.</summary>
    public static Frame Rotate(Frame stored, int orientation) => orientation >= 5 ? new Frame(stored.Width, stored.Height) : stored;

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
