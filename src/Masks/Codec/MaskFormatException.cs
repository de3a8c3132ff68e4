namespace Osteon.Masks;

/// <summary>Text that is not a mask, or rows that do not belong together. The message is complete: where, what was found, what is allowed.</summary>
public sealed class MaskFormatException : FormatException
{
    /// <summary>A fault, told in full.</summary>
    public MaskFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>A fault inside one field.</summary>
    internal MaskFormatException(string what, long offset)
        : base($"RLE, character {offset + 1}: {what}")
    {
        Offset = offset;
    }

    /// <summary>Bytes before the fault in its field; −1 when the fault is not in a field.</summary>
    public long Offset { get; } = -1;
}
