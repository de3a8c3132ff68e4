using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Intensity;

/// <summary>Changes of intensity that depend on the pixel's own value alone, by a table over all values.</summary>
internal static class PixelTable
{
    /// <summary>Replaces each pixel v by <c>table[v]</c>, clipped to the pixel's range.</summary>
    /// <param name="from">Left as it is.</param>
    /// <param name="to">Written.</param>
    /// <param name="table">256 or 65536 entries.</param>
    public static void Apply(Image from, Image to, ReadOnlySpan<int> table)
    {
        if (from.BytesPerPixel == 1)
        {
            Span<byte> bytes = stackalloc byte[256];
            for (var v = 0; v < bytes.Length; v++)
            {
                bytes[v] = (byte)Math.Clamp(table[v], 0, byte.MaxValue);
            }

            Lut.Apply(from, to, bytes);
            return;
        }

        var pixels = from.Pixels<ushort>();
        var changed = to.Pixels<ushort>();
        for (var i = 0; i < pixels.Length; i++)
        {
            changed[i] = (ushort)Math.Clamp(table[pixels[i]], 0, ushort.MaxValue);
        }
    }

    /// <summary>Replaces each pixel v by v × factor + summand in single precision, clipped to the pixel's range, fractions cut off.</summary>
    public static void Scale(Image from, Image to, float factor, float summand, Workspace workspace)
    {
        var table = workspace.Numbers<int>(from.MaxValue + 1);
        for (var v = 0; v < table.Length; v++)
        {
            table[v] = (int)Math.Clamp((v * factor) + summand, 0f, from.MaxValue);
        }

        Apply(from, to, table);
    }
}
