using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>Swin under mmseg's names, for images of any size: maps are padded to whole windows. Keys: patch_embed, stages, norm0 to norm3.</summary>
/// <remarks>Liu et al. 2021, arXiv:2103.14030.</remarks>
internal sealed class SwinTransformer : Backbone
{
    private readonly Parameter? absolute_pos_embed;
    private readonly PatchEmbedding patch_embed;
    private readonly Dropout drop_after_pos;
    private readonly ModuleList<SwinStage> stages;
    private readonly Dictionary<int, LayerNorm> _norms = [];

    public SwinTransformer(Settings settings, int inChannels) : base(nameof(SwinTransformer))
    {
        var (width, patch, window) = (settings.Whole("embed_dims", 96), settings.Whole("patch_size", 4), settings.Whole("window_size", 7));
        var depths = settings.Wholes("depths") ?? [2, 2, 6, 2];
        var heads = settings.Wholes("num_heads", depths.Length, [3, 6, 12, 24]);
        var strides = settings.Wholes("strides", depths.Length, [4, 2, 2, 2]);
        if (strides[0] != patch)
        {
            throw settings.Refused("strides", $"must begin with the patch_size {patch}, for patches do not overlap");
        }

        var (drop, eps) = (settings.Share("drop_rate", 0), Eps(settings));
        var patchNorm = settings.Flag("patch_norm", true) ? eps : (double?)null;
        var plan = new SwinBlockPlan(window, settings.Number("mlp_ratio", 4), settings.Flag("qkv_bias", true), settings.Number("qk_scale", 0), drop, settings.Share("attn_drop_rate", 0), eps);
        var given = OutIndices(settings, depths.Length);
        var drops = new Queue<double>(DropPathRates(settings.Share("drop_path_rate", 0.1), depths.Sum()));
        settings.Inner("act_cfg")?.Word("type", null, "GELU");
        absolute_pos_embed = Positions(settings, patch, width);
        patch_embed = new PatchEmbedding(inChannels, width, patch, patch, padding: null, patchNorm);
        drop_after_pos = Dropout(drop);
        stages = ModuleList<SwinStage>();
        for (var stage = 0; stage < depths.Length; stage++)
        {
            var dims = width << stage;
            var merging = stage == depths.Length - 1 ? null : new PatchMerging(dims, 2 * dims, strides[stage + 1], patchNorm);
            stages.Add(new SwinStage([.. Enumerable.Range(0, depths[stage]).Select(i => new SwinBlock(dims, heads[stage], plan, shifted: i % 2 == 1, drops.Dequeue()))], merging));
        }

        RegisterComponents();
        foreach (var stage in given)
        {
            _norms[stage] = LayerNorm(width << stage, eps);
            register_module($"norm{stage}", _norms[stage]);
        }

        Channels = [.. given.Select(stage => width << stage)];
        Stride = strides[..(given[^1] + 1)].Aggregate(1, (a, b) => a * b);
        Tokens.Initialize(this);
    }

    public override IReadOnlyList<int> Channels { get; }

    public override int Stride { get; }

    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (map, maps) = (patch_embed.forward(input), new List<Tensor>());
        var (height, width) = (map.shape[2], map.shape[3]);
        var x = Tokens.Of(map);
        x = drop_after_pos.forward(absolute_pos_embed is null ? x : x + absolute_pos_embed);
        for (var stage = 0; stage <= _norms.Keys.Max(); stage++)
        {
            x = stages[stage].Blocks(x, height, width);
            if (_norms.TryGetValue(stage, out var norm))
            {
                maps.Add(Tokens.ToMap(norm.forward(x), height, width));
            }

            (x, height, width) = stages[stage].Merged(x, height, width);
        }

        return maps.MoveToOuterDisposeScope();
    }

    private static Parameter? Positions(Settings settings, int patch, int width)
    {
        var image = settings.Wholes("pretrain_img_size") ?? [224];
        return settings.Flag("use_abs_pos_embed", false)
            ? new Parameter(init.trunc_normal_(zeros(1, (long)(image[0] / patch) * (image[^1] / patch), width), std: 0.02))
            : null;
    }

    private static double Eps(Settings settings)
    {
        if (settings.Inner("norm_cfg") is not { } norm)
        {
            return 1e-5;
        }

        norm.Word("type", null, "LN");
        norm.Ignore("requires_grad");
        var eps = norm.Number("eps", 1e-5);
        norm.Finish();
        return eps;
    }
}

/// <summary>Blocks at one resolution, and the way to the next. Keys: blocks, downsample.</summary>
internal sealed class SwinStage : Module
{
    private readonly ModuleList<SwinBlock> blocks;
    private readonly PatchMerging? downsample;

    public SwinStage(SwinBlock[] blocks, PatchMerging? downsample) : base(nameof(SwinStage))
    {
        (this.blocks, this.downsample) = (ModuleList(blocks), downsample);
        RegisterComponents();
    }

    /// <summary>(N, H·W, D) to the same.</summary>
    public Tensor Blocks(Tensor tokens, long height, long width) => blocks.Aggregate(tokens, (x, block) => block.forward(x, height, width));

    /// <summary>The next stage's tokens, height and width; behind the last stage the same.</summary>
    public (Tensor Tokens, long Height, long Width) Merged(Tensor tokens, long height, long width) => downsample?.forward(tokens, height, width) ?? (tokens, height, width);
}

/// <summary>Joins neighbouring pixels' channels, channel by channel, and halves them. Keys: norm, reduction.</summary>
internal sealed class PatchMerging : Module
{
    private readonly LayerNorm? norm;
    private readonly Linear reduction;
    private readonly int _stride;

    public PatchMerging(int inChannels, int outChannels, int stride, double? eps) : base(nameof(PatchMerging))
    {
        _stride = stride;
        norm = eps is { } small ? LayerNorm(stride * stride * inChannels, small) : null;
        reduction = Linear(stride * stride * inChannels, outChannels, hasBias: false);
        RegisterComponents();
    }

    public (Tensor Tokens, long Height, long Width) forward(Tensor tokens, long height, long width)
    {
        using var scope = NewDisposeScope();
        var map = Tokens.Padded(Tokens.ToMap(tokens, height, width), _stride);
        var joined = functional.unfold(map, _stride, stride: _stride).transpose(1, 2);              // (N, h·w, C·stride²)
        var merged = reduction.forward(norm?.forward(joined) ?? joined).MoveToOuterDisposeScope();
        return (merged, map.shape[2] / _stride, map.shape[3] / _stride);
    }
}
