using Osteon.Masks;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MaxxViT;

/// <summary>CoAtNet's block: attention among all pixels of a map. Keys: shortcut, norm1 (norm, down where it halves), attn, ls1, norm2, mlp, ls2.</summary>
internal sealed class TransformerBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly Halving? shortcut;
    private readonly Module<Tensor, Tensor> norm1;
    private readonly PixelAttention attn;
    private readonly LayerScale? ls1;
    private readonly Module<Tensor, Tensor> norm2;
    private readonly ConvMlp mlp;
    private readonly LayerScale? ls2;

    public TransformerBlock(AttentionDesign design, int inChannels, int outChannels, int stride, Frame map) : base(nameof(TransformerBlock))
    {
        Module<Tensor, Tensor> Norm(int channels) => design.BatchNorm ? BatchNorm2d(channels, eps: design.Eps) : new LayerNorm2d(channels, design.Eps);
        LayerScale? Scale() => design.Scale > 0 ? new LayerScale(outChannels, design.Scale, map: true) : null;
        shortcut = stride > 1 ? new Halving(inChannels, outChannels, design.MaxPool, design.ShortcutBias) : null;
        norm1 = stride > 1 ? Sequential(("norm", Norm(inChannels)), ("down", new Halving(inChannels, inChannels, design.MaxPool))) : Norm(inChannels);
        attn = new PixelAttention(design, inChannels, outChannels, design.ExpandsFirst ? outChannels : inChannels, map, convolutions: true);
        ls1 = Scale();
        norm2 = Norm(outChannels);
        mlp = new ConvMlp(outChannels, Expansion * outChannels, design.Activation);
        ls2 = Scale();
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = norm1.forward(input);
        var shape = x.shape;
        x = attn.forward(x.flatten(2).transpose(1, 2)).transpose(1, 2).reshape(shape[0], -1, shape[2], shape[3]);
        x = (shortcut?.forward(input) ?? input) + (ls1?.forward(x) ?? x);
        var y = mlp.forward(norm2.forward(x));
        return (x + (ls2?.forward(y) ?? y)).MoveToOuterDisposeScope();
    }
}

/// <summary>MaxViT's block, of (N, C, H, W). Keys: conv, attn_block, attn_grid.</summary>
internal sealed class MultiAxisBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> conv;
    private readonly PartedBlock? attn_block;
    private readonly PartedBlock attn_grid;

    public MultiAxisBlock(MaxxViTDesign design, int inChannels, int outChannels, int stride, Frame window) : base(nameof(MultiAxisBlock))
    {
        conv = MaxxViTStage.Convolutions(design.Convolution, inChannels, outChannels, stride);
        attn_block = design.Attention.HasWindows ? new PartedBlock(design.Attention, outChannels, window, grid: false) : null;
        attn_grid = new PartedBlock(design.Attention, outChannels, window, grid: true);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv.forward(input).permute(0, 2, 3, 1);
        return attn_grid.forward(attn_block?.forward(x) ?? x).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}

/// <summary>timm's block of windows and grid beside each other, of (N, C, H, W). Keys: conv, attn.</summary>
internal sealed class ParallelBlock : Module<Tensor, Tensor>
{
    private readonly Sequential conv;
    private readonly PartedBlock attn;

    public ParallelBlock(MaxxViTDesign design, int inChannels, int outChannels, int stride, Frame window) : base(nameof(ParallelBlock))
    {
        conv = Sequential(MaxxViTStage.Convolutions(design.Convolution, inChannels, outChannels, stride), MaxxViTStage.Convolutions(design.Convolution, outChannels, outChannels, 1));
        attn = new PartedBlock(design.Attention, outChannels, window, grid: null);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return attn.forward(conv.forward(input).permute(0, 2, 3, 1)).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Attention among the pixels of a window, or among pixels that lie as far apart as the grid is wide, or half of the channels each, then
/// a feed-forward network; of (N, H, W, C). Keys: norm1, attn, or attn_block and attn_grid, ls1, norm2, mlp, ls2.
/// </summary>
internal sealed class PartedBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly LayerNorm norm1;
    private readonly PixelAttention? attn, attn_block, attn_grid;
    private readonly LayerScale? ls1;
    private readonly LayerNorm norm2;
    private readonly Mlp mlp;
    private readonly LayerScale? ls2;
    private readonly Frame _side;
    private readonly bool _grid;

    public PartedBlock(AttentionDesign design, int channels, Frame side, bool? grid) : base(nameof(PartedBlock))
    {
        (_side, _grid) = (side, grid is true);
        PixelAttention Attention(int outChannels) => new(design, channels, outChannels, channels, side);
        LayerScale? Scale() => design.Scale > 0 ? new LayerScale(channels, design.Scale) : null;
        norm1 = LayerNorm(channels, eps: design.Eps);
        attn = grid is null ? null : Attention(channels);
        attn_block = grid is null ? Attention(channels / 2) : null;
        attn_grid = grid is null ? Attention(channels / 2) : null;
        ls1 = Scale();
        norm2 = LayerNorm(channels, eps: design.Eps);
        mlp = new Mlp(channels, Expansion * channels, design.Activation);
        ls2 = Scale();
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = norm1.forward(input);
        x = attn is not null ? Attend(x, attn, _grid) : cat([Attend(x, attn_block!, grid: false), Attend(x, attn_grid!, grid: true)], -1);
        x = input + (ls1?.forward(x) ?? x);
        var y = mlp.forward(norm2.forward(x));
        return (x + (ls2?.forward(y) ?? y)).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x, PixelAttention attention, bool grid)
    {
        var (images, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var (rows, columns) = (height / _side.Height, width / _side.Width);
        long area = _side.Height * _side.Width;
        if (grid)
        {
            var parts = x.reshape(images, _side.Height, rows, _side.Width, columns, channels).permute(0, 2, 4, 1, 3, 5).reshape(-1, area, channels);
            return attention.forward(parts).reshape(images, rows, columns, _side.Height, _side.Width, -1).permute(0, 3, 1, 4, 2, 5).reshape(images, height, width, -1);
        }

        var windows = x.reshape(images, rows, _side.Height, columns, _side.Width, channels).permute(0, 1, 3, 2, 4, 5).reshape(-1, area, channels);
        return attention.forward(windows).reshape(images, rows, columns, _side.Height, _side.Width, -1).permute(0, 1, 3, 2, 4, 5).reshape(images, height, width, -1);
    }
}
