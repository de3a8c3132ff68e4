using Osteon.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>A learnt row for each index. The row at padding_idx learns nothing; drawn anew, it is 0.</summary>
public sealed class Embedding : Module<Tensor, Tensor>
{
    private readonly double? _maxNorm;
    private readonly double _normType;
    private readonly bool _scale;
    private readonly bool _sparse;

    internal Embedding(long num_embeddings, long embedding_dims, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse, Device? device, ScalarType? dtype)
        : this(new Parameter(empty([num_embeddings, embedding_dims], dtype, device)), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
    {
        init.normal_(weight);
        if (this.padding_idx is { } zero)
        {
            using var frozen = no_grad();
            using var first = weight.select(0, zero);
            first.zero_();
        }
    }

    internal Embedding(Tensor embeddings, bool freeze, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse, Device? device, ScalarType? dtype)
        : this(Given(embeddings, freeze, device, dtype), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
    {
    }

    private Embedding(Parameter rows, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse)
        : base(nameof(Embedding))
    {
        var count = rows.size(0);
        if (padding_idx is { } row && (row < -count || row >= count))
        {
            throw new ArgumentOutOfRangeException(nameof(padding_idx), $"Row {row} is not one of {count}.");
        }

        (_maxNorm, _normType, _scale, _sparse) = (max_norm, norm_type, scale_grad_by_freq, sparse);
        this.padding_idx = padding_idx < 0 ? padding_idx + count : padding_idx;
        weight = rows;
        register_parameter(nameof(weight), weight);
    }

    public long? padding_idx { get; }

    /// <summary>(num_embeddings, embedding_dims).</summary>
    public Parameter weight { get; }

    public override Tensor forward(Tensor input)
    {
        if (_maxNorm is { } longest)
        {
            using var frozen = no_grad();
            Aten.Run("embedding_renorm_", weight, input, longest, _normType);
        }

        return functional.embedding(input, weight, padding_idx, _scale, _sparse);
    }

    private static Parameter Given(Tensor embeddings, bool freeze, Device? device, ScalarType? dtype)
    {
        if (embeddings.ndim != 2)
        {
            throw new ArgumentException($"Rows must be (rows, features); the tensor has {embeddings.ndim} dimensions.", nameof(embeddings));
        }

        using var rows = embeddings.detach();
        return new Parameter(rows.to(dtype ?? rows.dtype, device ?? rows.device), !freeze);
    }
}
