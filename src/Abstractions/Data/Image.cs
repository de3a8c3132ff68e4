using System.Runtime.InteropServices;
using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>One grey channel, row-major, 8 or 16 bit; a radiograph keeps one channel until the network wants three.</summary>
public sealed class Image
{
    private readonly byte[] _bytes;
    private readonly int _length;

    /// <summary>Takes over the pixels; 16-bit ones are in the machine's byte order.</summary>
    /// <exception cref="ArgumentException">The array's length does not fit.</exception>
    public Image(Frame frame, int bytesPerPixel, byte[] pixels)
    {
        if (bytesPerPixel is not (1 or 2) || pixels.LongLength != (long)frame.Height * frame.Width * bytesPerPixel)
        {
            throw new ArgumentException($"{pixels.LongLength} bytes do not fit {frame} pixels of {bytesPerPixel} bytes.", nameof(pixels));
        }

        (Frame, BytesPerPixel, _bytes, _length) = (frame, bytesPerPixel, pixels, pixels.Length);
    }

    private Image(byte[] pixels, Frame frame, int bytesPerPixel) =>
        (Frame, BytesPerPixel, _bytes, _length) = (frame, bytesPerPixel, pixels, frame.Area * bytesPerPixel);

    /// <summary>A black image.</summary>
    public Image(Frame frame, int bytesPerPixel = 1)
        : this(frame, bytesPerPixel, new byte[(long)frame.Height * frame.Width * bytesPerPixel])
    {
    }

    /// <summary>An image in the first bytes of an array that may be longer: memory that is used again and again.</summary>
    /// <exception cref="ArgumentException">The array is too short.</exception>
    public static Image Over(Frame frame, int bytesPerPixel, byte[] pixels) => bytesPerPixel is 1 or 2 && pixels.LongLength >= (long)frame.Height * frame.Width * bytesPerPixel
        ? new Image(pixels, frame, bytesPerPixel)
        : throw new ArgumentException($"{pixels.LongLength} bytes do not hold {frame} pixels of {bytesPerPixel} bytes.", nameof(pixels));

    /// <summary>The pixel grid.</summary>
    public Frame Frame { get; }

    /// <summary>1 or 2.</summary>
    public int BytesPerPixel { get; }

    /// <summary>The brightest value a pixel can have: 255 or 65535.</summary>
    public int MaxValue => BytesPerPixel == 1 ? byte.MaxValue : ushort.MaxValue;

    /// <summary>What its file says beyond the pixels.</summary>
    public ImageOrigin Origin { get; init; } = ImageOrigin.Unknown;

    /// <summary>The raw bytes; writable in place.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The mean of the pixels.</summary>
    public double Mean()
    {
        var sum = 0L;
        if (BytesPerPixel == 1)
        {
            foreach (var level in Bytes)
            {
                sum += level;
            }
        }
        else
        {
            foreach (var level in Pixels<ushort>())
            {
                sum += level;
            }
        }

        return (double)sum / Frame.Area;
    }

    /// <summary>The pixels as numbers: byte or ushort, as <see cref="BytesPerPixel"/> says.</summary>
    public Span<T> Pixels<T>() where T : unmanaged
    {
        return Marshal.SizeOf<T>() == BytesPerPixel
            ? MemoryMarshal.Cast<byte, T>(Bytes)
            : throw new InvalidOperationException($"The pixels have {BytesPerPixel} bytes, {typeof(T).Name} has {Marshal.SizeOf<T>()}.");
    }
}
