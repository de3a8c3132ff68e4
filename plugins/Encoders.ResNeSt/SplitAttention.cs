using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ResNeSt;

/// <summary>Several convolutions of the same input, added with weights that their means decide. Keys: conv, bn0, fc1, bn1, fc2.</summary>
internal sealed class SplitAttention : Module<Tensor, Tensor>
{
    private readonly int _radix, _cardinality;
    private readonly Conv2d conv;
    private readonly BatchNorm2d bn0;
    private readonly Conv2d fc1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d fc2;

    public SplitAttention(int channels, int dilation, Splits splits) : base(nameof(SplitAttention))
    {
        (_radix, _cardinality) = (splits.Radix, splits.Cardinality);
        var squeezed = Blocks.MakeDivisible(channels * _radix / 4.0, least: 32);
        conv = Conv2d(channels, channels * _radix, 3, padding: dilation, dilation: dilation, groups: _cardinality * _radix, bias: false);
        bn0 = BatchNorm2d(channels * _radix);
        fc1 = Conv2d(channels, squeezed, 1, groups: _cardinality);
        bn1 = BatchNorm2d(squeezed);
        fc2 = Conv2d(squeezed, channels * _radix, 1, groups: _cardinality);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn0.forward(conv.forward(input)), inplace: true);
        var (n, channels, height, width) = (x.shape[0], x.shape[1] / _radix, x.shape[2], x.shape[3]);
        var maps = x.reshape(n, _radix, channels, height, width);
        var means = maps.sum([1]).mean([2, 3], keepdim: true);      // (N, C, 1, 1)
        var scores = fc2.forward(functional.relu(bn1.forward(fc1.forward(means)), inplace: true));
        return (maps * Weights(scores).reshape(n, _radix, channels, 1, 1)).sum([1]).MoveToOuterDisposeScope();
    }

    // Scores lie by group, then by map; weights by map, then by group.
    private Tensor Weights(Tensor scores) => _radix == 1
        ? scores.sigmoid()
        : scores.reshape(scores.shape[0], _cardinality, _radix, -1).transpose(1, 2).softmax(1);
}
