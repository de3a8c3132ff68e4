using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>
/// Elements that belong to libtorch, pinned where a GPU is to fetch them: loader threads write into them, the training thread makes tensors
/// of them, and the next batch uses them again.
/// </summary>
internal sealed unsafe class BatchMemory(bool pinned) : IDisposable
{
    private Tensor? _elements;
    private byte* _data;

    /// <summary>Makes room, and forgets what was there.</summary>
    /// <param name="elements">How many.</param>
    /// <param name="type">Of which type.</param>
    public Span<byte> Take(long elements, ScalarType type)
    {
        if (_elements is null || _elements.dtype != type || _elements.numel() < elements)
        {
            _elements?.Dispose();
            using var scope = NewDisposeScope();
            var fresh = empty([elements], dtype: type);
            _elements = (pinned ? fresh.pin_memory() : fresh).DetachFromDisposeScope();
            fixed (byte* data = _elements.bytes)
            {
                _data = data;                                       // libtorch's own memory, which never moves
            }
        }

        return new Span<byte>(_data, checked((int)(elements * _elements.element_size())));
    }

    /// <summary>The first elements as a tensor that shares them; the caller's scope owns it.</summary>
    public Tensor View(params long[] size)
    {
        using var scope = NewDisposeScope();
        return _elements!.narrow(0, 0, size.Aggregate(1L, (product, side) => product * side)).view(size).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _elements?.Dispose();
        _elements = null;
    }
}
