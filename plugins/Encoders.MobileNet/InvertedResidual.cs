using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MobileNet;

/// <summary>Expansion, depthwise convolution, projection, and the input around them where its shape is the output's. Key: conv.</summary>
internal sealed class InvertedResidual : Module<Tensor, Tensor>
{
    private readonly Sequential conv;
    private readonly bool _skips;

    public InvertedResidual(int inChannels, int outChannels, int expansion, int stride) : base(nameof(InvertedResidual))
    {
        var inner = inChannels * expansion;
        Module<Tensor, Tensor>[] expand = expansion == 1 ? [] : [MobileNetV2Encoder.Convolution(inChannels, inner, 1)];
        conv = Sequential([.. expand, MobileNetV2Encoder.Convolution(inner, inner, 3, stride, groups: inner), Conv2d(inner, outChannels, 1, bias: false), BatchNorm2d(outChannels)]);
        _skips = stride == 1 && inChannels == outChannels;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = conv.forward(input);
        return _skips ? x.add_(input) : x;
    }
}
