using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Batches of samples. Read on the caller's thread: what is made there, its scope owns.</summary>
/// <remarks>A simple loop's means. The experiments' own loader (Osteon.Training) has threads, augmentation and keyed order.</remarks>
public class DataLoader<T, TBatch> : IEnumerable<TBatch>, IDisposable
{
    private readonly utils.data.Dataset<T> _dataset;
    private readonly Func<IReadOnlyList<T>, Device, TBatch> _collate;
    private readonly int _batchSize;
    private readonly Device _device;
    private readonly bool _shuffle;
    private readonly bool _dropLast;
    private readonly bool _disposeDataset;
    private readonly Generator _order;

    /// <param name="dataset">Where samples come from.</param>
    /// <param name="batchSize">Samples of a batch, at least 1.</param>
    /// <param name="collate_fn">Makes a batch on a device of samples, which are disposed thereafter with the scope around it.</param>
    /// <param name="shuffle">Whether each pass has an order of its own.</param>
    /// <param name="device">Null: the CPU.</param>
    /// <param name="seed">Of the orders; null: 0.</param>
    /// <param name="drop_last">Whether a batch that is not full is left out.</param>
    /// <param name="disposeDataset">Whether the data set is disposed with this.</param>
    public DataLoader(utils.data.Dataset<T> dataset, int batchSize, Func<IReadOnlyList<T>, Device, TBatch> collate_fn, bool shuffle = false, Device? device = null, int? seed = null, bool drop_last = false, bool disposeDataset = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_dataset, _batchSize, _collate, _shuffle, _device) = (dataset, batchSize, collate_fn, shuffle, device ?? CPU);
        (_dropLast, _disposeDataset, _order) = (drop_last, disposeDataset, new Generator((ulong)(seed ?? 0)));
    }

    /// <summary>Batches of a pass.</summary>
    public long Count => _dropLast ? _dataset.Count / _batchSize : (_dataset.Count + _batchSize - 1) / _batchSize;

    /// <summary>One pass, in an order of its own when shuffled.</summary>
    public IEnumerator<TBatch> GetEnumerator()
    {
        var order = Order();
        for (var batch = 0L; batch < Count; batch++)
        {
            yield return Batch(order.AsSpan((int)(batch * _batchSize), (int)Math.Min(_batchSize, order.Length - (batch * _batchSize))));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        _order.Dispose();
        if (_disposeDataset)
        {
            _dataset.Dispose();
        }
    }

    private long[] Order()
    {
        if (!_shuffle)
        {
            return [.. Enumerable.Range(0, checked((int)_dataset.Count)).Select(i => (long)i)];
        }

        using var drawn = randperm(_dataset.Count, generator: _order);
        return drawn.data<long>().ToArray();
    }

    private TBatch Batch(ReadOnlySpan<long> indices)
    {
        var samples = new T[indices.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = _dataset.GetTensor(indices[i]);
        }

        return _collate(samples, _device);
    }
}

/// <summary>Named tensors, stacked.</summary>
public sealed class DataLoader(utils.data.Dataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, bool drop_last = false, bool disposeDataset = true)
    : DataLoader<Dictionary<string, Tensor>, Dictionary<string, Tensor>>(dataset, batchSize, Stack, shuffle, device, seed, drop_last, disposeDataset)
{
    private static Dictionary<string, Tensor> Stack(IReadOnlyList<Dictionary<string, Tensor>> samples, Device device) =>
        samples[0].Keys.ToDictionary(key => key, key => IterableDataLoader.Stack([.. samples.Select(s => s[key])], device));
}

/// <summary>Tensors in an order, stacked.</summary>
public sealed class IterableDataLoader(utils.data.IterableDataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, bool drop_last = false, bool disposeDataset = true)
    : DataLoader<IList<Tensor>, IList<Tensor>>(dataset, batchSize, Stack, shuffle, device, seed, drop_last, disposeDataset)
{
    /// <summary>One tensor of all samples' on a device; the samples' own are freed.</summary>
    internal static Tensor Stack(Tensor[] parts, Device device)
    {
        using var scope = NewDisposeScope();
        var stacked = stack(parts).to(device).MoveToOuterDisposeScope();
        Array.ForEach(parts, p => p.Dispose());
        return stacked;
    }

    private static IList<Tensor> Stack(IReadOnlyList<IList<Tensor>> samples, Device device) =>
        [.. Enumerable.Range(0, samples[0].Count).Select(k => Stack([.. samples.Select(s => s[k])], device))];
}
