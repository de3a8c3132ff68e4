using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>A learnt row for each index. The row at padding_idx starts at 0 and learns nothing.</summary>
public sealed class Embedding : Module<Tensor, Tensor>
{
    private readonly bool _scale;
    private readonly bool _sparse;

    internal Embedding(long num_embeddings, long embedding_dims, long? padding_idx, bool scale_grad_by_freq, bool sparse, Device? device, ScalarType? dtype)
        : base(nameof(Embedding))
    {
        if (padding_idx is { } row && (row < -num_embeddings || row >= num_embeddings))
        {
            throw new ArgumentOutOfRangeException(nameof(padding_idx), $"Row {row} is not one of {num_embeddings}.");
        }

        (_scale, _sparse) = (scale_grad_by_freq, sparse);
        this.padding_idx = padding_idx < 0 ? padding_idx + num_embeddings : padding_idx;
        weight = new Parameter(empty([num_embeddings, embedding_dims], dtype, device));
        init.normal_(weight);
        if (this.padding_idx is { } zero)
        {
            using var frozen = no_grad();
            using var first = weight.select(0, zero);
            first.zero_();
        }

        register_parameter(nameof(weight), weight);
    }

    public long? padding_idx { get; }

    /// <summary>(num_embeddings, embedding_dims).</summary>
    public Parameter weight { get; }

    public override Tensor forward(Tensor input) => functional.embedding(input, weight, padding_idx, _scale, _sparse);
}
