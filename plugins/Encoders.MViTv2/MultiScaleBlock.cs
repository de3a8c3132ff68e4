using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MViTv2;

/// <summary>Pooled attention, then a feed-forward network; of (N, L, C). Keys: norm1, shortcut_proj_attn, attn, norm2, shortcut_proj_mlp, mlp.</summary>
internal sealed class MultiScaleBlock : Module
{
    /// <summary>Added to variances.</summary>
    public const double Eps = 1e-6;

    private const int Expansion = 4;

    private readonly LayerNorm norm1;
    private readonly Linear? shortcut_proj_attn;
    private readonly PooledAttention attn;
    private readonly LayerNorm norm2;
    private readonly Linear? shortcut_proj_mlp;
    private readonly WideningMlp mlp;
    private readonly BlockPlace _place;

    public MultiScaleBlock(BlockPlace place) : base(nameof(MultiScaleBlock))
    {
        _place = place;
        norm1 = LayerNorm(place.InChannels, eps: Eps);
        shortcut_proj_attn = place.Attended != place.InChannels ? Linear(place.InChannels, place.Attended) : null;
        attn = new PooledAttention(place);
        norm2 = LayerNorm(place.Attended, eps: Eps);
        shortcut_proj_mlp = place.Attended != place.OutChannels ? Linear(place.InChannels, place.OutChannels) : null;
        mlp = new WideningMlp(place.Attended, Expansion * place.Attended, place.OutChannels);
        RegisterComponents();
    }

    public (Tensor Tokens, long Height, long Width) Pass(Tensor x, long height, long width)
    {
        using var scope = NewDisposeScope();
        var normed = norm1.forward(x);
        var around = Pooled(shortcut_proj_attn?.forward(normed) ?? x, height, width);
        var (attended, rows, columns) = attn.Attend(normed, height, width);
        x = around + attended;
        normed = norm2.forward(x);
        x = (shortcut_proj_mlp?.forward(normed) ?? x) + mlp.forward(normed);
        return (x.MoveToOuterDisposeScope(), rows, columns);
    }

    private Tensor Pooled(Tensor x, long height, long width)
    {
        if (_place.Stride == 1)
        {
            return x;
        }

        var first = _place.HasToken ? 1 : 0;
        var (images, length, channels) = (x.shape[0], x.shape[1], x.shape[2]);
        var map = x.narrow(1, first, length - first).reshape(images, height, width, channels).permute(0, 3, 1, 2);
        var pooled = functional.max_pool2d(map, 3, _place.Stride, 1).flatten(2).transpose(1, 2);
        return first == 0 ? pooled : cat([x.narrow(1, 0, 1), pooled], 1);
    }

    /// <summary>Keys: fc1, fc2.</summary>
    private sealed class WideningMlp : Module<Tensor, Tensor>
    {
        private readonly Linear fc1, fc2;

