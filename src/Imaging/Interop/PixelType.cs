namespace Osteon.Imaging;

/// <summary>OpenCV's codes: depth + 8 × (channels − 1), where 8U = 0, 16U = 2, 32S = 4, 32F = 5.</summary>
internal static class PixelType
{
    internal const int Byte = 0, UInt16 = 2, Int32 = 4, Single = 5, Byte3 = 16;

    internal static int Depth(int type) => type & 7;

    internal static int Channels(int type) => (type >> 3) + 1;

    /// <summary>Bytes of one pixel, all channels.</summary>
    internal static int Size(int type) => Channels(type) * Depth(type) switch
    {
        Byte => 1,
        UInt16 => 2,
        Int32 or Single => 4,
        var other => throw new ImagingException($"pixels of depth code {other} are not read here."),
    };

    internal static int OfImage(int bytesPerPixel) => bytesPerPixel == 1 ? Byte : UInt16;

    /// <summary>
    /// A label word as channels that nearest-neighbour code moves untouched. A 4-byte word is never shown to OpenCV as a float:
    /// a bit pattern that is a signalling NaN need not survive a move.
    /// </summary>
    internal static int OfWord(int wordBytes) => wordBytes switch
    {
        1 => Byte,
        2 => UInt16,
        4 => Byte + (3 << 3),
        _ => UInt16 + (3 << 3),
    };
}
