using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Scaled dot-product attention in several heads (Vaswani et al. 2017, arXiv:1706.03762). Tensors are (length, N, embedding).</summary>
public sealed class MultiheadAttention : Module<Tensor, Tensor, Tensor, (Tensor output, Tensor? weights)>
{
    private readonly double _dropout;

    internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias, bool batch_first, Device? device, ScalarType? dtype)
        : base(nameof(MultiheadAttention))
    {
        if (embedded_dim % num_heads != 0)
        {
            throw new ArgumentException($"{embedded_dim} features do not divide among {num_heads} heads.", nameof(num_heads));
        }

        (this.embedded_dim, this.num_heads, this.batch_first, _dropout) = (embedded_dim, num_heads, batch_first, dropout);
        in_proj_weight = new Parameter(empty([3 * embedded_dim, embedded_dim], dtype, device));
        in_proj_bias = bias ? new Parameter(zeros(3 * embedded_dim, dtype, device)) : null;

        // PyTorch draws the output layer before the input weight, then zeroes its bias.
        out_proj = Linear(embedded_dim, embedded_dim, bias, device, dtype);
        init.xavier_uniform_(in_proj_weight);
        if (out_proj.bias is { } shift)
        {
            init.zeros_(shift);
        }

        register_parameter(nameof(in_proj_weight), in_proj_weight);
        register_parameter(nameof(in_proj_bias), in_proj_bias);
        register_module(nameof(out_proj), out_proj);
    }

    public long embedded_dim { get; }

    public long num_heads { get; }

    /// <summary>Whether tensors are (N, length, embedding) instead.</summary>
    public bool batch_first { get; }

    /// <summary>Query, key and value weights, one above the other: (3·embedding, embedding).</summary>
    public Parameter in_proj_weight { get; }

    public Parameter? in_proj_bias { get; }

    public Linear out_proj { get; }

    public override (Tensor output, Tensor? weights) forward(Tensor query, Tensor key, Tensor value) => forward(query, key, value, null);

    public (Tensor output, Tensor? weights) call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
        forward(query, key, value, key_padding_mask, need_weights, attn_mask);

    /// <summary>Attends.</summary>
    /// <param name="query">(L, N, E), or (N, L, E) when batch_first.</param>
    /// <param name="key">(S, N, E), or (N, S, E).</param>
    /// <param name="value">As the key.</param>
    /// <param name="key_padding_mask">(N, S), true where a key is to be ignored.</param>
    /// <param name="need_weights">Whether the weights, mean over the heads (N, L, S), are returned.</param>
    /// <param name="attn_mask">(L, S) or (N·heads, L, S): true where attention is forbidden, or numbers added to the scores.</param>
    public (Tensor output, Tensor? weights) forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights = true, Tensor? attn_mask = null)
    {
        using var scope = NewDisposeScope();
        var q = Heads(query, 0);
        var k = Heads(key, 1);
        var v = Heads(value, 2);
        var (batch, length) = (q.size(0), q.size(2));
        var scores = (q * (1 / Math.Sqrt((double)embedded_dim / num_heads))).matmul(k.transpose(-2, -1));
        if (attn_mask is not null)
        {
            var mask = attn_mask.ndim == 3 ? attn_mask.view(batch, num_heads, length, k.size(2)) : attn_mask;
            scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask, double.NegativeInfinity) : scores + mask;
        }

        if (key_padding_mask is not null)
        {
            scores = scores.masked_fill(key_padding_mask.unsqueeze(1).unsqueeze(2), double.NegativeInfinity);
        }

        var weights = functional.dropout(scores.softmax(-1), _dropout, training);
        var joined = weights.matmul(v).transpose(1, 2).reshape(batch, length, embedded_dim);
        var output = out_proj.forward(batch_first ? joined : joined.transpose(0, 1).contiguous());
        return (output.MoveToOuterDisposeScope(), need_weights ? weights.mean([1]).MoveToOuterDisposeScope() : null);
    }

    /// <summary>One of the three projections, as (N, heads, length, E / heads).</summary>
    private Tensor Heads(Tensor input, long part)
    {
        var weight = in_proj_weight.narrow(0, part * embedded_dim, embedded_dim);
        var bias = in_proj_bias?.narrow(0, part * embedded_dim, embedded_dim);
        var projected = functional.linear(batch_first ? input : input.transpose(0, 1), weight, bias);
        return projected.view(projected.size(0), projected.size(1), num_heads, embedded_dim / num_heads).transpose(1, 2);
    }
}
