using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Augmentations.Tests;

/// <summary>The digests that make_augmentations.py made, and the hashed images they were made from.</summary>
internal static class Golden
{
    public static readonly Frame Frame = new(37, 53);

    private static readonly JsonObject Document = JsonNode.Parse(
        File.ReadAllText(Path.Combine(Testing.SharedData.RepositoryRoot, "tests", "Augmentations.Tests", "Golden", "augmentations.json")))!.AsObject();

    public static IEnumerable<JsonObject> Rows(string kind) => Document[kind]!.AsArray().Select(row => row!.AsObject());

    public static Image Image(int bits) => new(Frame, bits / 8, Hashed(bits));

    public static LabelMap Words(int bits) => new(Frame, bits, Hashed(bits));

    public static Sample Sample(int imageBits, int wordBits) => new(Image(imageBits), Words(wordBits));

    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The top bits of SplitMix64's finaliser.</summary>
    public static ulong Hash(ulong number, int bits)
    {
        var z = number * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (z ^ (z >> 31)) >> (64 - bits);
    }

    private static byte[] Hashed(int bits)
    {
        var bytes = new byte[Frame.Area * bits / 8];
        for (var i = 0; i < Frame.Area; i++)
        {
            BitConverter.GetBytes(Hash((ulong)(i + 1), bits)).AsSpan(0, bits / 8).CopyTo(bytes.AsSpan(i * bits / 8));
        }

        return bytes;
    }
}
