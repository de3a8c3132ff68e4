namespace Osteon.Datasets;

/// <summary>Whole numbers from 0, seven bits a byte, low first.</summary>
internal static class Leb128
{
    public static void Append(List<byte> bytes, int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }

    /// <summary>Takes a number off the front; false where there is none.</summary>
    public static bool Next(ref ReadOnlySpan<byte> bytes, out int value)
    {
        var sum = 0L;
        for (var i = 0; i < Math.Min(bytes.Length, 5); i++)
        {
            sum |= (long)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                value = (int)sum;
                return sum <= int.MaxValue;
            }
        }

        value = 0;
        return false;
    }
}
