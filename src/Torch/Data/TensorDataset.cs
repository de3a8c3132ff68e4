using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Slices, along their first dimension, of tensors that agree in it. The tensors stay the caller's.</summary>
public sealed class TensorDataset : utils.data.IterableDataset
{
    private readonly Tensor[] _tensors;

    internal TensorDataset(Tensor[] tensors)
    {
        if (tensors.Length == 0 || tensors.Any(t => t.size(0) != tensors[0].size(0)))
        {
            throw new ArgumentException("Tensors of a data set agree in their first dimension, and there is one at least.", nameof(tensors));
        }

        _tensors = tensors;
    }

    public override long Count => _tensors[0].size(0);

    public override IList<Tensor> GetTensor(long index) => Array.ConvertAll(_tensors, t => t.select(0, index));
}
