using Osteon.Masks;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ByobNet;

/// <summary>
/// What all pixels say, or those around, becomes a linear function that each pixel's queries are given to. Keys: pos_emb, or conv_lambda;
/// qkv, norm_q, norm_v.
/// </summary>
/// <remarks>Bello 2021, arXiv:2102.08602.</remarks>
internal sealed class LambdaLayer : Module<Tensor, Tensor>
{
    private const int Heads = 4, Keys = 16;

    private readonly Parameter? pos_emb;
    private readonly Conv2d qkv;
    private readonly BatchNorm2d norm_q, norm_v;
    private readonly Conv3d? conv_lambda;
    private readonly AvgPool2d? pool;
    private readonly Tensor? _index;
    private readonly int _values;

    /// <param name="channels">Channels in and out.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="map">What comes.</param>
    /// <param name="reach">Side of what a pixel sees around it; null for the whole map, which then has one size.</param>
    public LambdaLayer(int channels, int stride, Frame map, int? reach) : base(nameof(LambdaLayer))
    {
        _values = channels / Heads;
        if (reach is null)
        {
            var ways = RelativePositions.Count(map);
            pos_emb = new Parameter(init.trunc_normal_(empty((2 * map.Height) - 1, (2 * map.Width) - 1, Keys), std: Initialization.TransformerDeviation));
            _index = tensor([.. RelativePositions.Index(map).Select(way => ways - 1 - way)], [(long)map.Height * map.Width * map.Height * map.Width]);
            register_buffer(nameof(_index), _index, persistent: false);
        }

        qkv = Conv2d(channels, (Heads * Keys) + Keys + _values, 1, bias: false);
        norm_q = BatchNorm2d(Heads * Keys);
        norm_v = BatchNorm2d(_values);
        conv_lambda = reach is { } side ? Conv3d(1, Keys, (side, side, 1), padding: (side / 2, side / 2, 0)) : null;
        pool = stride == 2 ? AvgPool2d(2, 2) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, height, width) = (input.shape[0], input.shape[2], input.shape[3]);
        var pixels = height * width;
        var x = qkv.forward(input);
        var query = norm_q.forward(x.narrow(1, 0, Heads * Keys)).reshape(images, Heads, Keys, pixels).transpose(-1, -2);        // (N, heads, pixels, keys)
        var key = functional.softmax(x.narrow(1, Heads * Keys, Keys).reshape(images, Keys, pixels), -1);
        var value = norm_v.forward(x.narrow(1, (Heads + 1) * Keys, _values)).reshape(images, _values, pixels).transpose(-1, -2);
        var content = query.matmul(key.matmul(value).unsqueeze(1));
        var local = conv_lambda is not null
            ? conv_lambda.forward(value.reshape(images, 1, height, width, _values)).reshape(images, Keys, pixels, _values).transpose(1, 2)
            : pos_emb!.flatten(0, 1).index_select(0, _index!).reshape(pixels, pixels, Keys).transpose(1, 2).matmul(value.unsqueeze(1));    // (N, pixels, keys, values)
        var position = query.unsqueeze(-2).matmul(local.unsqueeze(1)).squeeze(-2);
        x = (content + position).transpose(-1, -2).reshape(images, Heads * _values, height, width);
        return (pool?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}

/// <summary>Mixes rows and columns of blocks by what their maxima say, and adds the map around. Keys: conv1, ba (conv1, conv_p, conv_q, conv2), conv2.</summary>
/// <remarks>Chi et al. 2020, "Non-Local Neural Networks With Grouped Bilinear Attentional Transforms", CVPR.</remarks>
internal sealed class BilinearAttention : Module<Tensor, Tensor>
{
    private const double DropoutRate = 0.2;

    private readonly ConvNormAct conv1;
    private readonly Transform ba;
    private readonly ConvNormAct conv2;
    private readonly Dropout2d dropout;

    public BilinearAttention(int channels, int blocks) : base(nameof(BilinearAttention))
    {
        var inner = Blocks.MakeDivisible(channels / 4.0);
        conv1 = new ConvNormAct(channels, inner, 1, activation: ReLU(inplace: true));
        ba = new Transform(inner, blocks);
        conv2 = new ConvNormAct(inner, channels, 1, activation: ReLU(inplace: true));
        dropout = Dropout2d(DropoutRate);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (dropout.forward(conv2.forward(ba.forward(conv1.forward(input)))) + input).MoveToOuterDisposeScope();
    }

    private sealed class Transform : Module<Tensor, Tensor>
    {
        private const int Groups = 2;

        private readonly ConvNormAct conv1;
        private readonly Conv2d conv_p, conv_q;
        private readonly ConvNormAct conv2;
        private readonly int _blocks;

        public Transform(int channels, int blocks) : base(nameof(Transform))
        {
            _blocks = blocks;
            conv1 = new ConvNormAct(channels, Groups, 1, activation: ReLU(inplace: true));
            conv_p = Conv2d(Groups, blocks * blocks * Groups, (blocks, 1));
            conv_q = Conv2d(Groups, blocks * blocks * Groups, (1, blocks));
            conv2 = new ConvNormAct(channels, channels, 1, activation: ReLU(inplace: true));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (images, channels, height, width) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
            var seen = conv1.forward(input);
            var rows = conv_p.forward(functional.adaptive_max_pool2d(seen, [_blocks, 1])).reshape(images, Groups, _blocks, _blocks).sigmoid();
            var columns = conv_q.forward(functional.adaptive_max_pool2d(seen, [1, _blocks])).reshape(images, Groups, _blocks, _blocks).sigmoid();
            rows = (rows / rows.sum(3, keepdim: true)).repeat_interleave(channels / Groups, 1);         // (N, C, blocks, blocks)
            columns = (columns / columns.sum(2, keepdim: true)).repeat_interleave(channels / Groups, 1);
            var x = rows.matmul(input.reshape(images, channels, _blocks, -1)).reshape(images, channels, height, _blocks, width / _blocks);
            x = x.transpose(-1, -2).matmul(columns.unsqueeze(2)).transpose(-1, -2).reshape(input.shape);
            return conv2.forward(x).MoveToOuterDisposeScope();
        }
    }
}
