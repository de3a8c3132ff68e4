using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.SENet;

/// <summary>1×1, 3×3, 1×1, then a weight for each channel, beside a shortcut.</summary>
internal sealed class SEBottleneck : Module<Tensor, Tensor>
{
    private const int Reduction = 16;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly SqueezeExcite se_module;
    private readonly Sequential? downsample;

    public SEBottleneck(int inChannels, int first, int second, int outChannels, int groups, (int First, int Second) strides, Sequential? shortcut) : base(nameof(SEBottleneck))
    {
        conv1 = Conv2d(inChannels, first, 1, stride: strides.First, bias: false);
        bn1 = BatchNorm2d(first);
        conv2 = Conv2d(first, second, 3, stride: strides.Second, padding: 1, groups: groups, bias: false);
        bn2 = BatchNorm2d(second);
        conv3 = Conv2d(second, outChannels, 1, bias: false);
        bn3 = BatchNorm2d(outChannels);
        se_module = new SqueezeExcite(outChannels, outChannels / Reduction);
        downsample = shortcut;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        x = functional.relu(bn2.forward(conv2.forward(x)), inplace: true);
        x = se_module.forward(bn3.forward(conv3.forward(x)));
        return functional.relu(x + (downsample?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}
