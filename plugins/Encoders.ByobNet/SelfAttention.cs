using Osteon.Masks;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ByobNet;

/// <summary>A bottleneck with attention in the place of its k×k convolution. Keys: shortcut, conv1_1x1, self_attn, post_attn, conv3_1x1.</summary>
internal sealed class SelfAttentionBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>? shortcut;
    private readonly ConvNormAct conv1_1x1;
    private readonly Module<Tensor, Tensor> self_attn;
    private readonly BatchNorm2d post_attn;
    private readonly ConvNormAct conv3_1x1;
    private readonly Module<Tensor, Tensor> _inner;
    private readonly Module<Tensor, Tensor>? _activation;
    private readonly bool _sums;

    /// <param name="place">Where it stands.</param>
    /// <param name="map">What comes.</param>
    public SelfAttentionBlock(ByobPlace place, Frame map) : base(nameof(SelfAttentionBlock))
    {
        var design = place.Design;
        var inner = Blocks.MakeDivisible((design.InnerFromInput ? place.InChannels : place.OutChannels) * place.Blocks.Ratio);
        shortcut = place.Shortcut();
        conv1_1x1 = design.Layer(place.InChannels, inner, 1);
        self_attn = place.Blocks.SelfAttention!(inner, place.Stride, map);
        post_attn = BatchNorm2d(inner);
        conv3_1x1 = design.Layer(inner, place.OutChannels, 1, active: false);
        (_inner, _activation, _sums) = (design.Activation(), design.InnerFromInput ? null : design.Activation(), shortcut is not null || place.Keeps);
        RegisterComponents();
        if (_sums)
        {
            init.zeros_(conv3_1x1.get_parameter("bn.weight")!);     // timm: a block starts as its shortcut
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _inner.forward(post_attn.forward(self_attn.forward(conv1_1x1.forward(input))));
        x = conv3_1x1.forward(x);
        x = _sums ? x + (shortcut?.forward(input) ?? input) : x;
        return (_activation?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}

/// <summary>A number for each way a key can lie to a query, by rows and by columns, out of the query. Keys: height_rel, width_rel.</summary>
/// <remarks>Bello et al. 2019, arXiv:1904.09925, section 3.3.</remarks>
internal sealed class RelativeLogits : Module
{
    private readonly Parameter height_rel, width_rel;
    private readonly Frame _queries, _keys;

    /// <param name="queries">Pixels that ask.</param>
    /// <param name="keys">Pixels that are asked, from the same corner.</param>
    /// <param name="channels">Of a head.</param>
    public RelativeLogits(Frame queries, Frame keys, int channels) : base(nameof(RelativeLogits))
    {
        (_queries, _keys) = (queries, keys);
        var std = Math.Pow(channels, -0.5);
        height_rel = new Parameter(init.trunc_normal_(empty((2 * keys.Height) - 1, channels), std: std));
        width_rel = new Parameter(init.trunc_normal_(empty((2 * keys.Width) - 1, channels), std: std));
        RegisterComponents();
    }

    /// <param name="query">(…, pixels, C).</param>
    /// <returns>(…, pixels, pixels of the keys).</returns>
    public Tensor forward(Tensor query)
    {
        using var scope = NewDisposeScope();
        var map = query.reshape(-1, _queries.Height, _queries.Width, query.shape[^1]);
        var columns = Along(map, width_rel, _keys.Width);                                       // (n, H, W, keys across)
        var rows = Along(map.transpose(1, 2), height_rel, _keys.Height).transpose(1, 2);        // (n, H, W, keys down)
        return (rows.unsqueeze(-1) + columns.unsqueeze(-2)).reshape([.. query.shape[..^1], _keys.Height * _keys.Width]).MoveToOuterDisposeScope();
    }

    private static Tensor Along(Tensor map, Tensor relative, long keys)
    {
        var (images, lines, length, channels) = (map.shape[0], map.shape[1], map.shape[2], map.shape[3]);
        var apart = arange(keys, device: map.device).unsqueeze(0) - arange(length, device: map.device).unsqueeze(1) + (keys - 1);
        var each = relative.index_select(0, apart.flatten()).reshape(length, keys, channels);
        return map.permute(2, 0, 1, 3).reshape(length, images * lines, channels).bmm(each.transpose(1, 2)).reshape(length, images, lines, keys).permute(1, 2, 0, 3);
    }
}

/// <summary>Attention among all pixels of a map. Keys: qkv, pos_embed.</summary>
/// <remarks>Srinivas et al. 2021, arXiv:2101.11605.</remarks>
internal sealed class BottleneckAttention : Module<Tensor, Tensor>
{
    private const int Heads = 4;

    private readonly Conv2d qkv;
    private readonly RelativeLogits pos_embed;
    private readonly AvgPool2d? pool;
    private readonly int _keys, _values;

    /// <param name="channels">Channels in and out.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="map">What comes.</param>
    /// <param name="head">Channels of a head's queries and keys; 0 for as many as of its values.</param>
    public BottleneckAttention(int channels, int stride, Frame map, int head = 0) : base(nameof(BottleneckAttention))
    {
        (_keys, _values) = (head > 0 ? head : Blocks.MakeDivisible(channels) / Heads, channels / Heads);
        qkv = Conv2d(channels, Heads * ((2 * _keys) + _values), 1, bias: false);
        pos_embed = new RelativeLogits(map, map, _keys);
        pool = stride == 2 ? AvgPool2d(2, 2) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, height, width) = (input.shape[0], input.shape[2], input.shape[3]);
        var x = qkv.forward(input);
        Tensor Part(int from, int channels) => x.narrow(1, Heads * from, Heads * channels).reshape(images * Heads, channels, -1).transpose(1, 2);
        var (query, key, value) = (Part(0, _keys), Part(_keys, _keys), Part(2 * _keys, _values));
        var shares = functional.softmax((query.matmul(key.transpose(1, 2)) * Math.Pow(_keys, -0.5)) + pos_embed.forward(query), -1);
        x = shares.matmul(value).transpose(1, 2).reshape(images, Heads * _values, height, width);
        return (pool?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention of the pixels of a block to those of the block and around it. Keys: q, kv, pos_embed.</summary>
/// <remarks>Vaswani et al. 2021, arXiv:2103.12731.</remarks>
internal sealed class HaloAttention : Module<Tensor, Tensor>
{
    private readonly Conv2d q, kv;
    private readonly RelativeLogits pos_embed;
    private readonly AvgPool2d? pool;
    private readonly int _heads, _keys, _values, _block, _queries, _halo;

    /// <param name="channels">Channels in and out.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="block">Side of a block.</param>
    /// <param name="halo">Pixels around it.</param>
    /// <param name="heads">How many.</param>
    /// <param name="head">Channels of a head's queries and keys; 0 for a share.</param>
    /// <param name="share">Of the channels, that queries and keys have.</param>
    public HaloAttention(int channels, int stride, int block = 8, int halo = 3, int heads = 8, int head = 0, double share = 1) : base(nameof(HaloAttention))
    {
        (_heads, _keys, _values, _block, _halo) = (heads, head > 0 ? head : Blocks.MakeDivisible(channels * share) / heads, channels / heads, block, halo);
        var pools = stride > 1 && block % stride != 0;
        var asked = pools ? 1 : stride;
        _queries = block / asked;
        q = Conv2d(channels, heads * _keys, 1, stride: asked, bias: false);
        kv = Conv2d(channels, heads * (_keys + _values), 1, bias: false);
        pos_embed = new RelativeLogits(new Frame(_queries, _queries), new Frame(block + (2 * halo), block + (2 * halo)), _keys);
        pool = pools ? AvgPool2d(2, 2) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, rows, columns) = (input.shape[0], input.shape[2] / _block, input.shape[3] / _block);
        var query = q.forward(input).reshape(images * _heads, _keys, rows, _queries, columns, _queries).permute(0, 2, 4, 3, 5, 1).reshape(images * _heads, rows * columns, _queries * _queries, _keys);
        var around = functional.unfold(kv.forward(input), _block + (2 * _halo), padding: _halo, stride: _block).reshape(images * _heads, _keys + _values, -1, rows * columns).permute(0, 3, 2, 1);
        var (key, value) = (around.narrow(-1, 0, _keys), around.narrow(-1, _keys, _values));
        var shares = functional.softmax((query.matmul(key.transpose(-1, -2)) * Math.Pow(_keys, -0.5)) + pos_embed.forward(query), -1);
        var x = shares.matmul(value).reshape(images * _heads, rows, columns, _queries, _queries, _values).permute(0, 5, 1, 3, 2, 4).reshape(images, _heads * _values, rows * _queries, columns * _queries);
        return (pool?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}
