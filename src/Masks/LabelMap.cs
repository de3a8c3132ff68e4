using System.Runtime.InteropServices;

namespace Osteon.Masks;

/// <summary>
/// One word a pixel, bit k = class k, so that overlapping classes are the normal case and a warp, a flip or a crop moves all
/// of them in one pass. The word is as narrow as the class count allows: 1, 2, 4 or 8 bytes.
/// </summary>
public sealed class LabelMap
{
    /// <summary>The most classes a word can carry.</summary>
    public const int MaxClasses = 64;

    private readonly byte[] _bytes;
    private readonly int _length;

    /// <summary>A map with no class set anywhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The class count is outside 1–64.</exception>
    public LabelMap(Frame frame, int classes)
        : this(frame, classes, new byte[checked((long)frame.Height * frame.Width * WordBytesFor(classes))])
    {
    }

    /// <summary>Takes over words in row-major order, little-endian.</summary>
    /// <exception cref="ArgumentException">The array's length does not fit frame and class count.</exception>
    public LabelMap(Frame frame, int classes, byte[] words)
    {
        WordBytes = WordBytesFor(classes);
        if (words.LongLength != (long)frame.Height * frame.Width * WordBytes)
        {
            throw new ArgumentException($"{words.LongLength} bytes do not fit {frame} words of {WordBytes} bytes.", nameof(words));
        }

        (Frame, Classes, _bytes, _length) = (frame, classes, words, words.Length);
    }

    private LabelMap(byte[] words, Frame frame, int classes)
    {
        WordBytes = WordBytesFor(classes);
        (Frame, Classes, _bytes, _length) = (frame, classes, words, frame.Area * WordBytes);
    }

    /// <summary>A map in the first bytes of an array that may be longer: memory that is used again and again.</summary>
    /// <exception cref="ArgumentException">The array is too short.</exception>
    public static LabelMap Over(Frame frame, int classes, byte[] words) => words.LongLength >= (long)frame.Height * frame.Width * WordBytesFor(classes)
        ? new LabelMap(words, frame, classes)
        : throw new ArgumentException($"{words.LongLength} bytes do not hold {frame} words of {WordBytesFor(classes)} bytes.", nameof(words));

    /// <summary>The pixel grid.</summary>
    public Frame Frame { get; }

    /// <summary>Classes in use; bits above are 0.</summary>
    public int Classes { get; }

    /// <summary>Bytes a word: 1, 2, 4 or 8.</summary>
    public int WordBytes { get; }

    /// <summary>The raw words, little-endian, row-major; writable in place.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The words as numbers; T must be the unsigned type of <see cref="WordBytes"/> bytes.</summary>
    /// <exception cref="InvalidOperationException">T has another size than the words.</exception>
    public Span<T> Words<T>() where T : unmanaged
    {
        return Marshal.SizeOf<T>() == WordBytes
            ? MemoryMarshal.Cast<byte, T>(Bytes)
            : throw new InvalidOperationException($"The words have {WordBytes} bytes, {typeof(T).Name} has {Marshal.SizeOf<T>()}.");
    }

    /// <summary>Lays masks over one another: mask k becomes class k.</summary>
    /// <exception cref="ArgumentException">A mask has another frame than the first, or there is none.</exception>
    public static LabelMap FromMasks(IReadOnlyList<Mask> masks)
    {
        if (masks.Count == 0)
        {
            throw new ArgumentException("A label map needs at least one mask.", nameof(masks));
        }

        var map = new LabelMap(masks[0].Frame, masks.Count);
        for (var k = 0; k < masks.Count; k++)
        {
            map.Add(masks[k], k);
        }

        return map;
    }

    /// <summary>One class as runs. Several classes are cheaper by <see cref="ToMasks"/>.</summary>
    /// <param name="class">0 to <see cref="Classes"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The map has no such class.</exception>
    public Mask ToMask(int @class)
    {
        Demand(@class);
        return WordBytes switch
        {
            1 => LabelScan<byte>.ToMask(Words<byte>(), Frame, (byte)(1 << @class)),
            2 => LabelScan<ushort>.ToMask(Words<ushort>(), Frame, (ushort)(1 << @class)),
            4 => LabelScan<uint>.ToMask(Words<uint>(), Frame, 1u << @class),
            _ => LabelScan<ulong>.ToMask(Words<ulong>(), Frame, 1ul << @class),
        };
    }

    /// <summary>All classes as runs, in one pass over the words.</summary>
    public Mask[] ToMasks() => WordBytes switch
    {
        1 => LabelScan<byte>.ToMasks(Words<byte>(), Frame, Classes),
        2 => LabelScan<ushort>.ToMasks(Words<ushort>(), Frame, Classes),
        4 => LabelScan<uint>.ToMasks(Words<uint>(), Frame, Classes),
        _ => LabelScan<ulong>.ToMasks(Words<ulong>(), Frame, Classes),
    };

    /// <summary>Sets a class along a mask's runs; what is set already stays.</summary>
    /// <exception cref="ArgumentException">The mask has another frame.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The map has no such class.</exception>
    public void Add(Mask mask, int @class)
    {
        Demand(@class);
        if (mask.Frame != Frame)
        {
            throw new ArgumentException($"A mask of {mask.Frame} does not fit a label map of {Frame}.", nameof(mask));
        }

        switch (WordBytes)
        {
            case 1: LabelScan<byte>.Add(Words<byte>(), mask.Runs, (byte)(1 << @class)); break;
            case 2: LabelScan<ushort>.Add(Words<ushort>(), mask.Runs, (ushort)(1 << @class)); break;
            case 4: LabelScan<uint>.Add(Words<uint>(), mask.Runs, 1u << @class); break;
            default: LabelScan<ulong>.Add(Words<ulong>(), mask.Runs, 1ul << @class); break;
        }
    }

    private void Demand(int @class)
    {
        if ((uint)@class >= (uint)Classes)
        {
            throw new ArgumentOutOfRangeException(nameof(@class), @class, $"The label map has classes 0 to {Classes - 1}.");
        }
    }

    /// <summary>Bytes a word for a class count.</summary>
    public static int WordBytesFor(int classes) => classes switch
    {
        < 1 => throw new ArgumentOutOfRangeException(nameof(classes), classes, "A label map carries 1 to 64 classes."),
        <= 8 => 1,
        <= 16 => 2,
        <= 32 => 4,
        <= MaxClasses => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(classes), classes, "A label map carries 1 to 64 classes."),
    };
}
