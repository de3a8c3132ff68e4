using System.Text;

namespace Osteon.Masks.Tests;

/// <summary>32 mixed bits of an index and a key's CRC-32, so that another program can make the same inputs.</summary>
internal static class GoldenHash
{
    public static uint Seed(string key)
    {
        var crc = uint.MaxValue;
        foreach (var b in Encoding.UTF8.GetBytes(key))
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }

    public static uint Of(int index, uint seed)
    {
        var x = ((uint)index * 0x9E3779B1u) ^ seed;
        x = (x ^ (x >> 16)) * 0x85EBCA6B;
        x = (x ^ (x >> 13)) * 0xC2B2AE35;
        return x ^ (x >> 16);
    }

    /// <summary>In [-1, 1), exact in single precision.</summary>
    public static float Unit(int index, uint seed) => ((int)(Of(index, seed) >> 8) - 8388608) * (1f / 8388608f);
}
