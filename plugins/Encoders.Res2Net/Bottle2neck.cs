using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Res2Net;

/// <summary>
/// A bottleneck whose 3×3 convolution is a row of smaller ones: each also sees what the one before has made, and so a larger
/// surrounding. Where the stage begins they stand side by side, and the channels that pass unseen are averaged.
/// </summary>
internal sealed class Bottle2neck : Module<Tensor, Tensor>
{
    public const int Expansion = 4;
    private readonly int _width;
    private readonly int _stride;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly ModuleList<Conv2d> convs;
    private readonly ModuleList<BatchNorm2d> bns;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly Module<Tensor, Tensor>? downsample;

    /// <param name="place">Where it stands.</param>
    /// <param name="baseWidth">Channels of a group at the first stage, for each of <paramref name="cardinality"/>.</param>
    /// <param name="scale">Groups, the last of which is not convolved.</param>
    /// <param name="cardinality">Groups of each 3×3 convolution.</param>
    public Bottle2neck(ResidualPlace place, int baseWidth, int scale, int cardinality) : base(nameof(Bottle2neck))
    {
        (_width, _stride) = (place.Width * baseWidth / 64 * cardinality, place.Stride);
        conv1 = Conv2d(place.InChannels, _width * scale, 1, bias: false);
        bn1 = BatchNorm2d(_width * scale);
        convs = ModuleList([.. Enumerable.Range(0, scale - 1).Select(_ => Conv2d(
            _width, _width, 3, stride: place.Stride, padding: place.FirstDilation, dilation: place.FirstDilation, groups: cardinality, bias: false))]);
        bns = ModuleList([.. Enumerable.Range(0, scale - 1).Select(_ => BatchNorm2d(_width))]);
        conv3 = Conv2d(_width * scale, place.Width * Expansion, 1, bias: false);
        bn3 = BatchNorm2d(place.Width * Expansion);
        downsample = place.Shortcut;
        RegisterComponents();
        init.zeros_(bn3.weight!);                                   // timm: a block starts as its shortcut
    }

    private bool Begins => downsample is not null;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var groups = functional.relu(bn1.forward(conv1.forward(input)), inplace: true).split(_width, 1);
        var maps = new List<Tensor>();
        for (var i = 0; i < convs.Count; i++)
        {
            var x = i == 0 || Begins ? groups[i] : maps[i - 1] + groups[i];
            maps.Add(functional.relu(bns[i].forward(convs[i].forward(x)), inplace: true));
        }

        maps.Add(Begins ? functional.avg_pool2d(groups[^1], 3, _stride, 1) : groups[^1]);
        var joined = bn3.forward(conv3.forward(cat(maps, 1)));
        return functional.relu(joined.add_(downsample?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}
