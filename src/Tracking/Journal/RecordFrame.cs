using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Osteon.Tracking;

/// <summary>
/// How records lie in a journal: eight bytes of signature, then record after record, each a length (4 bytes), the CRC-32C of length
/// and payload (4 bytes), and the payload. Little-endian. The last record may be torn by a kill or a power cut; its checksum tells.
/// </summary>
internal static class RecordFrame
{
    /// <summary>Bytes before a payload.</summary>
    public const int HeaderSize = 8;

    /// <summary>No record is longer; a greater length is damage, and nothing is allocated for it.</summary>
    public const int LongestPayload = 1 << 20;

    /// <summary>What a journal begins with; the last digit is the layout's version.</summary>
    public static ReadOnlySpan<byte> Signature => "OSTNJNL1"u8;

    /// <summary>Fills in the first bytes of a frame whose payload is in place.</summary>
    public static void Seal(Span<byte> frame)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(frame[..4], frame[HeaderSize..]));
    }

    /// <summary>Finds the payload of the frame that begins here.</summary>
    /// <returns>False when the frame is not whole, or not what was written.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (!TryLength(bytes, out var length) || bytes.Length < HeaderSize + length)
        {
            return false;
        }

        payload = bytes.Slice(HeaderSize, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == Checksum(bytes[..4], payload);
    }

    /// <summary>The length of the payload that follows; false where there is none, or none that can be right.</summary>
    public static bool TryLength(ReadOnlySpan<byte> bytes, out int length)
    {
        length = bytes.Length < HeaderSize ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return length is > 0 and <= LongestPayload;
    }

    // Castagnoli's polynomial, as iSCSI, ext4 and most journals use it: one instruction per eight bytes.
    private static uint Checksum(ReadOnlySpan<byte> length, ReadOnlySpan<byte> payload) => ~Add(Add(uint.MaxValue, length), payload);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return crc;
    }
}
