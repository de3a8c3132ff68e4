using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>What a PyTorch checkpoint describes; the elements of its tensors are read when asked for.</summary>
public sealed class PthContents
{
    private readonly Storages _storages;

    internal PthContents(string path, object? root, Storages storages) => (Path, Root, _storages) = (path, root, storages);

    /// <summary>The file, as it was asked for.</summary>
    public string Path { get; }

    internal object? Root { get; }

    /// <summary>Reads tensors of this file, on the CPU, each storage once; the caller, or its dispose scope, owns them.</summary>
    /// <param name="tensors">From <see cref="Weights.FindStateDict(PthContents, IReadOnlyCollection{string})"/>, under any names.</param>
    /// <returns>With the strides of the file. Tensors that share a storage in the file share it here.</returns>
    /// <exception cref="Osteon.Abstractions.DataException">A storage is missing, cut short, or of another length.</exception>
    public Dictionary<string, Tensor> Read(IEnumerable<KeyValuePair<string, PthTensor>> tensors) => _storages.Read(tensors);
}
