using Osteon.Masks;
using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EfficientFormer;

/// <summary>A convolution with a bias, and a normalisation. Keys: conv, bn.</summary>
internal static class Layer
{
    public static Sequential Of(int inChannels, int outChannels, int kernel = 1, int stride = 1, int groups = 1) =>
        Sequential(("conv", Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2, groups: groups)), ("bn", BatchNorm2d(outChannels)));

    /// <summary>With GELU behind.</summary>
    public static Sequential Active(int inChannels, int outChannels, int kernel = 1, int stride = 1, int groups = 1) =>
        Sequential(("conv", Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2, groups: groups)), ("bn", BatchNorm2d(outChannels)), ("act", GELU()));
}

/// <summary>Attention in some blocks, then a network with a depthwise convolution in it. Keys: token_mixer, ls1, mlp (fc1, mid, fc2), ls2.</summary>
internal sealed class EfficientFormerV2Block : Module<Tensor, Tensor>
{
    private readonly TalkingAttention? token_mixer;
    private readonly LayerScale? ls1;
    private readonly DropPath drop_path1;
    private readonly Sequential mlp;
    private readonly LayerScale ls2;
    private readonly DropPath drop_path2;

    public EfficientFormerV2Block(int channels, int expansion, Frame? map, bool reduces, double dropPath) : base(nameof(EfficientFormerV2Block))
    {
        var inner = expansion * channels;
        token_mixer = map is { } size ? new TalkingAttention(channels, size, reduces) : null;
        ls1 = map is null ? null : new LayerScale(channels, PoolingBlock.FirstScale, map: true);
        drop_path1 = new DropPath(dropPath);
        mlp = Sequential(("fc1", Layer.Active(channels, inner)), ("mid", Layer.Active(inner, inner, 3, groups: inner)), ("fc2", Layer.Of(inner, channels)));
        ls2 = new LayerScale(channels, PoolingBlock.FirstScale, map: true);
        drop_path2 = new DropPath(dropPath);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = token_mixer is null ? input : input + drop_path1.forward(ls1!.forward(token_mixer.forward(input)));
        return (x + drop_path2.forward(ls2.forward(mlp.forward(x)))).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Attention among all pixels, whose heads mix their scores before and after the softmax, on a map of half the size in the third stage.
/// Keys: attention_biases, stride_conv, q, k, v, v_local, talking_head1, talking_head2, proj.
/// </summary>
/// <remarks>Shazeer et al. 2020, arXiv:2003.02436.</remarks>
internal sealed class TalkingAttention : Module<Tensor, Tensor>
{
    private const int Heads = 8, Keys = 32, Values = 4 * Keys;

    private readonly Parameter attention_biases;
    private readonly Sequential? stride_conv;
    private readonly Sequential q, k, v, v_local;
    private readonly Conv2d talking_head1, talking_head2;
    private readonly Sequential proj;
    private readonly Tensor _index;

    public TalkingAttention(int channels, Frame map, bool reduces) : base(nameof(TalkingAttention))
    {
        map = reduces ? new Frame((map.Height + 1) / 2, (map.Width + 1) / 2) : map;
        attention_biases = new Parameter(zeros(Heads, map.Height * map.Width));
        stride_conv = reduces ? Layer.Of(channels, channels, 3, 2, channels) : null;
        q = Layer.Of(channels, Heads * Keys);
        k = Layer.Of(channels, Heads * Keys);
        v = Layer.Of(channels, Heads * Values);
        v_local = Layer.Of(Heads * Values, Heads * Values, 3, groups: Heads * Values);
        talking_head1 = Conv2d(Heads, Heads, 1);
        talking_head2 = Conv2d(Heads, Heads, 1);
        proj = Layer.Of(Heads * Values, channels);
        _index = tensor(Distances.Between(map, 1));
        register_buffer(nameof(_index), _index, persistent: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = stride_conv?.forward(input) ?? input;
        var (images, height, width) = (x.shape[0], x.shape[2], x.shape[3]);
        var pixels = height * width;
        var values = v.forward(x);
        var scores = q.forward(x).reshape(images, Heads, Keys, pixels).transpose(2, 3).matmul(k.forward(x).reshape(images, Heads, Keys, pixels)) * Math.Pow(Keys, -0.5);
        scores = talking_head1.forward(scores + attention_biases.index_select(1, _index).reshape(Heads, pixels, pixels));
        var shares = talking_head2.forward(functional.softmax(scores, -1));
        x = shares.matmul(values.reshape(images, Heads, Values, pixels).transpose(2, 3)).transpose(2, 3).reshape(values.shape) + v_local.forward(values);
        x = stride_conv is null ? x : functional.interpolate(x, size: [2 * height, 2 * width], mode: InterpolationMode.Bilinear, align_corners: false);
        return proj.forward(functional.gelu(x)).MoveToOuterDisposeScope();
    }
}

/// <summary>A strided convolution, and attention of every second pixel to all beside it in the last stage. Keys: conv, attn.</summary>
internal sealed class Downsampling : Module<Tensor, Tensor>
{
    private readonly Sequential conv;
    private readonly HalvingAttention? attn;

    public Downsampling(int inChannels, int outChannels, Frame? map) : base(nameof(Downsampling))
    {
        conv = Layer.Of(inChannels, outChannels, 3, 2);
        attn = map is { } size ? new HalvingAttention(inChannels, outChannels, size) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv.forward(input);
        return (attn is null ? x : attn.forward(input) + x).MoveToOuterDisposeScope();
    }

    /// <summary>Keys: attention_biases, q (local, proj), k, v, v_local, proj.</summary>
    private sealed class HalvingAttention : Module<Tensor, Tensor>
    {
        private const int Heads = 8, Keys = 16, Values = 4 * Keys;

        private readonly Parameter attention_biases;
        private readonly Query q;
        private readonly Sequential k, v, v_local, proj;
        private readonly Tensor _index;

        public HalvingAttention(int inChannels, int outChannels, Frame map) : base(nameof(HalvingAttention))
        {
            attention_biases = new Parameter(zeros(Heads, map.Height * map.Width));
            q = new Query(inChannels, Heads * Keys);
            k = Layer.Of(inChannels, Heads * Keys);
            v = Layer.Of(inChannels, Heads * Values);
            v_local = Layer.Of(Heads * Values, Heads * Values, 3, 2, Heads * Values);
            proj = Layer.Of(Heads * Values, outChannels);
            _index = tensor(Distances.Between(map, 2));
            register_buffer(nameof(_index), _index, persistent: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (images, pixels) = (input.shape[0], input.shape[2] * input.shape[3]);
            var values = v.forward(input);
            var local = v_local.forward(values);
            var query = q.forward(input).reshape(images, Heads, Keys, -1).transpose(2, 3);
            var key = k.forward(input).reshape(images, Heads, Keys, pixels);
            var scores = (query.matmul(key) * Math.Pow(Keys, -0.5)) + attention_biases.index_select(1, _index).reshape(Heads, -1, pixels);
            var x = functional.softmax(scores, -1).matmul(values.reshape(images, Heads, Values, pixels).transpose(2, 3)).transpose(2, 3).reshape(local.shape) + local;
            return proj.forward(functional.gelu(x)).MoveToOuterDisposeScope();
        }

        private sealed class Query : Module<Tensor, Tensor>
        {
            private readonly Conv2d local;
            private readonly Sequential proj;

            public Query(int inChannels, int outChannels) : base(nameof(Query))
            {
                local = Conv2d(inChannels, inChannels, 3, stride: 2, padding: 1, groups: inChannels);
                proj = Layer.Of(inChannels, outChannels);
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                using var scope = NewDisposeScope();
                return proj.forward(local.forward(input) + functional.avg_pool2d(input, 1, 2)).MoveToOuterDisposeScope();
            }
        }
    }
}
