using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Training;

/// <summary>Cuts a square out of a sample, at a drawn place; a side longer than the sample takes all of it.</summary>
internal static class RandomCrop
{
    public static Sample Of(Sample sample, int side, ref RandomStream random)
    {
        var from = sample.Image.Frame;
        var to = new Frame(Math.Min(side, from.Height), Math.Min(side, from.Width));
        var top = random.NextInt(from.Height - to.Height + 1);
        var left = random.NextInt(from.Width - to.Width + 1);
        return new Sample(
            new Image(to, sample.Image.BytesPerPixel, Cut(sample.Image.Bytes, from, to, top, left, sample.Image.BytesPerPixel)),
            new LabelMap(to, sample.Labels.Classes, Cut(sample.Labels.Bytes, from, to, top, left, sample.Labels.WordBytes)));
    }

    private static byte[] Cut(ReadOnlySpan<byte> bytes, Frame from, Frame to, int top, int left, int size)
    {
        var cut = new byte[(long)to.Height * to.Width * size];
        for (var row = 0; row < to.Height; row++)
        {
            bytes.Slice((((top + row) * from.Width) + left) * size, to.Width * size).CopyTo(cut.AsSpan(row * to.Width * size));
        }

        return cut;
    }
}
