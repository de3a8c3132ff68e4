using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Grey stored as red, green and blue, as most tools write radiographs.</summary>
internal static class AgreeingChannels
{
    // JPEG's chroma leaves a few levels of tint on grey; colour is more, in more than a stray pixel of ten thousand.
    private const int Tint = 32, OneIn = 10_000;

    /// <summary>One of the channels, when all three agree in every pixel; null when they differ, or are neither 8 nor 16 bit.</summary>
    /// <param name="pixels">Decoded, with three channels or fewer.</param>
    /// <param name="origin">What the container says.</param>
    /// <param name="coloured">True where they differ by more than a tint.</param>
    public static Image? Of(NativeBuffer pixels, ImageOrigin origin, out bool coloured)
    {
        coloured = false;
        var frame = new Frame(pixels.Height, pixels.Width);
        var depth = PixelType.Depth(pixels.Type);
        if (PixelType.Channels(pixels.Type) != 3 || depth is not (PixelType.Byte or PixelType.UInt16))
        {
            return null;
        }

        var interleaved = pixels.ToArray();
        var bytes = depth == PixelType.Byte ? 1 : 2;
        var image = new Image(frame, bytes, GC.AllocateUninitializedArray<byte>(interleaved.Length / 3)) { Origin = origin.Bits > 0 ? origin : origin with { Bits = 8 * bytes } };
        var agree = bytes == 1
            ? Take<byte>(interleaved, image.Pixels<byte>())
            : Take(MemoryMarshal.Cast<byte, ushort>(interleaved), image.Pixels<ushort>());
        if (!agree)
        {
            coloured = bytes == 1 ? IsColoured<byte>(interleaved, Tint) : IsColoured(MemoryMarshal.Cast<byte, ushort>(interleaved), Tint << 8);
        }

        return agree ? image : null;
    }

    private static bool IsColoured<T>(ReadOnlySpan<T> interleaved, int tint) where T : unmanaged, System.Numerics.INumber<T>
    {
        var found = 0;
        for (var i = 0; i < interleaved.Length; i += 3)
        {
            var (a, b, c) = (interleaved[i], interleaved[i + 1], interleaved[i + 2]);
            found += int.CreateTruncating(T.Max(a, T.Max(b, c)) - T.Min(a, T.Min(b, c))) > tint ? 1 : 0;
        }

        return (long)found * OneIn > interleaved.Length / 3;
    }

    private static bool Take<T>(ReadOnlySpan<T> interleaved, Span<T> grey) where T : unmanaged, IEquatable<T>
    {
        for (var i = 0; i < grey.Length; i++)
        {
            var three = interleaved.Slice(3 * i, 3);
            if (!three[0].Equals(three[1]) || !three[0].Equals(three[2]))
            {
                return false;
            }

            grey[i] = three[0];
        }

        return true;
    }
}
