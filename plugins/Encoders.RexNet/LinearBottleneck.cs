using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.RexNet;

/// <summary>An inverted bottleneck whose input is added to the first of its channels. Keys: conv_exp, conv_dw, se, conv_pwl.</summary>
internal sealed class LinearBottleneck : Module<Tensor, Tensor>
{
    private const double SqueezeRatio = 1 / 12.0;

    private readonly ConvNormAct? conv_exp;
    private readonly ConvNormAct conv_dw;
    private readonly NormedSqueeze? se;
    private readonly ConvNormAct conv_pwl;
    private readonly int _around;

    public LinearBottleneck(RexNetBlock block, int inChannels, int stride, int dilation, int divisor, bool shortcut) : base(nameof(LinearBottleneck))
    {
        var inner = block.Expansion == 1 ? inChannels : Blocks.MakeDivisible(inChannels * block.Expansion, divisor);
        _around = shortcut && inChannels <= block.Channels ? inChannels : 0;
        conv_exp = block.Expansion == 1 ? null : new ConvNormAct(inChannels, inner, 1, activation: SiLU(inplace: true));
        conv_dw = new ConvNormAct(inner, inner, 3, stride, inner, dilation);
        se = block.Squeezes ? new NormedSqueeze(inner, Blocks.MakeDivisible((int)(inner * SqueezeRatio), divisor)) : null;
        conv_pwl = new ConvNormAct(inner, block.Channels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv_dw.forward(conv_exp?.forward(input) ?? input);
        x = conv_pwl.forward(functional.relu6(se?.forward(x) ?? x));
        if (_around > 0)
        {
            x = x.shape[1] == _around ? x + input : cat([x.narrow(1, 0, _around) + input, x.narrow(1, _around, x.shape[1] - _around)], 1);
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Squeeze-and-excitation, normalised between its layers. Keys: fc1, bn, fc2.</summary>
    private sealed class NormedSqueeze : Module<Tensor, Tensor>
    {
        private readonly Conv2d fc1;
        private readonly BatchNorm2d bn;
        private readonly Conv2d fc2;

        public NormedSqueeze(int channels, int squeezed) : base(nameof(NormedSqueeze))
        {
            fc1 = Conv2d(channels, squeezed, 1);
            bn = BatchNorm2d(squeezed);
            fc2 = Conv2d(squeezed, channels, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var gate = functional.relu(bn.forward(fc1.forward(input.mean([2, 3], keepdim: true))));
            return (input * fc2.forward(gate).sigmoid()).MoveToOuterDisposeScope();
        }
    }
}
