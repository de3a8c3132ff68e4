using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Hiera;

/// <summary>Patches and blocks of all stages in one row, which a network registers under the keys patch_embed and blocks.</summary>
internal sealed class HieraTrunk
{
    private readonly Sequential _embedding;
    private readonly List<HieraBlock> _blocks = [];
    private readonly HashSet<int> _ends = [];

    /// <param name="variant">Its numbers.</param>
    /// <param name="inChannels">Of images.</param>
    /// <param name="stages">How many are built.</param>
    /// <param name="window">Side of a block's windows by its stage and whether it is the stage's first; 0 for the whole map.</param>
    public HieraTrunk(HieraVariant variant, int inChannels, int stages, Func<int, bool, int> window)
    {
        _embedding = Sequential(("proj", Conv2d(inChannels, variant.Channels, 7, stride: 4, padding: 3)));
        for (var stage = 0; stage < stages; stage++)
        {
            for (var i = 0; i < variant.Depths[stage]; i++)
            {
                var halves = i == 0 && stage > 0;
                var side = variant.Whole.Contains(_blocks.Count) ? 0 : window(stage, i == 0);
                _blocks.Add(new HieraBlock(variant, variant.Channels << (halves ? stage - 1 : stage), variant.Channels << stage, variant.Heads << stage, side));
            }

            _ends.Add(_blocks.Count - 1);
        }
    }

    /// <summary>Makes the parts a network's own, and draws them.</summary>
    public void RegisterIn(Module owner)
    {
        owner.register_module("patch_embed", _embedding);
        owner.register_module("blocks", ModuleList([.. _blocks]));
        Initialization.TruncatedNormal(owner);
    }

    /// <param name="input">(N, C, H, W).</param>
    /// <param name="positions">(1, H/4, W/4, C).</param>
    public IReadOnlyList<Tensor> Forward(Tensor input, Tensor positions)
    {
        using var scope = NewDisposeScope();
        var (maps, x) = (new List<Tensor>(), _embedding.forward(input).permute(0, 2, 3, 1) + positions);
        foreach (var (index, block) in _blocks.Index())
        {
            x = block.forward(x);
            if (_ends.Contains(index))
            {
                maps.Add(x.permute(0, 3, 1, 2));
            }
        }

        return maps.MoveToOuterDisposeScope();
    }
}

/// <summary>Attention within windows or the whole map, then a feed-forward network; of (N, H, W, C). Where channels double, maxima halve the map. Keys: proj, norm1, attn, ls1, norm2, mlp, ls2; not in SAM 2's: norm1, proj.</summary>
internal sealed class HieraBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4;
    private const double Eps = 1e-6;

    private readonly Linear? proj;
    private readonly LayerNorm norm1;
    private readonly HieraAttention attn;
    private readonly LayerScale? ls1;
    private readonly LayerNorm norm2;
    private readonly Mlp mlp;
    private readonly LayerScale? ls2;
    private readonly int _side;
    private readonly bool _halves;

    public HieraBlock(HieraVariant variant, int inChannels, int outChannels, int heads, int side) : base(nameof(HieraBlock))
    {
        (_side, _halves) = (side, inChannels != outChannels);
        proj = _halves && variant.Expands ? Linear(inChannels, outChannels) : null;
        norm1 = LayerNorm(inChannels, eps: Eps);
        attn = new HieraAttention(inChannels, outChannels, heads, _halves);
        ls1 = variant.Scale > 0 ? new LayerScale(outChannels, variant.Scale) : null;
        norm2 = LayerNorm(outChannels, eps: Eps);
        mlp = new Mlp(outChannels, Expansion * outChannels);
        ls2 = variant.Scale > 0 ? new LayerScale(outChannels, variant.Scale) : null;
        if (!variant.IsDetector)
        {
            register_module(nameof(norm1), norm1);
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var normed = norm1.forward(input);
        var around = !_halves ? input : proj is not null ? Halved(proj.forward(normed), maxima: true) : cat([Halved(input, maxima: true), Halved(input, maxima: false)], -1);
        var x = Attended(normed, around.shape);
        x = around + (ls1?.forward(x) ?? x);
        var y = mlp.forward(norm2.forward(x));
        return (x + (ls2?.forward(y) ?? y)).MoveToOuterDisposeScope();
    }

    internal static Tensor Halved(Tensor x, bool maxima)
    {
        var map = x.permute(0, 3, 1, 2);
        return (maxima ? functional.max_pool2d(map, 2, 2) : functional.avg_pool2d(map, 2, 2)).permute(0, 2, 3, 1);
    }

    private Tensor Attended(Tensor x, long[] shape)
    {
        if (_side == 0)
        {
            return attn.forward(x);
        }

        var (images, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var (rows, columns) = ((height + _side - 1) / _side, (width + _side - 1) / _side);
        var filled = functional.pad(x, [0, 0, 0, (columns * _side) - width, 0, (rows * _side) - height]);
        var windows = attn.forward(filled.reshape(images, rows, _side, columns, _side, channels).transpose(2, 3).reshape(-1, _side, _side, channels));
        var side = windows.shape[1];
        return windows.reshape(images, rows, columns, side, side, -1).transpose(2, 3).reshape(images, rows * side, columns * side, -1).narrow(1, 0, shape[1]).narrow(2, 0, shape[2]);
    }
}

/// <summary>Attention among all pixels of (N, H, W, C), with queries' maxima where the map halves. Keys: qkv, proj.</summary>
internal sealed class HieraAttention : Module<Tensor, Tensor>
{
    private readonly Linear qkv, proj;
    private readonly int _heads;
    private readonly bool _halves;

    public HieraAttention(int inChannels, int outChannels, int heads, bool halves) : base(nameof(HieraAttention))
    {
        (_heads, _halves) = (heads, halves);
        qkv = Linear(inChannels, 3 * outChannels);
        proj = Linear(outChannels, outChannels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var parts = qkv.forward(input).chunk(3, -1);
        var query = _halves ? HieraBlock.Halved(parts[0], maxima: true) : parts[0];
        Tensor Heads(Tensor map) => map.reshape(map.shape[0], map.shape[1] * map.shape[2], _heads, -1).transpose(1, 2);
        var x = functional.scaled_dot_product_attention(Heads(query), Heads(parts[1]), Heads(parts[2]));
        return proj.forward(x.transpose(1, 2).reshape(query.shape)).MoveToOuterDisposeScope();
    }
}
