using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

/// <summary>A tensor as the Python scripts under Golden print it.</summary>
internal static class TensorText
{
    /// <summary>Key, torch's name of the type, shape, SHA-256 of the elements in the order of their indices; tab-separated.</summary>
    public static string Of(string key, Tensor tensor)
    {
        using var flat = tensor.detach().contiguous();
        var type = tensor.dtype == ScalarType.Byte ? "uint8" : tensor.dtype.ToString().ToLowerInvariant();
        return $"{key}\t{type}\t{string.Join('x', tensor.shape)}\t{Convert.ToHexStringLower(SHA256.HashData(flat.bytes))}";
    }
}
