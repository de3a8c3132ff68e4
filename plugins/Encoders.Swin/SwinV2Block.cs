using Osteon.Masks;
using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>A block of the second version: each branch is normalised behind what it computes. Keys: attn, norm1, mlp, norm2.</summary>
/// <remarks>Liu et al. 2022, arXiv:2111.09883, section 3.2.</remarks>
internal sealed class SwinV2Block : Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly CosineWindowAttention attn;
    private readonly LayerNorm norm1;
    private readonly DropPath drop_path1;
    private readonly Mlp mlp;
    private readonly LayerNorm norm2;
    private readonly DropPath drop_path2;
    private readonly WindowPlan _plan;
    private readonly Tensor? attn_mask;

    public SwinV2Block(int channels, int heads, WindowPlan plan, int? learntWindow, double dropPath) : base(nameof(SwinV2Block))
    {
        _plan = plan;
        attn = new CosineWindowAttention(channels, heads, plan.Window, learntWindow);
        norm1 = LayerNorm(channels);
        drop_path1 = new DropPath(dropPath);
        mlp = new Mlp(channels, Expansion * channels);
        norm2 = LayerNorm(channels);
        drop_path2 = new DropPath(dropPath);
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
        var x = input + drop_path1.forward(norm1.forward(_plan.Attend(input, attn_mask, attn.forward)));
        return (x + drop_path2.forward(norm2.forward(mlp.forward(x)))).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Attention by the angle between query and key, each pair's score moved by what a small network says of how they lie to each other. Keys:
/// logit_scale, q_bias, v_bias, cpb_mlp, qkv, proj.
/// </summary>
/// <remarks>Liu et al. 2022, arXiv:2111.09883, sections 3.2 and 3.3, equations 2 and 4.</remarks>
internal sealed class CosineWindowAttention : Module
{
    private const int Hidden = 512, Reach = 8, Most = 16;
    private const double LargestScale = 100, FirstScale = 10;

    private readonly Parameter logit_scale, q_bias, v_bias;
    private readonly Sequential cpb_mlp;
    private readonly Linear qkv, proj;
    private readonly Tensor relative_coords_table, relative_position_index;       // by timm's rule not saved
    private readonly int _heads;

    public CosineWindowAttention(int channels, int heads, Frame window, int? learntWindow) : base(nameof(CosineWindowAttention))
    {
        _heads = heads;
        logit_scale = new Parameter(full([heads, 1, 1], Math.Log(FirstScale)));
        q_bias = new Parameter(zeros(channels));
        v_bias = new Parameter(zeros(channels));
        cpb_mlp = Sequential(Linear(2, Hidden), ReLU(inplace: true), Linear(Hidden, heads, hasBias: false));
        qkv = Linear(channels, 3 * channels, hasBias: false);
        proj = Linear(channels, channels);
        var learnt = learntWindow is { } side ? new Frame(side, side) : window;
        relative_coords_table = tensor(Coordinates(window, learnt), [((2L * window.Height) - 1) * ((2 * window.Width) - 1), 2]);
        relative_position_index = tensor(RelativePositions.Index(window), [(long)window.Height * window.Width * window.Height * window.Width]);
        register_parameter(nameof(logit_scale), logit_scale);
        register_parameter(nameof(q_bias), q_bias);
        register_parameter(nameof(v_bias), v_bias);
        register_module(nameof(cpb_mlp), cpb_mlp);
        register_module(nameof(qkv), qkv);
        register_module(nameof(proj), proj);
        register_buffer(nameof(relative_coords_table), relative_coords_table, persistent: false);
        register_buffer(nameof(relative_position_index), relative_position_index, persistent: false);
    }

    /// <param name="windows">(N, windows, pixels, C).</param>
    /// <param name="mask">(windows, 1, pixels, pixels), added to the scores; null for none.</param>
    /// <returns>(N, windows, pixels, C).</returns>
    public Tensor forward(Tensor windows, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var (pixels, channels) = (windows.shape[2], windows.shape[3]);
        var bias = cat([q_bias, zeros_like(q_bias), v_bias], 0);
        var parts = functional.linear(windows, qkv.weight, bias).reshape(windows.shape[0], windows.shape[1], pixels, 3, _heads, channels / _heads).permute(3, 0, 1, 4, 2, 5).unbind();
        var scale = logit_scale.clamp(max: Math.Log(LargestScale)).exp();
        var scores = matmul(functional.normalize(parts[0], dim: -1), functional.normalize(parts[1], dim: -1).transpose(-2, -1)) * scale;
        var places = cpb_mlp.forward(relative_coords_table).index_select(0, relative_position_index).reshape(pixels, pixels, _heads).permute(2, 0, 1).sigmoid() * Most;
        var attention = functional.softmax(mask is null ? scores + places : scores + places + mask, dim: -1);
        return proj.forward(matmul(attention, parts[2]).transpose(2, 3).reshape(windows.shape)).MoveToOuterDisposeScope();
    }

    // How many rows and columns two pixels lie apart, as a share of a window's side, on a scale that grows slower the further they are.
    private static float[] Coordinates(Frame window, Frame learnt)
    {
        static float Place(int apart, int side)
        {
            if (side == 1)
            {
                return 0;
            }

            var share = (float)apart / (side - 1) * Reach;
            return Math.Sign(share) * MathF.Log2(Math.Abs(share) + 1) / MathF.Log2(Reach);
        }

        return [.. from row in Enumerable.Range(1 - window.Height, (2 * window.Height) - 1)
                   from column in Enumerable.Range(1 - window.Width, (2 * window.Width) - 1)
                   from place in (float[])[Place(row, learnt.Height), Place(column, learnt.Width)]
                   select place];
    }
}
