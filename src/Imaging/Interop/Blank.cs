using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Destinations that OpenCV will fill to the last pixel, so that nobody need zero them first.</summary>
internal static class Blank
{
    public static Image Image(Frame frame, int bytesPerPixel) => new(frame, bytesPerPixel, Bytes(frame, bytesPerPixel));

    public static LabelMap Labels(Frame frame, int classes) => new(frame, classes, Bytes(frame, LabelMap.WordBytesFor(classes)));

    private static byte[] Bytes(Frame frame, int bytesPerPixel) =>
        GC.AllocateUninitializedArray<byte>(checked((int)((long)frame.Height * frame.Width * bytesPerPixel)));
}
