using Osteon.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>SegFormer's backbone (MiT) under mmseg's names: layers.STAGE.0 the patches, .1 the blocks, .2 the normalisation.</summary>
/// <remarks>Xie et al. 2021, arXiv:2105.15203.</remarks>
internal sealed class MixVisionTransformer : Backbone
{
    private readonly ModuleList<ModuleList<Module>> layers;
    private readonly int[] _given;

    public MixVisionTransformer(Settings settings, int inChannels) : base(nameof(MixVisionTransformer))
    {
        var (width, stages) = (settings.Whole("embed_dims", 64), settings.Whole("num_stages", 4));
        var (depths, heads) = (settings.Wholes("num_layers", stages, [3, 4, 6, 3]), settings.Wholes("num_heads", stages, [1, 2, 4, 8]));
        var (patches, strides) = (settings.Wholes("patch_sizes", stages, [7, 3, 3, 3]), settings.Wholes("strides", stages, [4, 2, 2, 2]));
        var reductions = settings.Wholes("sr_ratios", stages, [8, 4, 2, 1]);
        _given = OutIndices(settings, stages);
        var plan = new MixBlockPlan(settings.Whole("mlp_ratio", 4), settings.Flag("qkv_bias", true), settings.Share("drop_rate", 0), settings.Share("attn_drop_rate", 0), Eps(settings));
        var drops = new Queue<double>(DropPathRates(settings.Share("drop_path_rate", 0), depths.Sum()));
        settings.Inner("act_cfg")?.Word("type", null, "GELU");
        layers = ModuleList<ModuleList<Module>>();
        for (var (stage, channels) = (0, inChannels); stage < stages; stage++)
        {
            var dims = width * heads[stage];
            var blocks = Enumerable.Range(0, depths[stage]).Select(_ => new MixBlock(dims, heads[stage], reductions[stage], plan, drops.Dequeue())).ToArray();
            layers.Add(ModuleList<Module>(new PatchEmbedding(channels, dims, patches[stage], strides[stage], patches[stage] / 2, plan.Eps), ModuleList(blocks), LayerNorm(dims, plan.Eps)));
            channels = dims;
        }

        Channels = [.. _given.Select(stage => width * heads[stage])];
        Stride = strides[..(_given[^1] + 1)].Aggregate(1, (a, b) => a * b);
        RegisterComponents();
        Tokens.Initialize(this);
    }

    public override IReadOnlyList<int> Channels { get; }

    public override int Stride { get; }

    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (x, maps) = (input, new List<Tensor>());
        for (var stage = 0; stage <= _given[^1]; stage++)
        {
            var map = ((PatchEmbedding)layers[stage][0]).forward(x);
            var (height, width) = (map.shape[2], map.shape[3]);
            var tokens = ((ModuleList<MixBlock>)layers[stage][1]).Aggregate(Tokens.Of(map), (t, block) => block.forward(t, height, width));
            x = Tokens.ToMap(((LayerNorm)layers[stage][2]).forward(tokens), height, width);     // (N, D, h, w)
            if (_given.Contains(stage))
            {
                maps.Add(x);
            }
        }

        return maps.MoveToOuterDisposeScope();
    }

    private static double Eps(Settings settings)
    {
        if (settings.Inner("norm_cfg") is not { } norm)
        {
            return 1e-6;
        }

        norm.Word("type", null, "LN");
        norm.Ignore("requires_grad");
        var eps = norm.Number("eps", 1e-5);
        norm.Finish();
        return eps;
    }
}

/// <summary>What all blocks have alike.</summary>
internal sealed record MixBlockPlan(int MlpRatio, bool QkvBias, double Drop, double AttentionDrop, double Eps);

/// <summary>Attention among all pixels and a reduced map of them, then a pixel-wise network with a 3×3 convolution in it. Keys: norm1, attn, norm2, ffn.</summary>
internal sealed class MixBlock : Module
{
    private readonly LayerNorm norm1;
    private readonly ReducedAttention attn;
    private readonly LayerNorm norm2;
    private readonly MixFeedForward ffn;

    public MixBlock(int dims, int heads, int reduction, MixBlockPlan plan, double dropPath) : base(nameof(MixBlock))
    {
        norm1 = LayerNorm(dims, plan.Eps);
        attn = new ReducedAttention(dims, heads, reduction, plan, dropPath);
        norm2 = LayerNorm(dims, plan.Eps);
        ffn = new MixFeedForward(dims, dims * plan.MlpRatio, plan.Drop, dropPath);
        RegisterComponents();
    }

    /// <summary>(N, H·W, D) to the same.</summary>
    public Tensor forward(Tensor tokens, long height, long width)
    {
        using var scope = NewDisposeScope();
        var x = tokens + attn.forward(norm1.forward(tokens), height, width);
        return (x + ffn.forward(norm2.forward(x), height, width)).MoveToOuterDisposeScope();
    }
}

/// <summary>Keys: attn, sr, norm.</summary>
internal sealed class ReducedAttention : Module
{
    private readonly MultiheadAttention attn;
    private readonly Dropout proj_drop;
    private readonly DropPath dropout_layer;
    private readonly Conv2d? sr;
    private readonly LayerNorm? norm;

    public ReducedAttention(int dims, int heads, int reduction, MixBlockPlan plan, double dropPath) : base(nameof(ReducedAttention))
    {
        attn = MultiheadAttention(dims, heads, plan.AttentionDrop, plan.QkvBias);
        proj_drop = Dropout(plan.Drop);
        dropout_layer = new DropPath(dropPath);
        sr = reduction > 1 ? Conv2d(dims, dims, reduction, stride: reduction) : null;
        norm = reduction > 1 ? LayerNorm(dims, plan.Eps) : null;
        RegisterComponents();
    }

    public Tensor forward(Tensor tokens, long height, long width)
    {
        using var scope = NewDisposeScope();
        var reduced = sr is null ? tokens : norm!.forward(Tokens.Of(sr.forward(Tokens.ToMap(tokens, height, width))));
        var (query, key) = (tokens.transpose(0, 1), reduced.transpose(0, 1));       // (L, N, C)
        var (attended, _) = attn.forward(query, key, key, null, need_weights: false, null);
        return dropout_layer.forward(proj_drop.forward(attended.transpose(0, 1))).MoveToOuterDisposeScope();
    }
}

/// <summary>Keys: layers.0, layers.1 (the 3×3 convolution), layers.4.</summary>
internal sealed class MixFeedForward : Module
{
    private readonly Sequential layers;
    private readonly DropPath dropout_layer;

    public MixFeedForward(int dims, int inner, double drop, double dropPath) : base(nameof(MixFeedForward))
    {
        layers = Sequential(
            Conv2d(dims, inner, 1),
            Conv2d(inner, inner, 3, padding: 1, groups: inner),
            GELU(),
            Dropout(drop),
            Conv2d(inner, dims, 1),
            Dropout(drop));
        dropout_layer = new DropPath(dropPath);
        RegisterComponents();
    }

    public Tensor forward(Tensor tokens, long height, long width)
    {
        using var scope = NewDisposeScope();
        return dropout_layer.forward(Tokens.Of(layers.forward(Tokens.ToMap(tokens, height, width)))).MoveToOuterDisposeScope();
    }
}
