using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.SENet;

/// <summary>Two 3×3 convolutions, both rectified, then a weight for each channel, beside a shortcut. Keys: conv1, bn1, conv2, bn2, se_module, downsample.</summary>
internal sealed class SEBasicBlock : Module<Tensor, Tensor>
{
    private const int Reduction = 16;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly SqueezeExcite se_module;
    private readonly Sequential? downsample;

    public SEBasicBlock(int inChannels, int channels, int stride, Sequential? shortcut) : base(nameof(SEBasicBlock))
    {
        conv1 = Conv2d(inChannels, channels, 3, stride: stride, padding: 1, bias: false);
        bn1 = BatchNorm2d(channels);
        conv2 = Conv2d(channels, channels, 3, padding: 1, bias: false);
        bn2 = BatchNorm2d(channels);
        se_module = new SqueezeExcite(channels, channels / Reduction);
        downsample = shortcut;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        x = se_module.forward(functional.relu(bn2.forward(conv2.forward(x)), inplace: true));
        return functional.relu(x + (downsample?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}
