using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using Osteon.Abstractions;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Models;

/// <summary>Makes tensors of a weight file's bytes, on the CPU: in place, over a mapping of the file, or copied.</summary>
/// <remarks>
/// A large file on a disk of this machine is mapped: nothing is copied, pages are read when they are touched, and processes
/// share them. The mapping is private, so that writing to a tensor changes neither the file nor another process, and it lasts
/// as long as a tensor over it. Its one price: when somebody shortens the file in place while it is mapped, the system ends the
/// process (SIGBUS), and no program can turn that into an error. <see cref="AtomicFile"/> replaces files by renaming, which leaves
/// a mapping whole. Small files gain nothing, and files of a network may be shortened from another machine: both are copied.
/// </remarks>
internal sealed class TensorFile : IDisposable
{
    private const long LeastMapped = 1 << 20;
    private const int Block = 1 << 28;
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly SafeMemoryMappedViewHandle? _memory;

    /// <param name="path">For messages.</param>
    /// <param name="file">The file, open; not closed here, and not needed once the tensors are made.</param>
    public TensorFile(string path, SafeFileHandle file)
    {
        (_path, _file, _length) = (path, file, RandomAccess.GetLength(file));
        if (_length >= LeastMapped && IsLocal(path))
        {
            using var mapping = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
            _memory = mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.CopyOnWrite).SafeMemoryMappedViewHandle;
        }
    }

    /// <summary>A contiguous tensor of a part of the file; the caller, or its dispose scope, owns it.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="begin">Its first byte. The part lies inside the file: the caller has checked.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Sizes; empty for a scalar.</param>
    /// <exception cref="DataException">A boolean is neither 0 nor 1, or the file has become shorter.</exception>
    public Tensor Tensor(string name, long begin, ScalarType type, long[] shape)
    {
        // Elements at odd places are copied to where the processor may read them; what the file no longer has is a fault there.
        var size = ElementTypes.SizeOf(type);
        var end = checked(begin + shape.Aggregate((long)size, (bytes, axis) => checked(bytes * axis)));
        var tensor = _memory is not null && begin % size == 0 && end <= _length
            ? ForeignMemory.Tensor(_memory, begin, type, shape)
            : Copied(begin, type, shape);
        // A bool that is neither 0 nor 1 has no meaning in C++.
        if (type == ScalarType.Bool && Blocks(tensor).Any(block => block.bytes.ContainsAnyExceptInRange((byte)0, (byte)1)))
        {
            throw new DataException(_path, $"tensor '{name}' of booleans holds bytes other than 0 and 1.");
        }

        return tensor;
    }

    /// <summary>The elements in the order of their indices, in parts whose bytes a span can hold.</summary>
    /// <param name="tensor">Contiguous, on the CPU.</param>
    /// <returns>Views, each valid until the next is asked for.</returns>
    public static IEnumerable<Tensor> Blocks(Tensor tensor)
    {
        using var flat = tensor.view(-1);
        var most = Block / ElementTypes.SizeOf(tensor.dtype);
        for (var begin = 0L; begin < flat.numel(); begin += most)
        {
            using var block = flat.narrow(0, begin, Math.Min(most, flat.numel() - begin));
            yield return block;
        }
    }

    /// <summary>Closes the mapping for those who come; tensors over it keep it.</summary>
    public void Dispose() => _memory?.Dispose();

    private Tensor Copied(long begin, ScalarType type, long[] shape)
    {
        var tensor = empty(shape, dtype: type);
        foreach (var block in Blocks(tensor))
        {
            Storages.ReadExactly(_path, _file, block.bytes, begin);
            begin += block.bytes.Length;
        }

        return tensor;
    }

    private static bool IsLocal(string path) => new DriveInfo(Path.GetFullPath(path)).DriveType is DriveType.Fixed or DriveType.Ram;
}
