using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>What the decoder is made of.</summary>
internal sealed record UnetDecoderOptions(IReadOnlyList<int> Channels, bool Scse, InterpolationMode Interpolation, Norm Norm, bool Center);

/// <summary>Climbs from the deepest map to the input's size, joining the encoder's map of the same size at each step.</summary>
internal sealed class UnetDecoder : Module<IReadOnlyList<Tensor>, Tensor>
{
    private readonly Sequential? center;
    private readonly ModuleList<UnetDecoderBlock> blocks;

    public UnetDecoder(IReadOnlyList<int> encoderChannels, UnetDecoderOptions options) : base(nameof(UnetDecoder))
    {
        var depth = options.Channels.Count;
        var climbing = new UnetDecoderBlock[depth];
        for (var i = 0; i < depth; i++)
        {
            var below = i == 0 ? encoderChannels[depth] : options.Channels[i - 1];
            var skip = i == depth - 1 ? 0 : encoderChannels[depth - 1 - i];     // the input itself is not joined
            climbing[i] = new UnetDecoderBlock(below, skip, options.Channels[i], options);
        }

        var deepest = encoderChannels[depth];
        center = options.Center
            ? Sequential(Blocks.Conv2dReLU(deepest, deepest, norm: options.Norm), Blocks.Conv2dReLU(deepest, deepest, norm: options.Norm))
            : null;
        blocks = ModuleList(climbing);
        RegisterComponents();
    }

    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var x = center?.forward(input[^1]) ?? input[^1];
        for (var i = 0; i < blocks.Count; i++)
        {
            var beside = input[input.Count - 2 - i];
            x = blocks[i].forward(x, beside, join: i < blocks.Count - 1);
        }

        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>Enlarges, joins, and convolves twice; SMP's UnetDecoderBlock.</summary>
internal sealed class UnetDecoderBlock : Module
{
    private readonly Sequential conv1;
    private readonly ScseAttention? attention1;
    private readonly Sequential conv2;
    private readonly ScseAttention? attention2;
    private readonly InterpolationMode _interpolation;

    public UnetDecoderBlock(int inChannels, int skipChannels, int outChannels, UnetDecoderOptions options) : base(nameof(UnetDecoderBlock))
    {
        _interpolation = options.Interpolation;
        conv1 = Blocks.Conv2dReLU(inChannels + skipChannels, outChannels, norm: options.Norm);
        attention1 = options.Scse ? new ScseAttention(inChannels + skipChannels) : null;
        conv2 = Blocks.Conv2dReLU(outChannels, outChannels, norm: options.Norm);
        attention2 = options.Scse ? new ScseAttention(outChannels) : null;
        RegisterComponents();
    }

    /// <param name="below">(N, C, h, w), the map to enlarge.</param>
    /// <param name="beside">(N, S, H, W), the encoder's map whose size is taken.</param>
    /// <param name="join">Whether the encoder's map is joined too. Where nothing is joined, SMP applies no first attention, though its weights exist.</param>
    public Tensor forward(Tensor below, Tensor beside, bool join)
    {
        using var scope = NewDisposeScope();
        var x = conv2.forward(Joined(below, beside, join) ?? conv1.forward(Enlarged(below, beside, join)));
        return (attention2?.forward(x) ?? x).MoveToOuterDisposeScope();
    }

    // conv1 of both maps, neither enlarged nor joined in memory, where they are as SMP's defaults have them.
    private Tensor? Joined(Tensor below, Tensor beside, bool join) =>
        _interpolation == InterpolationMode.Nearest && (attention1 is null || !join) && conv1 is [Conv2d convolution, BatchNorm2d norm, ReLU _]
        && beside.shape[2] == 2 * below.shape[2] && beside.shape[3] == 2 * below.shape[3]
            ? FusedConvolution.TryJoined(convolution, norm, below, join ? beside : null, relu: true)
            : null;

    private Tensor Enlarged(Tensor below, Tensor beside, bool join)
    {
        var x = functional.interpolate(
            below, size: [beside.shape[2], beside.shape[3]], mode: _interpolation, align_corners: _interpolation == InterpolationMode.Nearest ? null : false);
        if (join)
        {
            x = cat([x, beside], 1);
            x = attention1?.forward(x) ?? x;
        }

        return x;
    }
}
