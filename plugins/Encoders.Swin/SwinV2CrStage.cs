using Osteon.Masks;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>Blocks at one resolution, of (N, H, W, C). Keys: downsample, blocks.</summary>
internal sealed class SwinV2CrStage : Module<Tensor, Tensor>
{
    private readonly PatchMerging? downsample;
    private readonly Sequential blocks;

    public SwinV2CrStage(SwinV2CrVariant variant, int stage, WindowPlan plan) : base(nameof(SwinV2CrStage))
    {
        var (channels, heads) = (variant.Channels << stage, variant.Heads << stage);
        downsample = stage > 0 ? new PatchMerging(channels / 2, channels, second: false) : null;
        blocks = Sequential(Enumerable.Range(0, variant.Depths[stage]).Select(block =>
            new SwinV2CrBlock(channels, heads, block % 2 == 0 ? plan.Resting : plan, variant.NormsBehind(stage, block))));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
    }
}

/// <summary>A block whose branches, and maybe the trunk, are normalised behind. Keys: attn, norm1, mlp, norm2, norm3.</summary>
internal sealed class SwinV2CrBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly LogarithmicWindowAttention attn;
    private readonly LayerNorm norm1;
    private readonly Mlp mlp;
    private readonly LayerNorm norm2;
    private readonly LayerNorm? norm3;
    private readonly WindowPlan _plan;
    private readonly Tensor? attn_mask;

    public SwinV2CrBlock(int channels, int heads, WindowPlan plan, bool normsTrunk) : base(nameof(SwinV2CrBlock))
    {
        _plan = plan;
        attn = new LogarithmicWindowAttention(channels, heads, plan.Window);
        norm1 = LayerNorm(channels);
        mlp = new Mlp(channels, Expansion * channels);
        norm2 = LayerNorm(channels);
        norm3 = normsTrunk ? LayerNorm(channels) : null;
        if (plan.Strict && plan.Mask(plan.Map) is { } mask)
        {
            attn_mask = mask;
            register_buffer(nameof(attn_mask), mask, persistent: false);
        }

        RegisterComponents();
        init.zeros_(norm1.weight!);                                 // a block begins as nothing, as the authors' do
        init.zeros_(norm2.weight!);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + norm1.forward(_plan.Attend(input, attn_mask, attn.forward));
        x += norm2.forward(mlp.forward(x));
        return (norm3?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Attention by the angle between query and key, each pair's score moved by what a small network says of how they lie to each other, on a
/// scale of logarithms. Keys: logit_scale, qkv, proj, meta_mlp (fc1, fc2).
/// </summary>
/// <remarks>Liu et al. 2022, arXiv:2111.09883, sections 3.2 and 3.3.</remarks>
internal sealed class LogarithmicWindowAttention : Module
{
    private const int Hidden = 384;
    private const double LargestScale = 100, FirstScale = 10;

    private readonly Parameter logit_scale;
    private readonly Linear qkv, proj;
    private readonly MetaNetwork meta_mlp;
    private readonly Tensor relative_coords_table, relative_position_index;       // by timm's rule not saved
    private readonly int _heads;

    public LogarithmicWindowAttention(int channels, int heads, Frame window) : base(nameof(LogarithmicWindowAttention))
    {
        _heads = heads;
        logit_scale = new Parameter(full(heads, Math.Log(FirstScale)));
        qkv = Linear(channels, 3 * channels);
        proj = Linear(channels, channels);
        meta_mlp = new MetaNetwork(Hidden, heads);
        relative_coords_table = tensor(RelativePositions.Logarithms(window), [RelativePositions.Count(window), 2]);
        relative_position_index = tensor(RelativePositions.Index(window));
        register_buffer(nameof(relative_coords_table), relative_coords_table, persistent: false);
        register_buffer(nameof(relative_position_index), relative_position_index, persistent: false);
        RegisterComponents();
    }

    /// <param name="windows">(N, windows, pixels, C).</param>
    /// <param name="mask">(windows, 1, pixels, pixels), added to the scores; null for none.</param>
    /// <returns>(N, windows, pixels, C).</returns>
    public Tensor forward(Tensor windows, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var (pixels, channels) = (windows.shape[2], windows.shape[3]);
        var parts = qkv.forward(windows).reshape(windows.shape[0], windows.shape[1], pixels, 3, _heads, channels / _heads).permute(3, 0, 1, 4, 2, 5).unbind();
        var scale = logit_scale.clamp(max: Math.Log(LargestScale)).exp().view(-1, 1, 1);
        var places = meta_mlp.forward(relative_coords_table).index_select(0, relative_position_index).reshape(pixels, pixels, _heads).permute(2, 0, 1);
        var scores = (matmul(functional.normalize(parts[0], dim: -1), functional.normalize(parts[1], dim: -1).transpose(-2, -1)) * scale) + places;
        var attention = functional.softmax(mask is null ? scores : scores + mask, dim: -1);
        return proj.forward(matmul(attention, parts[2]).transpose(2, 3).reshape(windows.shape)).MoveToOuterDisposeScope();
    }

    private sealed class MetaNetwork : Module<Tensor, Tensor>
    {
        private const double DropoutRate = 0.125;

        private readonly Linear fc1;
        private readonly Dropout drop1;
        private readonly Linear fc2;

        public MetaNetwork(int hidden, int heads) : base(nameof(MetaNetwork))
        {
            fc1 = Linear(2, hidden);
            drop1 = Dropout(DropoutRate);
            fc2 = Linear(hidden, heads);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return fc2.forward(drop1.forward(functional.relu(fc1.forward(input)))).MoveToOuterDisposeScope();
        }
    }
}
