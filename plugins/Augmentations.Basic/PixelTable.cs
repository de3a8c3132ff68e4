using Osteon.Abstractions;
using Osteon.Imaging;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Changes of intensity that depend on the pixel's own value alone, by a table over all values.</summary>
internal static class PixelTable
{
    /// <summary>Replaces each pixel v by <paramref name="map"/>(v), clipped to the pixel's range and cut to a whole number.</summary>
    public static void Apply(Image image, Image changed, Func<int, double> map, Workspace workspace)
    {
        if (image.BytesPerPixel == 1)
        {
            Span<byte> bytes = stackalloc byte[256];
            for (var v = 0; v < bytes.Length; v++)
            {
                bytes[v] = (byte)Math.Clamp(map(v), 0, byte.MaxValue);
            }

            Lut.Apply(image, changed, bytes);
            return;
        }

        var table = workspace.Numbers<ushort>(ushort.MaxValue + 1);
        for (var v = 0; v < table.Length; v++)
        {
            table[v] = (ushort)Math.Clamp(map(v), 0, ushort.MaxValue);
        }

        var from = image.Pixels<ushort>();
        var to = changed.Pixels<ushort>();
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = table[from[i]];
        }
    }
}
