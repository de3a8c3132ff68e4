using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>
/// Self-attention and two linear layers, each added to what it was given and normalised after (Vaswani et al. 2017, arXiv:1706.03762).
/// Tensors are (length, N, features). State names are PyTorch's.
/// </summary>
public sealed class TransformerEncoderLayer : Module<Tensor, Tensor>
{
    private readonly MultiheadAttention self_attn;
    private readonly Linear linear1, linear2;
    private readonly LayerNorm norm1, norm2;
    private readonly double _dropout;
    private readonly Activations _activation;

    internal TransformerEncoderLayer(long d_model, long nhead, long dim_feedforward, double dropout, Activations activation)
        : base(nameof(TransformerEncoderLayer))
    {
        (_dropout, _activation) = (dropout, activation);
        self_attn = MultiheadAttention(d_model, nhead, dropout);
        linear1 = Linear(d_model, dim_feedforward);
        linear2 = Linear(dim_feedforward, d_model);
        norm1 = LayerNorm(d_model);
        norm2 = LayerNorm(d_model);
        RegisterComponents();
    }

    public override Tensor forward(Tensor src) => call(src, null, null);

    /// <summary>Attends, and goes through the linear layers.</summary>
    /// <param name="src">(L, N, E).</param>
    /// <param name="src_mask">(L, L) or (N·heads, L, L): true where attention is forbidden, or numbers added to the scores.</param>
    /// <param name="src_key_padding_mask">(N, L): true where a place is to be ignored.</param>
    public Tensor call(Tensor src, Tensor? src_mask, Tensor? src_key_padding_mask = null)
    {
        using var scope = NewDisposeScope();
        var (attended, _) = self_attn.forward(src, src, src, src_key_padding_mask, need_weights: false, src_mask);
        var x = norm1.forward(src + Dropped(attended));
        var inner = linear1.forward(x);
        inner = _activation == Activations.GELU ? functional.gelu(inner) : functional.relu(inner);
        return norm2.forward(x + Dropped(linear2.forward(Dropped(inner)))).MoveToOuterDisposeScope();
    }

    /// <summary>One like this, with weights of its own and the same values.</summary>
    internal TransformerEncoderLayer Copy()
    {
        var copy = new TransformerEncoderLayer(linear1.in_features, self_attn.num_heads, linear1.out_features, _dropout, _activation);
        copy.load_state_dict(state_dict());
        return copy;
    }

    private Tensor Dropped(Tensor input) => functional.dropout(input, _dropout, training);
}

/// <summary>Layers one after another, which begin with the same weights. Keys: layers.0, layers.1, ….</summary>
public sealed class TransformerEncoder : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly ModuleList<TransformerEncoderLayer> layers;

    internal TransformerEncoder(TransformerEncoderLayer encoder_layer, long num_layers)
        : base(nameof(TransformerEncoder))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(num_layers);
        using var before = torch.random.get_rng_state();                        // copies draw nothing
        layers = ModuleList<TransformerEncoderLayer>([.. Enumerable.Range(0, checked((int)num_layers)).Select(_ => encoder_layer.Copy())]);
        torch.random.set_rng_state(before);
        RegisterComponents();
    }

    /// <param name="src">(L, N, E).</param>
    /// <param name="src_mask">As each layer takes it.</param>
    /// <param name="src_key_padding_mask">As each layer takes it.</param>
    public override Tensor forward(Tensor src, Tensor? src_mask, Tensor? src_key_padding_mask)
    {
        using var scope = NewDisposeScope();
        var x = src.alias();
        foreach (var layer in layers)
        {
            x = layer.call(x, src_mask, src_key_padding_mask);
        }

        return x.MoveToOuterDisposeScope();
    }

    public Tensor call(Tensor src, Tensor? src_mask = null) => forward(src, src_mask, null);
}
