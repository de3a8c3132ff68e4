using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>What one geometry moves: the bytes of an image or of label words, and where they go.</summary>
internal readonly ref struct GridPlane(ReadOnlySpan<byte> source, Frame from, Span<byte> target, Frame to, int type, int size, bool labels, int classes)
{
    public ReadOnlySpan<byte> Source { get; } = source;

    public Span<byte> Target { get; } = target;

    public Frame From { get; } = from;

    public Frame To { get; } = to;

    /// <summary>OpenCV's code.</summary>
    public int Type { get; } = type;

    /// <summary>Bytes of a pixel or word.</summary>
    public int Size { get; } = size;

    /// <summary>True for words, which are never interpolated.</summary>
    public bool Labels { get; } = labels;

    public static GridPlane Of(Image from, Image to) =>
        new(from.Bytes, from.Frame, to.Bytes, to.Frame, PixelType.OfImage(from.BytesPerPixel), from.BytesPerPixel, false, 0);

    public static GridPlane Of(LabelMap from, LabelMap to) =>
        new(from.Bytes, from.Frame, to.Bytes, to.Frame, PixelType.OfWord(from.WordBytes), from.WordBytes, true, from.Classes);

    public Interpolation Reading(Interpolation asked) => Labels ? Interpolation.Nearest : asked;

    /// <summary>What lies outside, as OpenCV's four channels: a word is shown to it as four of a byte or of two.</summary>
    public void Outside(Border border, Span<double> channels)
    {
        channels.Clear();
        if (!Labels)
        {
            channels[0] = border.Fill;
            return;
        }

        var word = Word(border);
        var bits = Size switch { 1 => 8, 2 => 16, 4 => 8, _ => 16 };
        for (var c = 0; c < Size * 8 / bits; c++)
        {
            channels[c] = (word >> (c * bits)) & ((1UL << bits) - 1);
        }
    }

    /// <summary>What lies outside, as the bytes of one pixel or word.</summary>
    public void Outside(Border border, Span<byte> bytes)
    {
        Span<byte> all = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(
            all, Labels ? Word(border) : (ulong)Math.Round(Math.Min(border.Fill, Size == 1 ? byte.MaxValue : ushort.MaxValue), MidpointRounding.ToEven));
        all[..Size].CopyTo(bytes);
    }

    private ulong Word(Border border) => (ulong)border.FillMask & (classes < 64 ? (1UL << classes) - 1 : ulong.MaxValue);
}
