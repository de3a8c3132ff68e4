using System.Globalization;
using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.GhostNet;

/// <summary>RepGhostNet as timm builds it, with the branches that it is trained with: cheap maps are added to the others, rather than put beside them.</summary>
/// <remarks>Chen et al. 2022, arXiv:2211.06088. The first map is the first convolution's, before it is normalised, as in timm.</remarks>
[Encoder("tu-repghostnet_050")]
[Encoder("tu-repghostnet_058")]
[Encoder("tu-repghostnet_080")]
[Encoder("tu-repghostnet_100")]
[Encoder("tu-repghostnet_111")]
[Encoder("tu-repghostnet_130")]
[Encoder("tu-repghostnet_150")]
[Encoder("tu-repghostnet_200")]
public sealed class RepGhostNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private const int StemChannels = 16;

    // Table 1 of the paper: kernel, inner channels, channels, whether it squeezes, and stride; a stage a line.
    private static readonly (int Kernel, int Inner, int Channels, bool Squeezes, int Stride)[][] s_stages =
    [
        [(3, 8, 16, false, 1)],
        [(3, 24, 24, false, 2)],
        [(3, 36, 24, false, 1)],
        [(5, 36, 40, true, 2)],
        [(5, 60, 40, true, 1)],
        [(3, 120, 80, false, 2)],
        [(3, 100, 80, false, 1), (3, 120, 80, false, 1), (3, 120, 80, false, 1), (3, 240, 112, true, 1), (3, 336, 112, true, 1)],
        [(5, 336, 160, true, 2)],
    ];

    private static TimmFeatures Features(EncoderOptions options) =>
        new(2, [Scaled(options, StemChannels), .. s_stages.Where(stage => stage[0].Stride > 1).Select(stage => Scaled(options, stage[0].Channels))]) { Dilates = false };

    private static int Scaled(EncoderOptions options, int unscaled) =>
        Blocks.MakeDivisible(unscaled * (int.Parse(options.Name[(options.Name.LastIndexOf('_') + 1)..], CultureInfo.InvariantCulture) / 100.0), 4);

    // Keys: conv_stem, bn1, then blocks_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var (channels, left) = (Scaled(options, StemChannels), Features(options).Used(options) - 1);
        var model = new FeatureList().Add("conv_stem", Conv2d(options.InChannels, channels, 3, stride: 2, padding: 1, bias: false));
        if (left > 0)
        {
            model.Add("bn1", BatchNorm2d(channels), isMap: false).Add("act1", ReLU(), isMap: false);
        }

        for (var index = 0; left > 0; index++)
        {
            var blocks = new List<Module<Tensor, Tensor>>();
            foreach (var (kernel, inner, outer, squeezes, stride) in s_stages[index])
            {
                blocks.Add(new RepGhostBottleneck(channels, Scaled(options, inner), Scaled(options, outer), kernel, squeezes, stride));
                channels = Scaled(options, outer);
            }

            var isMap = s_stages[index][0].Stride > 1;
            model.Add($"blocks_{index}", Sequential(blocks), isMap);
            left -= isMap ? 1 : 0;
        }

        return model;
    }
}

/// <summary>Keys: ghost1, conv_dw, bn_dw, se, ghost2, shortcut.</summary>
internal sealed class RepGhostBottleneck : Module<Tensor, Tensor>
{
    private readonly RepGhostModule ghost1;
    private readonly Conv2d? conv_dw;
    private readonly BatchNorm2d? bn_dw;
    private readonly MobileSqueezeExcite? se;
    private readonly RepGhostModule ghost2;
    private readonly Sequential? shortcut;

    public RepGhostBottleneck(int inChannels, int inner, int outChannels, int kernel, bool squeezes, int stride) : base(nameof(RepGhostBottleneck))
    {
        ghost1 = new RepGhostModule(inChannels, inner, active: true);
        conv_dw = stride > 1 ? Conv2d(inner, inner, kernel, stride: stride, padding: kernel / 2, groups: inner, bias: false) : null;
        bn_dw = stride > 1 ? BatchNorm2d(inner) : null;
        se = squeezes ? new MobileSqueezeExcite(inner, Blocks.MakeDivisible(inner / 4.0, 4), MobileActivation.ReLU, hard: true) : null;
        ghost2 = new RepGhostModule(inner, outChannels, active: false);
        shortcut = inChannels == outChannels && stride == 1 ? null : Sequential(
            Conv2d(inChannels, inChannels, kernel, stride: stride, padding: kernel / 2, groups: inChannels, bias: false), BatchNorm2d(inChannels),
            Conv2d(inChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = ghost1.forward(input);
        x = conv_dw is null ? x : bn_dw!.forward(conv_dw.forward(x));
        return (ghost2.forward(se?.forward(x) ?? x) + (shortcut?.forward(input) ?? input)).MoveToOuterDisposeScope();
    }

    /// <summary>Keys: primary_conv, fusion_bn, cheap_operation.</summary>
    private sealed class RepGhostModule : Module<Tensor, Tensor>
    {
        private readonly Sequential primary_conv, fusion_bn, cheap_operation;
        private readonly bool _active;

        public RepGhostModule(int inChannels, int outChannels, bool active) : base(nameof(RepGhostModule))
        {
            _active = active;
            primary_conv = Sequential(Conv2d(inChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels));
            fusion_bn = Sequential(BatchNorm2d(outChannels));
            cheap_operation = Sequential(Conv2d(outChannels, outChannels, 3, padding: 1, groups: outChannels, bias: false), BatchNorm2d(outChannels));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = primary_conv.forward(input);
            x = _active ? functional.relu(x) : x;
            x = cheap_operation.forward(x) + fusion_bn.forward(x);
            return (_active ? functional.relu(x) : x).MoveToOuterDisposeScope();
        }
    }
}
