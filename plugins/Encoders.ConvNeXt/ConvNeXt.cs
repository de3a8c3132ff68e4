using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ConvNeXt;

/// <summary>Stem and stages. Keys: stem_0, stem_1 …, stages_0 ….</summary>
internal sealed class ConvNeXt : Module<Tensor, IReadOnlyList<Tensor>>
{
    /// <summary>Stride of the first map.</summary>
    public const int StemStride = 4;

    private readonly List<Module<Tensor, Tensor>> _stem;
    private readonly List<ConvNeXtStage> _stages = [];

    /// <param name="options">What was asked for.</param>
    /// <param name="variant">What it is built of.</param>
    /// <param name="stages">How many stages are built.</param>
    public ConvNeXt(EncoderOptions options, ConvNeXtVariant variant, int stages) : base(nameof(ConvNeXt))
    {
        _stem = [.. StemOf(variant, options.InChannels)];
        for (var layer = 0; layer < _stem.Count; layer++)
        {
            register_module($"stem_{layer}", _stem[layer]);
        }

        var (stride, dilation) = (StemStride, 1);
        for (var stage = 0; stage < stages; stage++)
        {
            var step = stage == 0 ? 1 : 2;
            if (stride >= options.OutputStride)                     // timm: from here on dilation takes the strides' place
            {
                (step, dilation) = (1, dilation * step);
            }

            stride *= step;
            _stages.Add(new ConvNeXtStage(variant, stage, step, dilation));
            register_module($"stages_{stage}", _stages[stage]);
        }

        Initialization.Transformer(this);
        apply(InitializeConvolution);
    }

    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = new List<Tensor>();
        var x = input;
        foreach (var layer in _stem)
        {
            x = layer.forward(x);
        }

        foreach (var stage in _stages)
        {
            x = stage.forward(x);
            maps.Add(x);                                            // (N, C, H/stride, W/stride)
        }

        return maps.MoveToOuterDisposeScope();
    }

    private static Module<Tensor, Tensor>[] StemOf(ConvNeXtVariant variant, int inChannels)
    {
        var channels = variant.Channels[0];
        if (variant.Stem == Stem.Patch)
        {
            return [Conv2d(inChannels, channels, StemStride, stride: StemStride), new ChannelNorm(channels, variant)];
        }

        var between = variant.Stem == Stem.OverlapTiered ? Blocks.MakeDivisible(channels / 2.0) : channels;
        var (first, second) = (Conv2d(inChannels, between, 3, stride: 2, padding: 1), Conv2d(between, channels, 3, stride: 2, padding: 1));
        var norm = new ChannelNorm(channels, variant);
        return variant.Stem == Stem.OverlapAct ? [first, GELU(), second, norm] : [first, second, norm];
    }

    private static void InitializeConvolution(nn.Module part)
    {
        var (weight, bias) = part switch
        {
            Conv2d convolution => (convolution.weight, convolution.bias),
            SameConv2d convolution => (convolution.get_parameter("weight"), convolution.get_parameter("bias")),
            _ => default,
        };
        if (weight is not null && bias is not null)
        {
            init.trunc_normal_(weight, std: Initialization.TransformerDeviation);
            init.zeros_(bias);
        }
    }
}
