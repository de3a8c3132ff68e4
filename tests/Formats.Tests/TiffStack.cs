using System.Buffers.Binary;
using Osteon.Abstractions;

namespace Osteon.Formats.Tests;

/// <summary>The plainest TIFF of several pages: little-endian, not packed, a strip a page (TIFF 6.0, section 8).</summary>
internal static class TiffStack
{
    private const int Tags = 7, DirectoryBytes = 2 + (12 * Tags) + 4;

    public static byte[] Of(params Image[] pages)
    {
        var file = new MemoryStream();
        file.Write([(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0]);
        for (var i = 0; i < pages.Length; i++)
        {
            var page = pages[i];
            var data = (int)file.Position + DirectoryBytes;
            Short(Tags);
            foreach (var (tag, value) in new[] { (256, page.Frame.Width), (257, page.Frame.Height), (258, 8 * page.BytesPerPixel), (262, 1), (273, data), (278, page.Frame.Height), (279, page.Bytes.Length) })
            {
                Short(tag);
                Short(4);
                Long(1);
                Long(value);
            }

            Long(i == pages.Length - 1 ? 0 : data + page.Bytes.Length + (page.Bytes.Length % 2));
            file.Write(page.Bytes);
            file.Write(new byte[page.Bytes.Length % 2]);
        }

        return file.ToArray();

        void Short(int value) => file.Write(BitConverter.GetBytes((ushort)value));

        void Long(int value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            file.Write(bytes);
        }
    }
}
