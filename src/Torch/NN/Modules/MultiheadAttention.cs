using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Scaled dot-product attention in several heads (Vaswani et al. 2017, arXiv:1706.03762). Tensors are (length, N, embedding).</summary>
public sealed class MultiheadAttention : Module<Tensor, Tensor, Tensor, (Tensor output, Tensor? weights)>
{
    private readonly double _dropout;
    private readonly bool _zero;
    private readonly Parameter?[] _projections;

    internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias, bool add_bias_kv, bool add_zero_attn, long kdim, long vdim, bool batch_first, Device? device, ScalarType? dtype)
        : base(nameof(MultiheadAttention))
    {
        if (embedded_dim % num_heads != 0)
        {
            throw new ArgumentException($"{embedded_dim} features do not divide among {num_heads} heads.", nameof(num_heads));
        }

        (this.embedded_dim, this.num_heads, this.batch_first, _dropout, _zero) = (embedded_dim, num_heads, batch_first, dropout, add_zero_attn);
        Parameter New(params long[] shape) => new(empty(shape, dtype, device));
        var together = kdim == embedded_dim && vdim == embedded_dim;
        in_proj_weight = together ? New(3 * embedded_dim, embedded_dim) : null;
        _projections = together ? [] : [New(embedded_dim, embedded_dim), New(embedded_dim, kdim), New(embedded_dim, vdim)];
        in_proj_bias = bias ? new Parameter(zeros(3 * embedded_dim, dtype, device)) : null;
        (bias_k, bias_v) = add_bias_kv ? (New(1, 1, embedded_dim), New(1, 1, embedded_dim)) : (null, null);

        // PyTorch draws the output layer before the rest, then zeroes its bias.
        out_proj = Linear(embedded_dim, embedded_dim, bias, device, dtype);
        foreach (var weight in together ? [in_proj_weight!] : _projections)
        {
            init.xavier_uniform_(weight!);
        }

        foreach (var row in (ReadOnlySpan<Parameter?>)[bias_k, bias_v])
        {
            _ = row is null ? null : init.xavier_normal_(row);
        }

        if (out_proj.bias is { } shift)
        {
            init.zeros_(shift);
        }

        register_parameter(nameof(in_proj_weight), in_proj_weight);
        foreach (var (name, weight) in new[] { "q_proj_weight", "k_proj_weight", "v_proj_weight" }.Zip(_projections))
        {
            register_parameter(name, weight);
        }

        register_parameter(nameof(in_proj_bias), in_proj_bias);
        register_parameter(nameof(bias_k), bias_k);
        register_parameter(nameof(bias_v), bias_v);
        register_module(nameof(out_proj), out_proj);
    }

    public long embedded_dim { get; }

    public long num_heads { get; }

    /// <summary>Whether tensors are (N, length, embedding) instead.</summary>
    public bool batch_first { get; }

    /// <summary>Query, key and value weights, one above the other: (3·embedding, embedding). Null where kdim or vdim differ; then there are three.</summary>
    public Parameter? in_proj_weight { get; }

    public Parameter? in_proj_bias { get; }

    /// <summary>A learnt key after all others, (1, 1, embedding).</summary>
    public Parameter? bias_k { get; }

    /// <summary>Its value, (1, 1, embedding).</summary>
    public Parameter? bias_v { get; }

    public Linear out_proj { get; }

    public override (Tensor output, Tensor? weights) forward(Tensor query, Tensor key, Tensor value) => forward(query, key, value, null);

    public (Tensor output, Tensor? weights) call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
        forward(query, key, value, key_padding_mask, need_weights, attn_mask);

    /// <summary>Attends.</summary>
    /// <param name="query">(L, N, E), or (N, L, E) when batch_first.</param>
    /// <param name="key">(S, N, kdim), or (N, S, kdim).</param>
    /// <param name="value">(S, N, vdim), or (N, S, vdim).</param>
    /// <param name="key_padding_mask">(N, S): true where a key is to be ignored, or numbers added to its scores.</param>
    /// <param name="need_weights">Whether the weights, mean over the heads (N, L, S), are returned.</param>
    /// <param name="attn_mask">(L, S) or (N·heads, L, S): true where attention is forbidden, or numbers added to the scores.</param>
    public (Tensor output, Tensor? weights) forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights = true, Tensor? attn_mask = null)
    {
        using var scope = NewDisposeScope();
        var q = Heads(query, 0);
        var k = Extended(Heads(key, 1), bias_k);
        var v = Extended(Heads(value, 2), bias_v);
        var (batch, length) = (q.size(0), q.size(2));
        var scores = (q * (1 / Math.Sqrt((double)embedded_dim / num_heads))).matmul(k.transpose(-2, -1));
        if (attn_mask is not null)
        {
            var mask = Extended(attn_mask, k.size(2));
            scores = Masked(scores, mask.ndim == 3 ? mask.view(batch, num_heads, length, k.size(2)) : mask);
        }

        if (key_padding_mask is not null)
        {
            scores = Masked(scores, Extended(key_padding_mask, k.size(2)).unsqueeze(1).unsqueeze(2));
        }

        var weights = functional.dropout(scores.softmax(-1), _dropout, training);
        var joined = weights.matmul(v).transpose(1, 2).reshape(batch, length, embedded_dim);
        var output = out_proj.forward(batch_first ? joined : joined.transpose(0, 1).contiguous());
        return (output.MoveToOuterDisposeScope(), need_weights ? weights.mean([1]).MoveToOuterDisposeScope() : null);
    }

    /// <summary>One of the three projections, as (N, heads, length, E / heads).</summary>
    private Tensor Heads(Tensor input, long part)
    {
        var weight = in_proj_weight?.narrow(0, part * embedded_dim, embedded_dim) ?? _projections[part]!;
        var bias = in_proj_bias?.narrow(0, part * embedded_dim, embedded_dim);
        var projected = functional.linear(batch_first ? input : input.transpose(0, 1), weight, bias);
        return projected.view(projected.size(0), projected.size(1), num_heads, embedded_dim / num_heads).transpose(1, 2);
    }

    /// <summary>With the learnt row and the zeros that the layer puts after the keys, or the values.</summary>
    private Tensor Extended(Tensor heads, Parameter? row)
    {
        long[] shape = [heads.size(0), num_heads, 1, embedded_dim / num_heads];
        heads = row is null ? heads : cat([heads, row.view(1, num_heads, 1, shape[^1]).expand(shape)], 2);
        return _zero ? cat([heads, heads.new_zeros(shape)], 2) : heads;
    }

    /// <summary>Hides nothing of what the layer put after the keys.</summary>
    private static Tensor Extended(Tensor mask, long keys) => mask.size(-1) == keys ? mask : functional.pad(mask, [0, keys - mask.size(-1)]);

    private static Tensor Masked(Tensor scores, Tensor mask) =>
        mask.dtype == ScalarType.Bool ? scores.masked_fill(mask, double.NegativeInfinity) : scores + mask;
}
