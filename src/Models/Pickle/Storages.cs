using Microsoft.Win32.SafeHandles;
using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>Reads tensors out of the storages of a checkpoint, each storage once.</summary>
/// <param name="path">The file.</param>
/// <param name="places">First byte and length of each storage, by its key.</param>
internal sealed class Storages(string path, IReadOnlyDictionary<string, (long Begin, long Length)> places)
{
    /// <summary>Reads tensors; those of one storage share it. The caller, or its dispose scope, owns them.</summary>
    /// <exception cref="DataException">A storage is missing, of another length, or holds what its type does not allow.</exception>
    public Dictionary<string, Tensor> Read(IEnumerable<KeyValuePair<string, PthTensor>> tensors)
    {
        using var scope = NewDisposeScope();
        using var handle = PthFile.Open(path);
        using var file = new TensorFile(path, handle);
        var read = new Dictionary<(string, ScalarType), Tensor>();
        var result = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in tensors)
        {
            if (!read.TryGetValue((tensor.Storage, tensor.Type), out var storage))
            {
                storage = ReadStorage(file, name, tensor);
                read.Add((tensor.Storage, tensor.Type), storage);
            }

            result.Add(name, storage.as_strided([.. tensor.Shape], [.. tensor.Strides], tensor.Offset));
        }

        foreach (var tensor in result.Values)
        {
            tensor.MoveToOuterDisposeScope();
        }

        return result;
    }

    /// <summary>Fills bytes from a place in the file.</summary>
    /// <exception cref="DataException">The file ends before.</exception>
    public static void ReadExactly(string path, SafeFileHandle file, Span<byte> bytes, long at)
    {
        while (!bytes.IsEmpty)
        {
            var read = at < 0 ? 0 : RandomAccess.Read(file, bytes, at);
            if (read == 0)
            {
                throw new DataException(path, $"is cut short or damaged: {bytes.Length} bytes are wanted at byte {at}, beyond its end. Copy it again.");
            }

            bytes = bytes[read..];
            at += read;
        }
    }

    private Tensor ReadStorage(TensorFile file, string name, PthTensor tensor)
    {
        var size = ElementTypes.SizeOf(tensor.Type);
        var bytes = checked(tensor.StorageLength * size);
        if (!places.TryGetValue(tensor.Storage, out var place) || place.Length != bytes)
        {
            throw new DataException(path, $"tensor '{name}' wants storage '{tensor.Storage}' of {tensor.StorageLength} × {size} bytes; the file has {(place == default ? "none of that name" : $"{place.Length} bytes under that name")}.");
        }

        return file.Tensor(name, place.Begin, tensor.Type, [tensor.StorageLength]);
    }
}
