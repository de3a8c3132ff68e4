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

    public SwinStage(int channels, bool shrinks, IReadOnlyList<double> dropPath, WindowPlan plan, int heads) : base(nameof(SwinStage))
    {
        downsample = shrinks ? new PatchMerging(channels / 2, channels) : null;
        blocks = Sequential(dropPath.Select((rate, block) => new SwinBlock(channels, heads, block % 2 == 0 ? plan.Resting : plan, rate)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
    }

    /// <summary>Four neighbours become one. Keys: norm, reduction.</summary>
    private sealed class PatchMerging : Module<Tensor, Tensor>
    {
        private readonly LayerNorm norm;
        private readonly Linear reduction;

        public PatchMerging(int inChannels, int outChannels) : base(nameof(PatchMerging))
        {
            norm = LayerNorm(4 * inChannels);
            reduction = Linear(4 * inChannels, outChannels, hasBias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = functional.pad(input, [0, 0, 0, input.shape[2] % 2, 0, input.shape[1] % 2]);
            var (images, height, width, channels) = (x.shape[0], x.shape[1] / 2, x.shape[2] / 2, x.shape[3]);
            var merged = x.reshape(images, height, 2, width, 2, channels).permute(0, 1, 3, 4, 2, 5).flatten(3);
            return reduction.forward(norm.forward(merged)).MoveToOuterDisposeScope();
        }
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
        var x = input + drop_path1.forward(Attend(norm1.forward(input)));
        return (x + drop_path2.forward(mlp.forward(norm2.forward(x)))).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x)
    {
        var (images, height, width, channels) = (x.shape[0], (int)x.shape[1], (int)x.shape[2], x.shape[3]);
        var (window, shift, padded) = (_plan.Window, _plan.Shift, _plan.Padded(new(height, width)));
        var moved = _plan.Shifts ? x.roll([-shift.Height, -shift.Width], [1, 2]) : x;
        var filled = functional.pad(moved, [0, 0, 0, padded.Width - width, 0, padded.Height - height]);
        var (rows, columns) = (padded.Height / window.Height, padded.Width / window.Width);
        var windows = filled.reshape(images, rows, window.Height, columns, window.Width, channels).permute(0, 1, 3, 2, 4, 5)
            .reshape(images, (long)rows * columns, (long)window.Height * window.Width, channels);
        var mask = _plan.Strict ? attn_mask : _plan.Mask(new(height, width))?.to(x.device);
        var whole = attn.forward(windows, mask)
            .reshape(images, rows, columns, window.Height, window.Width, channels).permute(0, 1, 3, 2, 4, 5)
            .reshape(images, padded.Height, padded.Width, channels)
            .narrow(1, 0, height).narrow(2, 0, width);
        return _plan.Shifts ? whole.roll([shift.Height, shift.Width], [1, 2]) : whole;
    }
}
