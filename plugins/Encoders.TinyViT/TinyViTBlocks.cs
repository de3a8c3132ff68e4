using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.TinyViT;

/// <summary>An inverted bottleneck. Keys: conv1, conv2, conv3.</summary>
internal sealed class ConvolutionBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly ConvNormAct conv1, conv2, conv3;
    private readonly DropPath drop_path;

    public ConvolutionBlock(int channels, double dropPath) : base(nameof(ConvolutionBlock))
    {
        var inner = Expansion * channels;
        conv1 = new ConvNormAct(channels, inner, 1, activation: GELU());
        conv2 = new ConvNormAct(inner, inner, 3, groups: inner, activation: GELU());
        conv3 = new ConvNormAct(inner, channels, 1);
        drop_path = new DropPath(dropPath);
        RegisterComponents();
        init.zeros_(conv3.get_parameter("bn.weight")!);             // a block begins as its shortcut
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return functional.gelu(drop_path.forward(conv3.forward(conv2.forward(conv1.forward(input)))) + input).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention within windows, a depthwise convolution, a feed-forward network; of (N, H, W, C). Keys: attn, mlp, local_conv.</summary>
internal sealed class AttentionBlock : Module<Tensor, Tensor>
{
    private readonly WindowAttention attn;
    private readonly DropPath drop_path1;
    private readonly NormMlp mlp;
    private readonly DropPath drop_path2;
    private readonly ConvNormAct local_conv;
    private readonly int _side;

    public AttentionBlock(int channels, int side, double dropPath) : base(nameof(AttentionBlock))
    {
        _side = side;
        attn = new WindowAttention(channels, side);
        drop_path1 = new DropPath(dropPath);
        mlp = new NormMlp(channels);
        drop_path2 = new DropPath(dropPath);
        local_conv = new ConvNormAct(channels, channels, 3, groups: channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + drop_path1.forward(Attended(input));
        x = local_conv.forward(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1);
        return (x + drop_path2.forward(mlp.forward(x))).MoveToOuterDisposeScope();
    }

    private Tensor Attended(Tensor input)
    {
        var (images, height, width, channels) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        var (rows, columns) = ((height + _side - 1) / _side, (width + _side - 1) / _side);
        var filled = functional.pad(input, [0, 0, 0, (columns * _side) - width, 0, (rows * _side) - height]);
        var windows = filled.reshape(images, rows, _side, columns, _side, channels).transpose(2, 3).reshape(-1, _side * _side, channels);
        return attn.forward(windows).reshape(images, rows, columns, _side, _side, channels).transpose(2, 3).reshape(images, rows * _side, columns * _side, channels)
            .narrow(1, 0, height).narrow(2, 0, width);
    }

    /// <summary>Keys: norm, fc1, fc2.</summary>
    private sealed class NormMlp : Module<Tensor, Tensor>
    {
        private const int Expansion = 4;

        private readonly LayerNorm norm;
        private readonly Linear fc1, fc2;

        public NormMlp(int channels) : base(nameof(NormMlp))
        {
            norm = LayerNorm(channels);
            fc1 = Linear(channels, Expansion * channels);
            fc2 = Linear(Expansion * channels, channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return fc2.forward(functional.gelu(fc1.forward(norm.forward(input)))).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Attention in heads of 32 channels, each pair's score moved by a learnt number of how far apart they are. Keys: attention_biases, norm, qkv, proj.</summary>
internal sealed class WindowAttention : Module<Tensor, Tensor>
{
    private const int Head = 32;

    private readonly Parameter attention_biases;
    private readonly LayerNorm norm;
    private readonly Linear qkv, proj;
    private readonly Tensor _index;
    private readonly int _heads, _area;

    public WindowAttention(int channels, int side) : base(nameof(WindowAttention))
    {
        (_heads, _area) = (channels / Head, side * side);
        attention_biases = new Parameter(zeros(_heads, _area));
        norm = LayerNorm(channels);
        qkv = Linear(channels, 3 * channels);
        proj = Linear(channels, channels);
        _index = tensor(Apart(side));
        register_buffer(nameof(_index), _index, persistent: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var parts = qkv.forward(norm.forward(input)).reshape(input.shape[0], _area, _heads, 3, Head).permute(3, 0, 2, 1, 4).unbind();
        var scores = attention_biases.index_select(1, _index).reshape(_heads, _area, _area);
        var x = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], scores);
        return proj.forward(x.transpose(1, 2).reshape(input.shape)).MoveToOuterDisposeScope();
    }

    // For each pair of pixels, rows apart times the side, and columns apart.
    private static long[] Apart(int side) =>
    [
        .. from first in Enumerable.Range(0, side * side)
           from second in Enumerable.Range(0, side * side)
           select ((long)Math.Abs((first / side) - (second / side)) * side) + Math.Abs((first % side) - (second % side)),
    ];
}
