using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging.Tests;

/// <summary>The images of Golden/make_imaging.py, and what it found.</summary>
internal static class Formula
{
    public static readonly Frame Frame = new(97, 131);

    public static JsonNode Golden { get; } = ReadGolden();

    public static Image Image(int bits)
    {
        var image = new Image(Frame, bits / 8);
        for (var i = 0; i < Frame.Area; i++)
        {
            if (bits == 8)
            {
                image.Bytes[i] = (byte)Value(i);
            }
            else
            {
                image.Pixels<ushort>()[i] = (ushort)(Value(i) * 37);
            }
        }

        return image;
    }

    public static LabelMap Words(int wordBytes)
    {
        var labels = new LabelMap(Frame, 8 * wordBytes);
        for (var i = 0; i < Frame.Area; i++)
        {
            BitConverter.GetBytes((ulong)Value(i) * 0x9E3779B97F4A7C15).AsSpan(0, wordBytes).CopyTo(labels.Bytes[(i * wordBytes)..]);
        }

        return labels;
    }

    public static float[] Plane() => [.. Enumerable.Range(0, Frame.Area).Select(i => (Value(i) % 1009 / 1009f) - 0.5f)];

    public static byte[] Rasterise(Mask mask)
    {
        var bytes = new byte[mask.Frame.Area];
        foreach (var run in mask.Runs)
        {
            bytes.AsSpan(run.Start, run.Length).Fill(1);
        }

        return bytes;
    }

    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The golden entry with these facts.</summary>
    public static JsonNode Entry(string list, params (string Key, object Value)[] facts) => Golden[list]!.AsArray().Single(entry =>
        facts.All(f => entry![f.Key]!.ToString() == f.Value.ToString()))!;

    private static long Value(int index)
    {
        var (y, x) = ((long)index / Frame.Width, (long)index % Frame.Width);
        return (3 * x * x) + (5 * y * y) + (7 * x * y) + 11;
    }

    private static JsonNode ReadGolden()
    {
        using var stream = typeof(Formula).Assembly.GetManifestResourceStream("imaging.json")!;
        return JsonSerializer.Deserialize<JsonNode>(stream)!;
    }
}
