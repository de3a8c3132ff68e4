using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>
/// mmseg's ResNet: V1c has three 3×3 convolutions for the first 7×7 one, V1d averages before its shortcuts too. Keys: stem or
/// conv1 and bn1, then layer1 to layer4.
/// </summary>
/// <remarks>He et al. 2016, arXiv:1512.03385; V1c and V1d: He et al. 2019, arXiv:1812.01187.</remarks>
internal sealed class ResNetBackbone : Backbone
{
    private readonly List<Sequential> _layers = [];
    private readonly Sequential _stem;
    private readonly int[] _given;
    private readonly bool _normEval;

    public ResNetBackbone(Settings settings, int inChannels, bool deepStem, bool averageDown) : base("ResNet")
    {
        var depth = int.Parse(settings.Word("depth", null, "18", "34", "50", "101", "152"), System.Globalization.CultureInfo.InvariantCulture);
        var variant = ResNetVariant.Named($"resnet{depth}");
        var stages = settings.Whole("num_stages", 4);
        if (stages > 4)
        {
            throw settings.Refused("num_stages", $"{stages} must be at most 4");
        }

        var (stemChannels, width) = (settings.Whole("stem_channels", 64), settings.Whole("base_channels", 64));
        var (strides, dilations) = (settings.Wholes("strides", stages, [1, 2, 2, 2]), settings.Wholes("dilations", stages, [1, 1, 1, 1]));
        var contract = settings.Flag("contract_dilation", false);
        _normEval = settings.Flag("norm_eval", false);
        _given = OutIndices(settings, stages);
        (deepStem, averageDown) = (settings.Flag("deep_stem", deepStem), settings.Flag("avg_down", averageDown));
        var silent = settings.Flag("zero_init_residual", true);
        settings.Word("style", "pytorch", "pytorch");
        settings.Unsupported("conv_cfg", "dcn", "plugins", "multi_grid");
        settings.Ignore("stage_with_dcn");
        if (settings.Inner("norm_cfg") is { } norm)
        {
            norm.Word("type", null, "BN", "BN2d", "SyncBN");
            norm.Ignore("requires_grad");
            norm.Finish();
        }

        _stem = Stem(inChannels, stemChannels, deepStem);
        var channels = stemChannels;
        for (var stage = 0; stage < stages; stage++)
        {
            var layer = Layer(variant, stage, channels, width << stage, strides[stage], dilations[stage], contract, averageDown);
            channels = (width << stage) * variant.Expansion;
            register_module($"layer{stage + 1}", layer);
            _layers.Add(layer);
        }

        Channels = [.. _given.Select(stage => (width << stage) * variant.Expansion)];
        Stride = 4 * strides[..(_given[^1] + 1)].Aggregate(1, (a, b) => a * b);
        Initialize(silent, variant.Bottleneck ? ".bn3.weight" : ".bn2.weight");
    }

    public override IReadOnlyList<int> Channels { get; }

    public override int Stride { get; }

    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.max_pool2d(_stem.forward(input), 3, 2, 1);
        var maps = new List<Tensor>();
        for (var stage = 0; stage <= _given[^1]; stage++)
        {
            x = _layers[stage].forward(x);
            if (_given.Contains(stage))
            {
                maps.Add(x);
            }
        }

        return maps.MoveToOuterDisposeScope();
    }

    public override void train(bool train = true)
    {
        base.train(train);
        if (train && _normEval)
        {
            foreach (var norm in modules().OfType<BatchNorm2d>())
            {
                norm.eval();
            }
        }
    }

    private Sequential Stem(int inChannels, int channels, bool deep)
    {
        if (deep)
        {
            var stem = Sequential(
                Conv2d(inChannels, channels / 2, 3, stride: 2, padding: 1, bias: false), BatchNorm2d(channels / 2), ReLU(inplace: true),
                Conv2d(channels / 2, channels / 2, 3, padding: 1, bias: false), BatchNorm2d(channels / 2), ReLU(inplace: true),
                Conv2d(channels / 2, channels, 3, padding: 1, bias: false), BatchNorm2d(channels), ReLU(inplace: true));
            register_module("stem", stem);
            return stem;
        }

        var (conv1, bn1) = (Conv2d(inChannels, channels, 7, stride: 2, padding: 3, bias: false), BatchNorm2d(channels));
        register_module(nameof(conv1), conv1);
        register_module(nameof(bn1), bn1);
        return Sequential(conv1, bn1, ReLU(inplace: true));
    }

    // Contracted, the first block has half the stage's dilation; a basic block's second convolution has none.
    private static Sequential Layer(ResNetVariant variant, int stage, int inChannels, int width, int stride, int dilation, bool contract, bool averageDown)
    {
        var outChannels = width * variant.Expansion;
        return Sequential(Enumerable.Range(0, variant.Blocks[stage]).Select(i =>
        {
            var (channels, step, rate) = i == 0 ? (inChannels, stride, contract && dilation > 1 ? dilation / 2 : dilation) : (outChannels, 1, dilation);
            var shortcut = averageDown && step != 1 ? AveragedShortcut(channels, outChannels, step) : Shortcut.For(channels, outChannels, step);
            return (Module<Tensor, Tensor>)(variant.Bottleneck
                ? new BottleneckBlock(channels, width, outChannels, groups: 1, step, rate, shortcut)
                : new BasicBlock(channels, width, step, rate, dilation: 1, shortcut));
        }));
    }

    private static Sequential AveragedShortcut(int inChannels, int outChannels, int stride) => Sequential(
        AvgPool2d(stride, stride, ceil_mode: true, count_include_pad: false),
        Conv2d(inChannels, outChannels, 1, bias: false),
        BatchNorm2d(outChannels));

    private void Initialize(bool silent, string last)
    {
        Initialization.Encoder(this);
        foreach (var (_, weight) in named_parameters().Where(p => silent && p.name.EndsWith(last, StringComparison.Ordinal)))
        {
            init.zeros_(weight);                                    // residual branches begin silent
        }
    }
}
