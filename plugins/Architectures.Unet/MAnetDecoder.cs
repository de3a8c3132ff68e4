using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>What the decoder is made of.</summary>
internal sealed record MAnetDecoderOptions(IReadOnlyList<int> Channels, int PabChannels, InterpolationMode Interpolation, Norm Norm);

/// <summary>Attends over the deepest map, then climbs to the input's size.</summary>
internal sealed class MAnetDecoder : Module<IReadOnlyList<Tensor>, Tensor>
{
    private readonly PositionAttention center;
    private readonly ModuleList<MAnetBlock> blocks;

    public MAnetDecoder(IReadOnlyList<int> encoderChannels, MAnetDecoderOptions options) : base(nameof(MAnetDecoder))
    {
        var depth = options.Channels.Count;
        var climbing = new MAnetBlock[depth];
        for (var i = 0; i < depth; i++)
        {
            var below = i == 0 ? encoderChannels[depth] : options.Channels[i - 1];
            var skip = i == depth - 1 ? 0 : encoderChannels[depth - 1 - i];     // the input itself is not joined
            climbing[i] = skip > 0 ? new AttentiveBlock(below, skip, options.Channels[i], options) : new PlainBlock(below, options.Channels[i], options);
        }

        center = new PositionAttention(encoderChannels[depth], options.PabChannels);
        blocks = ModuleList(climbing);
        RegisterComponents();
    }

    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var x = center.forward(input[^1]);
        for (var i = 0; i < blocks.Count; i++)
        {
            x = blocks[i].forward(x, input[input.Count - 2 - i]);
        }

        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>Lets each position of a map take from all others. Keys: top_conv, center_conv, bottom_conv, out_conv.</summary>
internal sealed class PositionAttention : Module<Tensor, Tensor>
{
    private readonly Conv2d top_conv, center_conv, bottom_conv, out_conv;

    public PositionAttention(int channels, int compared) : base(nameof(PositionAttention))
    {
        top_conv = Conv2d(channels, compared, 1);
        center_conv = Conv2d(channels, compared, 1);
        bottom_conv = Conv2d(channels, channels, 3, padding: 1);
        out_conv = Conv2d(channels, channels, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (n, positions) = (input.shape[0], input.shape[2] * input.shape[3]);
        var keys = top_conv.forward(input).flatten(2);                          // (N, P, HW)
        var queries = center_conv.forward(input).flatten(2).transpose(1, 2);    // (N, HW, P)
        var values = bottom_conv.forward(input).flatten(2).transpose(1, 2);     // (N, HW, C)
        // SMP's softmax runs over all pairs at once, and its (N, HW, C) is read as (N, C, H, W) without a transposition: weights trained with it expect both.
        var attention = queries.matmul(keys).view(n, -1).softmax(1).view(n, positions, positions);
        var taken = attention.matmul(values).reshape(input.shape);
        return out_conv.forward(input + taken).MoveToOuterDisposeScope();
    }
}
