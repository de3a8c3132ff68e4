using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>One hash for all of a network's numbers, to tell whether two runs are equal to the bit.</summary>
public static class WeightsHash
{
    /// <summary>SHA-256 over names, shapes and bytes, in state_dict order.</summary>
    public static string Of(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in network.state_dict())
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {string.Join('x', tensor.shape)} {tensor.dtype}\n"));
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
