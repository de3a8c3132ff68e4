using System.Collections.Concurrent;
using System.Text;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

/// <summary>Numbers that are a function of their index and a key alone, so that another implementation can make the same.</summary>
internal static class GoldenNumbers
{
    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>CRC-32 (IEEE 802.3) of the key's UTF-8 bytes.</summary>
    public static uint Seed(string key)
    {
        var crc = uint.MaxValue;
        foreach (var b in Encoding.UTF8.GetBytes(key))
        {
            crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>32 mixed bits.</summary>
    public static uint Hash(int index, uint seed)
    {
        var x = ((uint)index * 0x9E3779B1u) ^ seed;
        x = (x ^ (x >> 16)) * 0x85EBCA6B;
        x = (x ^ (x >> 13)) * 0xC2B2AE35;
        return x ^ (x >> 16);
    }

    /// <summary>In [-1, 1), exact in single precision.</summary>
    public static float Unit(int index, uint seed) => ((int)(Hash(index, seed) >> 8) - 8388608) * (1f / 8388608f);

    /// <summary>A tensor of <see cref="Unit"/>, times a factor.</summary>
    public static Tensor Units(string key, long[] shape, float factor = 1) => Filled(shape, key, (i, seed) => Unit(i, seed) * factor);

    /// <summary>A tensor of zeros and ones.</summary>
    public static Tensor Bits(string key, long[] shape) => Filled(shape, key, (i, seed) => Hash(i, seed) >> 31);

    /// <summary>Class numbers below <paramref name="classes"/>.</summary>
    public static long[] Labels(string key, long count, int classes)
    {
        var seed = Seed(key);
        var labels = new long[count];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = (Hash(i, seed) >> 8) % (uint)classes;
        }

        return labels;
    }

    /// <summary>A tensor whose i-th element, row-major, is a function of i and the key's seed.</summary>
    public static Tensor Filled(long[] shape, string key, Func<int, uint, float> value)
    {
        var seed = Seed(key);
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        if (values.Length < 65536)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = value(i, seed);
            }
        }
        else
        {
            Parallel.ForEach(Partitioner.Create(0, values.Length), range =>
            {
                for (var i = range.Item1; i < range.Item2; i++)
                {
                    values[i] = value(i, seed);
                }
            });
        }

        return tensor(values, shape);
    }

    /// <summary>Fills a network's state, each element by its key and index.</summary>
    public static void FillState(IEnumerable<KeyValuePair<string, Tensor>> state, double gain)
    {
        using var untracked = no_grad();
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var (key, target) in state.Where(entry => seen.Add(entry.Value)))       // of tied tensors, the first key counts
        {
            using var scope = NewDisposeScope();
            var last = key[(key.LastIndexOf('.') + 1)..];
            if (target.dtype != ScalarType.Int64)
            {
                target.copy_(Filled(target.shape, key, Rule(last, target.shape, gain)));
            }
            else if (last == "num_batches_tracked")
            {
                target.zero_();
            }
        }
    }

    private static Func<int, uint, float> Rule(string last, long[] shape, double gain)
    {
        if (last == "running_var")
        {
            return (i, s) => (Unit(i, s) * 0.25f) + 1f;
        }

        if (last is "running_mean" or "pos_embed" or "cls_token" or "relative_position_bias_table" or "absolute_pos_embed" or "dist_token" or "reg_token" || last.EndsWith("bias", StringComparison.Ordinal))
        {
            return (i, s) => Unit(i, s) * 0.1f;
        }

        if (shape.Length < 2)
        {
            return (i, s) => (Unit(i, s) * 0.1f) + 1f;
        }

        var scale = (float)(gain * Math.Sqrt(6.0 / shape[1..].Aggregate(1L, (a, b) => a * b)));
        return (i, s) => Unit(i, s) * scale;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }

            table[i] = crc;
        }

        return table;
    }
}
