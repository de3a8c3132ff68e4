using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DLA;

/// <summary>A residual block whose shortcut comes from outside.</summary>
internal abstract class LeafBlock(string name) : Module(name)
{
    public static LeafBlock Of(DLAVariant variant, int inChannels, int outChannels, int stride) => variant.Leaf switch
    {
        Leaf.Basic => new BasicLeaf(inChannels, outChannels, stride),
        Leaf.Bottleneck => new BottleneckLeaf(inChannels, outChannels, stride, variant.Inner(outChannels), variant.Groups),
        _ => new ScaledLeaf(inChannels, outChannels, stride, variant.Inner(outChannels), variant.Groups),
    };

    /// <param name="input">(N, C, H, W).</param>
    /// <param name="shortcut">Of the shape of the result.</param>
    public Tensor Pass(Tensor input, Tensor shortcut)
    {
        using var scope = NewDisposeScope();
        return functional.relu(Branch(input) + shortcut).MoveToOuterDisposeScope();
    }

    protected abstract Tensor Branch(Tensor input);

    /// <summary>Keys: conv1, bn1, conv2, bn2.</summary>
    private sealed class BasicLeaf : LeafBlock
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly Conv2d conv2;
        private readonly BatchNorm2d bn2;

        public BasicLeaf(int inChannels, int outChannels, int stride) : base(nameof(BasicLeaf))
        {
            conv1 = Conv2d(inChannels, outChannels, 3, stride: stride, padding: 1, bias: false);
            bn1 = BatchNorm2d(outChannels);
            conv2 = Conv2d(outChannels, outChannels, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(outChannels);
            RegisterComponents();
        }

        protected override Tensor Branch(Tensor input) => bn2.forward(conv2.forward(functional.relu(bn1.forward(conv1.forward(input)))));
    }

    /// <summary>Keys: conv1, bn1, conv2, bn2, conv3, bn3.</summary>
    private sealed class BottleneckLeaf : LeafBlock
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly Conv2d conv2;
        private readonly BatchNorm2d bn2;
        private readonly Conv2d conv3;
        private readonly BatchNorm2d bn3;

        public BottleneckLeaf(int inChannels, int outChannels, int stride, int inner, int groups) : base(nameof(BottleneckLeaf))
        {
            conv1 = Conv2d(inChannels, inner, 1, bias: false);
            bn1 = BatchNorm2d(inner);
            conv2 = Conv2d(inner, inner, 3, stride: stride, padding: 1, groups: groups, bias: false);
            bn2 = BatchNorm2d(inner);
            conv3 = Conv2d(inner, outChannels, 1, bias: false);
            bn3 = BatchNorm2d(outChannels);
            RegisterComponents();
        }

        protected override Tensor Branch(Tensor input)
        {
            var x = functional.relu(bn1.forward(conv1.forward(input)));
            return bn3.forward(conv3.forward(functional.relu(bn2.forward(conv2.forward(x)))));
        }
    }

    /// <summary>Keys: conv1, bn1, convs, bns, conv3, bn3.</summary>
    /// <remarks>Gao et al. 2019, arXiv:1904.01169.</remarks>
    private sealed class ScaledLeaf : LeafBlock
    {
        private const int Scales = 4;

        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly ModuleList<Conv2d> convs;
        private readonly ModuleList<BatchNorm2d> bns;
        private readonly Conv2d conv3;
        private readonly BatchNorm2d bn3;
        private readonly bool _halves;

        public ScaledLeaf(int inChannels, int outChannels, int stride, int inner, int groups) : base(nameof(ScaledLeaf))
        {
            _halves = stride > 1;
            conv1 = Conv2d(inChannels, Scales * inner, 1, bias: false);
            bn1 = BatchNorm2d(Scales * inner);
            convs = ModuleList([.. Enumerable.Range(1, Scales - 1).Select(_ => Conv2d(inner, inner, 3, stride: stride, padding: 1, groups: groups, bias: false))]);
            bns = ModuleList([.. Enumerable.Range(1, Scales - 1).Select(_ => BatchNorm2d(inner))]);
            conv3 = Conv2d(Scales * inner, outChannels, 1, bias: false);
            bn3 = BatchNorm2d(outChannels);
            RegisterComponents();
        }

        protected override Tensor Branch(Tensor input)
        {
            var parts = functional.relu(bn1.forward(conv1.forward(input))).chunk(Scales, 1);
            var given = new List<Tensor>();
            for (var i = 0; i < Scales - 1; i++)
            {
                given.Add(functional.relu(bns[i].forward(convs[i].forward(i == 0 || _halves ? parts[i] : given[^1] + parts[i]))));
            }

            given.Add(_halves ? functional.avg_pool2d(parts[^1], 3, 2, 1) : parts[^1]);
            return bn3.forward(conv3.forward(cat(given, 1)));
        }
    }
}
