using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.HGNet;

/// <summary>Convolution, normalisation, and mostly ReLU. Keys: conv, bn, lab (scale, bias).</summary>
internal sealed class Layer : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d bn;
    private readonly AffineFactor? lab;
    private readonly bool _active;

    public Layer(int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1, bool active = true, bool affine = false) : base(nameof(Layer))
    {
        // Even kernels see what a pad of their own has put below and to the right.
        conv = Conv2d(inChannels, outChannels, kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups, bias: false);
        bn = BatchNorm2d(outChannels);
        lab = active && affine ? new AffineFactor() : null;
        _active = active;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = bn.forward(conv.forward(input));
        x = _active ? functional.relu(x) : x;
        return (lab?.forward(x) ?? x).MoveToOuterDisposeScope();
    }

    private sealed class AffineFactor : Module<Tensor, Tensor>
    {
        private readonly Parameter scale, bias;

        public AffineFactor() : base(nameof(AffineFactor))
        {
            (scale, bias) = (new Parameter(ones(1)), new Parameter(zeros(1)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return ((scale * input) + bias).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>A pointwise convolution, then a depthwise one. Keys: conv1, conv2.</summary>
internal sealed class LightLayer : Module<Tensor, Tensor>
{
    private readonly Layer conv1;
    private readonly Layer conv2;

    public LightLayer(int inChannels, int outChannels, int kernel, bool affine) : base(nameof(LightLayer))
    {
        conv1 = new Layer(inChannels, outChannels, 1, active: false);
        conv2 = new Layer(outChannels, outChannels, kernel, groups: outChannels, affine: affine);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return conv2.forward(conv1.forward(input)).MoveToOuterDisposeScope();
    }
}

/// <summary>Layers in a row, and a joint of the input and all they give. Keys: layers, aggregation.</summary>
internal sealed class HGNetBlock : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> layers;
    private readonly Sequential aggregation;
    private readonly bool _residual;

    public HGNetBlock(HGNetVariant variant, HGNetStageNumbers stage, int inChannels, bool residual) : base(nameof(HGNetBlock))
    {
        var (inner, outer, affine) = (stage.InnerChannels, stage.OutChannels, variant.Affine);
        _residual = residual;
        layers = ModuleList<Module<Tensor, Tensor>>([.. Enumerable.Range(0, variant.Layers).Select<int, Module<Tensor, Tensor>>(i =>
            stage.IsLight ? new LightLayer(i == 0 ? inChannels : inner, inner, 5, affine) : new Layer(i == 0 ? inChannels : inner, inner, 3, affine: affine))]);
        var joined = inChannels + (variant.Layers * inner);
        aggregation = variant.IsSecond
            ? Sequential(new Layer(joined, outer / 2, 1, affine: affine), new Layer(outer / 2, outer, 1, affine: affine))
            : Sequential(new Layer(joined, outer, 1), new Gate(outer));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var given = new List<Tensor> { input };
        foreach (var layer in layers)
        {
            given.Add(layer.forward(given[^1]));
        }

        var x = aggregation.forward(cat(given, 1));
        return (_residual ? x + input : x).MoveToOuterDisposeScope();
    }

    /// <summary>Weighs each channel by what all channels' means say, in one layer. Key: conv.</summary>
    private sealed class Gate : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;

        public Gate(int channels) : base(nameof(Gate))
        {
            conv = Conv2d(channels, channels, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return (input * conv.forward(input.mean([2, 3], keepdim: true)).sigmoid()).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Blocks at one resolution, behind a depthwise convolution that halves. Keys: downsample, blocks.</summary>
internal sealed class HGNetStage : Module<Tensor, Tensor>
{
    private readonly Layer? downsample;
    private readonly Sequential blocks;

    public HGNetStage(HGNetVariant variant, int index) : base(nameof(HGNetStage))
    {
        var stage = variant.Stages[index];
        var before = index == 0 ? variant.Stem[^1] : variant.Stages[index - 1].OutChannels;
        downsample = index == 0 ? null : new Layer(before, before, 3, 2, before, active: false);
        blocks = Sequential(Enumerable.Range(0, stage.Blocks).Select(i => new HGNetBlock(variant, stage, i == 0 ? before : stage.OutChannels, residual: i > 0)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
    }
}

/// <summary>Key: stem.</summary>
internal sealed class FirstStem : Module<Tensor, Tensor>
{
    private readonly Sequential stem;
    private readonly MaxPool2d pool;

    public FirstStem(HGNetVariant variant, int inChannels) : base(nameof(FirstStem))
    {
        stem = Sequential(variant.Stem.Select((channels, i) => new Layer(i == 0 ? inChannels : variant.Stem[i - 1], channels, 3, i == 0 ? 2 : 1)));
        pool = MaxPool2d(3, 2, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return pool.forward(stem.forward(input)).MoveToOuterDisposeScope();
    }
}

/// <summary>Keys: stem1, stem2a, stem2b, stem3, stem4.</summary>
internal sealed class SecondStem : Module<Tensor, Tensor>
{
    private readonly Layer stem1, stem2a, stem2b, stem3, stem4;

    public SecondStem(HGNetVariant variant, int inChannels) : base(nameof(SecondStem))
    {
        var (inner, affine) = (variant.Stem[0], variant.Affine);
        stem1 = new Layer(inChannels, inner, 3, 2, affine: affine);
        stem2a = new Layer(inner, inner / 2, 2, affine: affine);
        stem2b = new Layer(inner / 2, inner, 2, affine: affine);
        stem3 = new Layer(2 * inner, inner, 3, 2, affine: affine);
        stem4 = new Layer(inner, variant.Stem[1], 1, affine: affine);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = Padded(stem1.forward(input));
        var deep = stem2b.forward(Padded(stem2a.forward(x)));
        return stem4.forward(stem3.forward(cat([functional.max_pool2d(x, 2, 1, ceil_mode: true), deep], 1))).MoveToOuterDisposeScope();
    }

    private static Tensor Padded(Tensor x) => functional.pad(x, [0, 1, 0, 1]);
}
