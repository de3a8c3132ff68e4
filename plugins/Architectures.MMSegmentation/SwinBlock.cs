using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>What all blocks have alike; a scale of 0 is 1/√(channels of a head).</summary>
internal sealed record SwinBlockPlan(int Window, double MlpRatio, bool QkvBias, double QkScale, double Drop, double AttentionDrop, double Eps);

/// <summary>Attention within windows, then a pixel-wise network. Keys: norm1, attn, norm2, ffn.</summary>
internal sealed class SwinBlock : Module
{
    private readonly LayerNorm norm1;
    private readonly ShiftedAttention attn;
    private readonly LayerNorm norm2;
    private readonly FeedForward ffn;

    public SwinBlock(int dims, int heads, SwinBlockPlan plan, bool shifted, double dropPath) : base(nameof(SwinBlock))
    {
        norm1 = LayerNorm(dims, plan.Eps);
        attn = new ShiftedAttention(dims, heads, plan, shifted ? plan.Window / 2 : 0, dropPath);
        norm2 = LayerNorm(dims, plan.Eps);
        ffn = new FeedForward(dims, (int)(dims * plan.MlpRatio), plan.Drop, dropPath);
        RegisterComponents();
    }

    /// <summary>(N, H·W, D) to the same.</summary>
    public Tensor forward(Tensor tokens, long height, long width)
    {
        using var scope = NewDisposeScope();
        var x = tokens + attn.forward(norm1.forward(tokens), height, width);
        return (x + ffn.forward(norm2.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Keys: layers.0.0, layers.1.</summary>
internal sealed class FeedForward : Module<Tensor, Tensor>
{
    private readonly Sequential layers;
    private readonly DropPath dropout_layer;

    public FeedForward(int dims, int inner, double drop, double dropPath) : base(nameof(FeedForward))
    {
        layers = Sequential(Sequential(Linear(dims, inner), GELU(), Dropout(drop)), Linear(inner, dims), Dropout(drop));
        dropout_layer = new DropPath(dropPath);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return dropout_layer.forward(layers.forward(input)).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Attention within windows of a map that is padded to whole ones and, in every second block, moved by half a window; pixels that the
/// move brought together from opposite borders do not see each other. Key: w_msa.
/// </summary>
internal sealed class ShiftedAttention : Module
{
    private const float Apart = -100;

    private readonly WindowAttention w_msa;
    private readonly DropPath drop;
    private readonly int _window, _shift;

    public ShiftedAttention(int dims, int heads, SwinBlockPlan plan, int shift, double dropPath) : base(nameof(ShiftedAttention))
    {
        (_window, _shift) = (plan.Window, shift);
        w_msa = new WindowAttention(dims, heads, plan);
        drop = new DropPath(dropPath);
        RegisterComponents();
    }

    public Tensor forward(Tensor tokens, long height, long width)
    {
        using var scope = NewDisposeScope();
        var map = Tokens.Padded(Tokens.ToMap(tokens, height, width), _window).permute(0, 2, 3, 1);              // (N, H', W', D)
        var (batch, rows, columns, dims) = (map.shape[0], map.shape[1], map.shape[2], map.shape[3]);
        var moved = _shift > 0 ? map.roll([-_shift, -_shift], [1, 2]) : map;
        var mask = _shift > 0 ? Mask(rows, columns).to(map.dtype, map.device) : null;
        var windows = moved.reshape(batch, rows / _window, _window, columns / _window, _window, dims).permute(0, 1, 3, 2, 4, 5).reshape(-1, _window * _window, dims);
        var seen = w_msa.forward(windows, mask).reshape(batch, rows / _window, columns / _window, _window, _window, dims).permute(0, 1, 3, 2, 4, 5).reshape(batch, rows, columns, dims);
        var back = _shift > 0 ? seen.roll([_shift, _shift], [1, 2]) : seen;
        var x = back.narrow(1, 0, height).narrow(2, 0, width).reshape(batch, height * width, dims);
        return drop.forward(x).MoveToOuterDisposeScope();
    }

    /// <summary>(windows, pixels, pixels): 0 where two pixels see each other.</summary>
    private Tensor Mask(long rows, long columns)
    {
        var regions = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                regions[(row * columns) + column] = (3 * Strip(row, rows)) + Strip(column, columns);
            }
        }

        using var scope = NewDisposeScope();
        var windows = tensor(regions, [rows, columns]).reshape(rows / _window, _window, columns / _window, _window).permute(0, 2, 1, 3).reshape(-1, _window * _window);
        var apart = windows.unsqueeze(1).ne(windows.unsqueeze(2));
        return (apart.to(ScalarType.Float32) * Apart).MoveToOuterDisposeScope();
    }

    private int Strip(long at, long side) => at < side - _window ? 0 : at < side - _shift ? 1 : 2;
}

/// <summary>Attention with a learnt number for each relative position. Keys: relative_position_bias_table, relative_position_index, qkv, proj.</summary>
internal sealed class WindowAttention : Module
{
    private readonly Parameter relative_position_bias_table;
    private readonly Tensor relative_position_index;
    private readonly Linear qkv;
    private readonly Dropout attn_drop;
    private readonly Linear proj;
    private readonly Dropout proj_drop;
    private readonly int _heads;
    private readonly double _scale;

    public WindowAttention(int dims, int heads, SwinBlockPlan plan) : base(nameof(WindowAttention))
    {
        (_heads, _scale) = (heads, plan.QkScale > 0 ? plan.QkScale : 1 / Math.Sqrt((double)(dims / heads)));
        var span = (2 * plan.Window) - 1;
        relative_position_bias_table = new Parameter(init.trunc_normal_(zeros(span * span, heads), std: 0.02));
        relative_position_index = Positions(plan.Window);
        qkv = Linear(dims, 3 * dims, plan.QkvBias);
        attn_drop = Dropout(plan.AttentionDrop);
        proj = Linear(dims, dims);
        proj_drop = Dropout(plan.Drop);
        RegisterComponents();
    }

    /// <summary>(N · windows, pixels, D) to the same; the mask (windows, pixels, pixels) is added to the scores.</summary>
    public Tensor forward(Tensor windows, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var (count, pixels, dims) = (windows.shape[0], windows.shape[1], windows.shape[2]);
        var parts = qkv.forward(windows).reshape(count, pixels, 3, _heads, dims / _heads).permute(2, 0, 3, 1, 4).unbind(0);
        var bias = relative_position_bias_table.index_select(0, relative_position_index.flatten()).view(pixels, pixels, -1).permute(2, 0, 1);
        var scores = (parts[0] * _scale).matmul(parts[1].transpose(-2, -1)) + bias.unsqueeze(0);
        if (mask is not null)
        {
            scores = (scores.view(-1, mask.shape[0], _heads, pixels, pixels) + mask.unsqueeze(1).unsqueeze(0)).view(-1, _heads, pixels, pixels);
        }

        var x = attn_drop.forward(scores.softmax(-1)).matmul(parts[2]).transpose(1, 2).reshape(count, pixels, dims);
        return proj_drop.forward(proj.forward(x)).MoveToOuterDisposeScope();
    }

    // Row of the table for each pair: a pixel's step in the table, plus that of the other's mirror image.
    private static Tensor Positions(int window)
    {
        var pixels = window * window;
        var index = new long[pixels * pixels];
        for (var a = 0; a < pixels; a++)
        {
            for (var b = 0; b < pixels; b++)
            {
                index[(a * pixels) + b] = Step(a, window) + Step(pixels - 1 - b, window);
            }
        }

        return tensor(index, [pixels, pixels]);
    }

    private static long Step(int pixel, int window) => (pixel / window * ((2 * window) - 1)) + (pixel % window);
}