        public WideningMlp(int channels, int hidden, int outChannels) : base(nameof(WideningMlp))
        {
            (fc1, fc2) = (Linear(channels, hidden), Linear(hidden, outChannels));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return fc2.forward(functional.gelu(fc1.forward(input))).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>
/// Attention whose queries, keys and values are pooled by depthwise convolutions, each pair's score moved by what the query says of how far
/// the key lies, and the queries added to what is attended. Keys: rel_pos_h, rel_pos_w, qkv, proj, pool_q, norm_q, pool_k, norm_k, pool_v, norm_v.
/// </summary>
/// <remarks>Li et al. 2021, arXiv:2112.01526, section 4.1.</remarks>
internal sealed class PooledAttention : Module
{
    private readonly Parameter rel_pos_h, rel_pos_w;
    private readonly Linear qkv, proj;
    private readonly Conv2d pool_q;
    private readonly LayerNorm norm_q;
    private readonly Conv2d pool_k;
    private readonly LayerNorm norm_k;
    private readonly Conv2d pool_v;
    private readonly LayerNorm norm_v;
    private readonly BlockPlace _place;

    public PooledAttention(BlockPlace place) : base(nameof(PooledAttention))
    {
        _place = place;
        var (head, ways) = (place.Attended / place.Heads, (2 * Math.Max(place.Side / place.Stride, place.Side / place.KeyStride)) - 1);
        Conv2d Pool(int stride) => Conv2d(head, head, 3, stride: stride, padding: 1, groups: head, bias: false);
        rel_pos_h = new Parameter(init.trunc_normal_(empty(ways, head), std: Initialization.TransformerDeviation));
        rel_pos_w = new Parameter(init.trunc_normal_(empty(ways, head), std: Initialization.TransformerDeviation));
        qkv = Linear(place.InChannels, 3 * place.Attended);
        proj = Linear(place.Attended, place.Attended);
        (pool_q, norm_q) = (Pool(place.Stride), LayerNorm(head, eps: MultiScaleBlock.Eps));
        (pool_k, norm_k) = (Pool(place.KeyStride), LayerNorm(head, eps: MultiScaleBlock.Eps));
        (pool_v, norm_v) = (Pool(place.KeyStride), LayerNorm(head, eps: MultiScaleBlock.Eps));
        RegisterComponents();
    }

    public (Tensor Tokens, long Height, long Width) Attend(Tensor x, long height, long width)
    {
        using var scope = NewDisposeScope();
        var (images, length) = (x.shape[0], x.shape[1]);
        var parts = qkv.forward(x).reshape(images, length, 3, _place.Heads, -1).permute(2, 0, 3, 1, 4).unbind();
        var (query, rows, columns) = Pooled(parts[0], pool_q, norm_q, height, width);
        var (key, keyRows, keyColumns) = Pooled(parts[1], pool_k, norm_k, height, width);
        var (value, _, _) = Pooled(parts[2], pool_v, norm_v, height, width);
        var scores = (query * Math.Pow(query.shape[^1], -0.5)).matmul(key.transpose(-2, -1)) + Positions(query, (rows, columns), (keyRows, keyColumns));
        var attended = functional.softmax(scores, -1).matmul(value) + query;
        return (proj.forward(attended.transpose(1, 2).reshape(images, -1, _place.Attended)).MoveToOuterDisposeScope(), rows, columns);
    }

    // (N, heads, tokens, C/heads), of which the class's token stays as it is but for the normalisation.
    private (Tensor Tokens, long Height, long Width) Pooled(Tensor tokens, Conv2d pool, LayerNorm norm, long height, long width)
    {
        var (images, heads, length, channels) = (tokens.shape[0], tokens.shape[1], tokens.shape[2], tokens.shape[3]);
        var first = _place.HasToken ? 1 : 0;
        var map = pool.forward(tokens.narrow(2, first, length - first).reshape(images * heads, height, width, channels).permute(0, 3, 1, 2));
        var pooled = map.flatten(2).transpose(1, 2).reshape(images, heads, -1, channels);
        return (norm.forward(first == 0 ? pooled : cat([tokens.narrow(2, 0, 1), pooled], 2)), map.shape[2], map.shape[3]);
    }

    private Tensor Positions(Tensor query, (long Rows, long Columns) queries, (long Rows, long Columns) keys)
    {
        var first = _place.HasToken ? 1 : 0;
        var (images, heads, length, channels) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var map = query.narrow(2, first, length - first).reshape(images * heads, queries.Rows, queries.Columns, channels);
        var down = map.permute(1, 0, 2, 3).reshape(queries.Rows, -1, channels).bmm(Apart(rel_pos_h, queries.Rows, keys.Rows))
            .reshape(queries.Rows, images * heads, queries.Columns, keys.Rows).permute(1, 0, 2, 3);
        var across = map.permute(2, 0, 1, 3).reshape(queries.Columns, -1, channels).bmm(Apart(rel_pos_w, queries.Columns, keys.Columns))
            .reshape(queries.Columns, images * heads, queries.Rows, keys.Columns).permute(1, 2, 0, 3);
        var positions = (down.unsqueeze(-1) + across.unsqueeze(-2)).reshape(images, heads, queries.Rows * queries.Columns, keys.Rows * keys.Columns);
        return first == 0 ? positions : functional.pad(positions, [1, 0, 1, 0]);
    }

    // (queries, C, keys): the row of the table for how far each key lies from each query, in the finer of both grids.
    private static Tensor Apart(Parameter table, long queries, long keys)
    {
        var (queryStep, keyStep) = (Math.Max((double)keys / queries, 1), Math.Max((double)queries / keys, 1));
        long[] places = [.. from query in Enumerable.Range(0, (int)queries)
                            from key in Enumerable.Range(0, (int)keys)
                            select (long)((query * queryStep) - (key * keyStep) + ((keys - 1) * keyStep))];
        return table.index_select(0, tensor(places, device: table.device)).reshape(queries, keys, -1).transpose(1, 2);
    }
}
