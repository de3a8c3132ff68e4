using Osteon.Abstractions;

namespace Osteon.Plugins.HandBone;

/// <summary>How one image was taken and developed.</summary>
/// <param name="Gain">Steepness of the film's curve.</param>
/// <param name="Gamma">Above 1 darkens the soft parts.</param>
/// <param name="Base">Grey of the empty field, in [0, 1].</param>
/// <param name="Noise">Deviation of the noise at no attenuation, in grey levels at 2048 pixels.</param>
/// <param name="Flesh">How dense soft tissue looks.</param>
/// <param name="Tilt">Brighter to which side, and by how much over the image.</param>
/// <param name="Shutter">How many millimetres the collimator covers at the left, top and right.</param>
internal sealed record Exposure(float Gain, float Gamma, float Base, float Noise, float Flesh, (float X, float Y) Tilt, (float Left, float Top, float Right) Shutter)
{
    private const int Steps = 4096;
    private const float MaxAttenuation = 4;

    public static Exposure Draw(ref RandomStream random)
    {
        return new Exposure(
            Gain: Between(ref random, 1.15, 1.5),
            Gamma: Between(ref random, 1.15, 1.5),
            Base: Between(ref random, 0.03, 0.09),
            Noise: Between(ref random, 1.6, 3.2),
            Flesh: Between(ref random, 0.85, 1.15),
            Tilt: (Between(ref random, -0.05, 0.05), Between(ref random, -0.05, 0.05)),
            Shutter: (Edge(ref random), Edge(ref random), Edge(ref random)));

        static float Between(ref RandomStream random, double low, double high) => (float)random.NextDouble(low, high);

        static float Edge(ref RandomStream random) => random.NextInt(3) == 0 ? Between(ref random, 1.5, 6) : -10;
    }

    /// <summary>Grey levels of a square image of attenuations.</summary>
    public byte[] Expose(float[] attenuation, int size, RandomStream random)
    {
        // Where fewer photons come through, their number scatters more.
        var (grey, noise) = (new float[Steps], new float[Steps]);
        var coarse = 0.45f + (0.55f * Math.Min(1, size / 2048f));
        for (var i = 0; i < Steps; i++)
        {
            var a = (i + 0.5f) / Steps * MaxAttenuation;
            grey[i] = 255 * (Base + ((0.98f - Base) * MathF.Pow(1 - MathF.Exp(-Gain * a), Gamma)));
            noise[i] = coarse * Noise * MathF.Exp(0.45f * Math.Min(a, 2)) / 148;      // 148: deviation of four bytes' sum
        }

        var pixels = new byte[size * size];
        var across = Columns(size);
        for (var y = 0; y < size; y++)
        {
            var row = attenuation.AsSpan(y * size, size);
            var to = pixels.AsSpan(y * size, size);
            var down = Tilt.Y * (((y + 0.5f) / size) - 0.5f);
            var top = Open((y + 0.5f) / size * HandSkeleton.Field, Shutter.Top);
            var bits = 0UL;
            for (var x = 0; x < size; x++)
            {
                bits = (x & 1) == 0 ? random.NextUInt64() : bits >> 32;
                var sum = (int)(bits & 0xFF) + (int)((bits >> 8) & 0xFF) + (int)((bits >> 16) & 0xFF) + (int)((bits >> 24) & 0xFF) - 510;
                var step = Math.Clamp((int)(row[x] * (Steps / MaxAttenuation)), 0, Steps - 1);
                var (tilt, open) = across[x];
                var value = ((grey[step] * (1 + tilt + down)) + (sum * noise[step])) * open * top;
                to[x] = (byte)Math.Clamp(value + 0.5f, 0, 255);
            }
        }

        return pixels;
    }

    private (float Tilt, float Open)[] Columns(int size)
    {
        var columns = new (float, float)[size];
        for (var x = 0; x < size; x++)
        {
            var at = (x + 0.5f) / size * HandSkeleton.Field;
            columns[x] = (Tilt.X * ((at / HandSkeleton.Field) - 0.5f), Open(at, Shutter.Left) * Open(HandSkeleton.Field - at, Shutter.Right));
        }

        return columns;
    }

    /// <summary>0 under the collimator, 1 beside it, with a narrow half-shadow.</summary>
    private static float Open(float at, float edge) => Math.Clamp(((at - edge) / 1.2f) + 0.5f, 0, 1);
}
