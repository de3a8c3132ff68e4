using System.Text;

namespace Osteon.Abstractions;

/// <summary>
/// Chance that belongs to one place in a run: the n-th number is a function of key and n alone, so that neither thread count
/// nor what was drawn elsewhere can change it.
/// </summary>
/// <remarks>SplitMix64 in counter mode: Steele, Lea, Flood 2014, doi:10.1145/2714064.2660195.</remarks>
public struct RandomStream
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key;
    private ulong _counter;

    /// <summary>The stream of a key.</summary>
    public RandomStream(ulong key) => _key = key;

    /// <summary>The stream of a named place in a run, e.g. (seed, "augment", epoch, case, transform).</summary>
    public static RandomStream For(long seed, params ReadOnlySpan<object> place) => new(KeyOf(seed, place));

    /// <summary>A 64-bit key for a named place; also fit for seeding a library's own generator.</summary>
    public static ulong KeyOf(long seed, params ReadOnlySpan<object> place)
    {
        var key = Mix((ulong)seed + Golden);
        Span<byte> bytes = stackalloc byte[256];
        foreach (var part in place)
        {
            var text = Convert.ToString(part, System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty;
            var utf8 = text.Length <= 80 ? bytes[..Encoding.UTF8.GetBytes(text, bytes)] : Encoding.UTF8.GetBytes(text);
            var hash = 0xCBF29CE484222325UL;                        // FNV-1a
            foreach (var b in utf8)
            {
                hash = (hash ^ b) * 0x100000001B3;
            }

            key = Mix(key ^ Mix(hash + (ulong)utf8.Length));
        }

        return key;
    }

    /// <summary>A stream of its own for a numbered place below this one; depends on this one's key, not on what was drawn from it.</summary>
    public readonly RandomStream At(int place) => new(Mix(_key ^ Mix(((ulong)place + 1) * Golden)));

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64() => Mix(_key + (++_counter * Golden));

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform in [0, bound), without bias (Lemire 2019, doi:10.1145/3230636).</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var range = (ulong)bound;
        var floor = (0 - range) % range;
        while (true)
        {
            var high = Math.BigMul(NextUInt64(), range, out var low);
            if (low >= floor)
            {
                return (int)high;
            }
        }
    }

    /// <summary>Normal with mean 0 and deviation 1 (Box–Muller).</summary>
    public double NextGaussian()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Puts items in random order (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
