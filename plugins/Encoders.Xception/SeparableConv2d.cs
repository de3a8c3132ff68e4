using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Xception;

/// <summary>A 3×3 convolution of each channel alone, then a 1×1 of all. Keys: conv1, pointwise.</summary>
internal sealed class SeparableConv2d : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly Conv2d pointwise;

    public SeparableConv2d(int inChannels, int outChannels) : base(nameof(SeparableConv2d))
    {
        conv1 = Conv2d(inChannels, inChannels, 3, padding: 1, groups: inChannels, bias: false);
        pointwise = Conv2d(inChannels, outChannels, 1, bias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var each = conv1.forward(input);
        return pointwise.forward(each);
    }
}
