using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor in the order of their indices, whatever their order in memory. Keeps the tensor from being finalised.</summary>
public sealed unsafe class TensorAccessor<T> : IReadOnlyCollection<T> where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly T* _data;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(torch.Tensor tensor, T* data)
    {
        _data = data;
        (_tensor, _shape, _strides) = (tensor, tensor.shape, tensor.stride());
        (_contiguous, Count) = (tensor.is_contiguous(), checked((int)tensor.NumberOfElements));
    }

    public int Count { get; }

    /// <summary>One element, by its index in every dimension.</summary>
    public T this[params ReadOnlySpan<long> indices]
    {
        get
        {
            var value = *At(indices);
            GC.KeepAlive(_tensor);
            return value;
        }

        set
        {
            *At(indices) = value;
            GC.KeepAlive(_tensor);
        }
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    public void CopyTo(Span<T> target)
    {
        if (_contiguous)
        {
            Source().CopyTo(target);
            GC.KeepAlive(_tensor);
            return;
        }

        var i = 0;
        foreach (var value in this)
        {
            target[i++] = value;
        }
    }

    /// <summary>Overwrites every element.</summary>
    public void CopyFrom(ReadOnlySpan<T> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, Count);
        if (_contiguous)
        {
            source.CopyTo(Source());
            GC.KeepAlive(_tensor);
            return;
        }

        for (var i = 0; i < Count; i++)
        {
            _data[Offset(i)] = source[i];
        }

        GC.KeepAlive(_tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return Read(i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private T Read(long index)
    {
        ObjectDisposedException.ThrowIf(_tensor.IsInvalid, _tensor);
        var value = _data[_contiguous ? index : Offset(index)];
        GC.KeepAlive(_tensor);
        return value;
    }

    private Span<T> Source()
    {
        ObjectDisposedException.ThrowIf(_tensor.IsInvalid, _tensor);
        return new Span<T>(_data, Count);
    }

    private T* At(ReadOnlySpan<long> indices)
    {
        ObjectDisposedException.ThrowIf(_tensor.IsInvalid, _tensor);
        ArgumentOutOfRangeException.ThrowIfNotEqual(indices.Length, _shape.Length);
        long offset = 0;
        for (var d = 0; d < indices.Length; d++)
        {
            if ((ulong)indices[d] >= (ulong)_shape[d])
            {
                throw new ArgumentOutOfRangeException(nameof(indices), $"Index {indices[d]} of dimension {d} is outside [0, {_shape[d]}).");
            }

            offset += indices[d] * _strides[d];
        }

        return _data + offset;
    }

    private long Offset(long index)
    {
        long offset = 0;
        for (var d = _shape.Length - 1; d >= 0; d--)
        {
            (index, var at) = Math.DivRem(index, _shape[d]);
            offset += at * _strides[d];
        }

        return offset;
    }
}
