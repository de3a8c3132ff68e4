using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Osteon.Testing;

namespace Osteon.Volumes.Tests;

/// <summary>Real files of others and the numbers that independent programs read in them.</summary>
internal static class Golden
{
    public static string File(string folder, string name) => SharedData.Path($"data/{folder}/{name}");

    public static JsonObject Of(string folder, string name) => All(folder)[name]!.AsObject();

    public static JsonObject All(string folder) => JsonNode.Parse(System.IO.File.ReadAllText(SharedData.Path($"data/{folder}/golden.json")))!["files"]!.AsObject();

    /// <summary>SHA-256 of values as little-endian float64, in memory order.</summary>
    public static string Hash(ReadOnlySpan<double> values) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)));
}
