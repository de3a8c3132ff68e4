using Osteon.Masks;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>Attention among the pixels of a window, each pair's score moved by a learnt number of how they lie to each other. Keys: relative_position_bias_table, qkv, proj.</summary>
internal sealed class WindowAttention : Module
{
    private readonly Parameter relative_position_bias_table;
    private readonly Tensor relative_position_index;                // by timm's rule not saved
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly int _heads;

    public WindowAttention(int channels, int heads, Frame window) : base(nameof(WindowAttention))
    {
        _heads = heads;
        var places = ((2 * window.Height) - 1) * ((2 * window.Width) - 1);
        relative_position_bias_table = new Parameter(init.trunc_normal_(empty(places, heads), std: Initialization.TransformerDeviation));
        relative_position_index = tensor(RelativePositions.Index(window), [(long)window.Height * window.Width * window.Height * window.Width]);
        register_buffer(nameof(relative_position_index), relative_position_index, persistent: false);
        qkv = Linear(channels, 3 * channels);
        proj = Linear(channels, channels);
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
        var bias = relative_position_bias_table.index_select(0, relative_position_index).reshape(pixels, pixels, _heads).permute(2, 0, 1);
        var x = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], mask is null ? bias : bias + mask);
        return proj.forward(x.transpose(2, 3).reshape(windows.shape)).MoveToOuterDisposeScope();
    }
}
