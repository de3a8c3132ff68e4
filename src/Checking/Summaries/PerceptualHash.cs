using System.Numerics;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Checking;

/// <summary>256 bits that change little when an image is scaled, recompressed or brightened.</summary>
/// <remarks>The difference hash: each bit says whether one of 16 × 16 cells is darker than its right neighbour. Krawetz 2013, hackerfactor.com/blog, "Kind of Like That".</remarks>
public readonly record struct PerceptualHash(ulong A, ulong B, ulong C, ulong D)
{
    private const int Side = 16;

    /// <summary>An image's hash.</summary>
    public static PerceptualHash Of(Image image)
    {
        var small = Resize.Area(image, new Frame(Side, Side + 1));
        Span<ulong> words = stackalloc ulong[4];
        for (var i = 0; i < Side * Side; i++)
        {
            var at = (i / Side * (Side + 1)) + (i % Side);
            if (Value(small, at + 1) > Value(small, at))
            {
                words[i >> 6] |= 1UL << (i & 63);
            }
        }

        return new PerceptualHash(words[0], words[1], words[2], words[3]);
    }

    /// <summary>Bits in which two hashes differ, 0 to 256.</summary>
    public int DistanceTo(PerceptualHash other) =>
        BitOperations.PopCount(A ^ other.A) + BitOperations.PopCount(B ^ other.B) + BitOperations.PopCount(C ^ other.C) + BitOperations.PopCount(D ^ other.D);

    private static int Value(Image image, int at) => image.BytesPerPixel == 1 ? image.Pixels<byte>()[at] : image.Pixels<ushort>()[at];
}
