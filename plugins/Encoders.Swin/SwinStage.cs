using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>Blocks at one resolution, of (N, H, W, C), after the patches before have been merged. Keys: downsample, blocks.</summary>
internal sealed class SwinStage : Module<Tensor, Tensor>
{
    private readonly PatchMerging? downsample;
    private readonly Sequential blocks;

    public SwinStage(SwinVariant variant, int stage, IReadOnlyList<double> dropPath, WindowPlan plan) : base(nameof(SwinStage))
    {
        var (channels, heads) = (variant.ChannelsOf(stage), variant.HeadsOf(stage));
        downsample = stage > 0 ? new PatchMerging(channels / 2, channels, variant.Second) : null;
        blocks = Sequential(dropPath.Select<double, Module<Tensor, Tensor>>((rate, block) =>
        {
            var cut = block % 2 == 0 ? plan.Resting : plan;
            return variant.Second ? new SwinV2Block(channels, heads, cut, variant.LearntWindows?[stage], rate) : new SwinBlock(channels, heads, cut, rate);
        }));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
    }
}

/// <summary>Four neighbours become one, normalised before or, in the second version, behind. Keys: norm, reduction; there reduction, norm.</summary>
internal sealed class PatchMerging : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm;
    private readonly Linear reduction;
    private readonly bool _second;

    public PatchMerging(int inChannels, int outChannels, bool second) : base(nameof(PatchMerging))
    {
        _second = second;
        norm = LayerNorm(second ? outChannels : 4 * inChannels);
        reduction = Linear(4 * inChannels, outChannels, hasBias: false);
        foreach (var (key, part) in second ? ((string, Module)[])[(nameof(reduction), reduction), (nameof(norm), norm)] : [(nameof(norm), norm), (nameof(reduction), reduction)])
        {
            register_module(key, part);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.pad(input, [0, 0, 0, input.shape[2] % 2, 0, input.shape[1] % 2]);
        var (images, height, width, channels) = (x.shape[0], x.shape[1] / 2, x.shape[2] / 2, x.shape[3]);
        var merged = x.reshape(images, height, 2, width, 2, channels).permute(0, 1, 3, 4, 2, 5).flatten(3);
        return (_second ? norm.forward(reduction.forward(merged)) : reduction.forward(norm.forward(merged))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention within windows, and a feed-forward network.</summary>
internal sealed class SwinBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly LayerNorm norm1;
    private readonly WindowAttention attn;
    private readonly DropPath drop_path1;
    private readonly LayerNorm norm2;
    private readonly Mlp mlp;
    private readonly DropPath drop_path2;
    private readonly WindowPlan _plan;
    private readonly Tensor? attn_mask;

    public SwinBlock(int channels, int heads, WindowPlan plan, double dropPath) : base(nameof(SwinBlock))
    {
        _plan = plan;
        norm1 = LayerNorm(channels);
        attn = new WindowAttention(channels, heads, plan.Window);
        drop_path1 = new DropPath(dropPath);
        norm2 = LayerNorm(channels);
        mlp = new Mlp(channels, Expansion * channels);
        drop_path2 = new DropPath(dropPath);
        if (plan.Strict && plan.Mask(plan.Map) is { } mask)
        {
            attn_mask = mask;
            register_buffer(nameof(attn_mask), mask, persistent: false);
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + drop_path1.forward(_plan.Attend(norm1.forward(input), attn_mask, attn.forward));
        return (x + drop_path2.forward(mlp.forward(norm2.forward(x)))).MoveToOuterDisposeScope();
    }
}
