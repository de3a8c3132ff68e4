using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ResNeSt;

/// <param name="Radix">Maps that attention weighs for each channel.</param>
/// <param name="Cardinality">Groups of channels.</param>
/// <param name="BaseWidth">Channels of a group at the first stage.</param>
/// <param name="AverageFirst">Where a stage halves, the averaging comes before the convolution, not after it.</param>
internal sealed record Splits(int Radix = 2, int Cardinality = 1, int BaseWidth = 64, bool AverageFirst = false);

/// <summary>A bottleneck with split attention in the middle, which leaves strides to averaging.</summary>
internal sealed class ResNeStBottleneck : Module<Tensor, Tensor>
{
    public const int Expansion = 4;
    private readonly int _stride;
    private readonly bool _averageFirst;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly SplitAttention conv2;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly Module<Tensor, Tensor>? downsample;

    public ResNeStBottleneck(ResidualPlace place, Splits splits) : base(nameof(ResNeStBottleneck))
    {
        var width = place.Width * splits.BaseWidth / 64 * splits.Cardinality;
        (_stride, _averageFirst) = (place.Stride, splits.AverageFirst);
        conv1 = Conv2d(place.InChannels, width, 1, bias: false);
        bn1 = BatchNorm2d(width);
        conv2 = new SplitAttention(width, place.FirstDilation, splits);
        conv3 = Conv2d(width, place.Width * Expansion, 1, bias: false);
        bn3 = BatchNorm2d(place.Width * Expansion);
        downsample = place.Shortcut;
        RegisterComponents();
        init.zeros_(bn3.weight!);                                   // timm: a block starts as its shortcut
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        x = _averageFirst ? conv2.forward(Halved(x)) : Halved(conv2.forward(x));
        x = bn3.forward(conv3.forward(x));
        return functional.relu(x.add_(downsample?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }

    private Tensor Halved(Tensor x) => _stride == 1 ? x : functional.avg_pool2d(x, 3, _stride, 1);
}
