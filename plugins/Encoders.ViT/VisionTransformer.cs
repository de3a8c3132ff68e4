using Osteon.Masks;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ViT;

/// <summary>Patches, tokens, blocks, and the classifier that timm leaves on. Keys: cls_token, reg_token, pos_embed, dist_token, patch_embed, norm_pre, blocks, norm, fc_norm, head, head_dist.</summary>
internal sealed class VisionTransformer : Module<Tensor, IReadOnlyList<Tensor>>
{
    private const double TokenDeviation = 1e-6;

    private readonly Parameter? cls_token, reg_token;
    private readonly Parameter pos_embed;
    private readonly Parameter? dist_token;
    private readonly PatchEmbedding patch_embed;
    private readonly LayerNorm? norm_pre;
    private readonly Sequential blocks;
    private readonly LayerNorm? norm, fc_norm;
    private readonly Linear? head, head_dist;
    private readonly IReadOnlySet<int> _taken;
    private readonly Frame _grid;
    private readonly ViTVariant _variant;

    /// <param name="options">What was asked for.</param>
    /// <param name="variant">What it is built of.</param>
    /// <param name="size">Of the images whose patches have positions of their own.</param>
    /// <param name="taken">The blocks whose maps are given.</param>
    public VisionTransformer(VisionTransformerOptions options, ViTVariant variant, Frame size, IReadOnlySet<int> taken) : base(nameof(VisionTransformer))
    {
        (_variant, _taken, _grid) = (variant, taken, new Frame(size.Height / variant.Patch, size.Width / variant.Patch));
        var channels = variant.Channels;
        cls_token = variant.ClassToken ? Token(1) : null;
        reg_token = variant.Registers > 0 ? Token(variant.Registers) : null;
        dist_token = variant.Distilled ? Normal(1) : null;
        pos_embed = Normal(_grid.Area + (variant.PatchPositionsOnly ? 0 : variant.PrefixTokens));
        patch_embed = new PatchEmbedding(options.InChannels, variant);
        norm_pre = variant.PreNorm ? LayerNorm(channels, eps: variant.Eps) : null;
        blocks = Sequential(Enumerable.Range(0, variant.Blocks).Select(_ => new ViTBlock(variant)));
        norm = variant.NormAfterPooling ? null : LayerNorm(channels, eps: variant.Eps);
        fc_norm = variant.NormAfterPooling ? LayerNorm(channels, eps: variant.Eps) : null;
        head = variant.Classes > 0 ? Linear(channels, variant.Classes) : null;
        head_dist = variant.Distilled ? Linear(channels, variant.Classes) : null;
        RegisterComponents();
        Initialization.Transformer(this);

        Parameter Token(int count) => new(init.normal_(empty(1, count, channels), 0, TokenDeviation));

        Parameter Normal(int count) => new(init.trunc_normal_(empty(1, count, channels), std: Initialization.TransformerDeviation));
    }

    /// <returns>The maps (N, C, H/patch, W/patch), and behind them each map's prefix tokens (N, T, C), where there are any.</returns>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embed.forward(input);
        var grid = new Frame((int)patches.shape[2], (int)patches.shape[3]);
        var x = Embedded(patches.flatten(2).transpose(1, 2), grid);
        x = norm_pre?.forward(x) ?? x;
        var (maps, tokens) = (new List<Tensor>(), new List<Tensor>());
        for (var block = 0; block <= _taken.Max(); block++)
        {
            x = blocks[block].call(x);
            if (_taken.Contains(block))
            {
                maps.Add(x.narrow(1, _variant.PrefixTokens, grid.Area).transpose(1, 2).reshape(x.shape[0], x.shape[2], grid.Height, grid.Width));
                tokens.Add(x.narrow(1, 0, _variant.PrefixTokens));
            }
        }

        return [.. maps.MoveToOuterDisposeScope(), .. _variant.PrefixTokens > 0 ? tokens.MoveToOuterDisposeScope() : []];
    }

    // (N, T + patches, C) of (N, patches, C): tokens come before, positions are added.
    private Tensor Embedded(Tensor patches, Frame grid)
    {
        var positions = PositionEmbedding.Resized(pos_embed, _variant.PatchPositionsOnly ? 0 : _variant.PrefixTokens, _grid, grid);
        return _variant.PatchPositionsOnly ? WithTokens(patches + positions) : WithTokens(patches) + positions;
    }

    private Tensor WithTokens(Tensor patches)
    {
        var tokens = new[] { cls_token, dist_token, reg_token }.OfType<Tensor>().Select(token => token.expand(patches.shape[0], -1, -1));
        return cat([.. tokens, patches], 1);
    }

    private sealed class PatchEmbedding : Module<Tensor, Tensor>
    {
        private readonly Conv2d proj;

        public PatchEmbedding(int inChannels, ViTVariant variant) : base(nameof(PatchEmbedding))
        {
            proj = Conv2d(inChannels, variant.Channels, variant.Patch, stride: variant.Patch, bias: !variant.PreNorm);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => proj.forward(input);
    }
}
