using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EfficientNet;

/// <summary>SMP's own EfficientNet: padded as TensorFlow pads images of the size each was made for, whatever the size that comes.</summary>
/// <remarks>Member names are those of the PyTorch port that SMP took over.</remarks>
[Encoder("efficientnet-b0")]
[Encoder("efficientnet-b1")]
[Encoder("efficientnet-b2")]
[Encoder("efficientnet-b3")]
[Encoder("efficientnet-b4")]
[Encoder("efficientnet-b5")]
[Encoder("efficientnet-b6")]
[Encoder("efficientnet-b7")]
public sealed class EfficientNetEncoder : SmpEncoder
{
    private const double DropConnect = 0.2;

    // Blocks, kernel, stride, expansion, channels of each stage.
    private static readonly (int Repeats, int Kernel, int Stride, int Expansion, int Channels)[] s_stages =
        [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)];

    private readonly SameConv2d _conv_stem;
    private readonly BatchNorm2d _bn0;
    private readonly ModuleList<MBConvBlock> _blocks;
    private readonly Conv2d _conv_head;
    private readonly BatchNorm2d _bn1;
    private readonly int[] _mapsAfter;

    /// <summary>Builds the size that the options name.</summary>
    /// <exception cref="ConfigurationException">A depth outside 2–5, or an output stride other than 8, 16 and 32.</exception>
    public EfficientNetEncoder(EncoderOptions options) : base(options, Maps(Scale(options)), leastDepth: 2)
    {
        var scale = Scale(options);
        var stem = Round(scale, 32);
        _mapsAfter = MapsAfter(options.Name);
        _conv_stem = new SameConv2d(options.InChannels, stem, 3, stride: 2, nominal: scale.Side);
        _bn0 = MBConvBlock.Norm(stem);
        _blocks = ModuleList([.. Build(scale, stem)]);
        _conv_head = Conv2d(Round(scale, 320), Round(scale, 1280), 1, bias: false);      // unused, and in the reference's files
        _bn1 = MBConvBlock.Norm(Round(scale, 1280));
        RegisterComponents();
        Dilation.Apply(options.OutputStride, [.. _blocks.Skip(_mapsAfter[1] + 1).Select((block, i) => (i < _mapsAfter[2] - _mapsAfter[1] ? 16 : 32, (Module)block))]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = functional.silu(_bn0.forward(_conv_stem.forward(input)));
        var maps = new List<Tensor> { x };                          // (N, C, H/2, W/2)
        var last = _mapsAfter[Depth - 2];
        // In training the reference also runs the next stage, whose running statistics move with it.
        var through = training ? _mapsAfter[Math.Min(Depth - 1, _mapsAfter.Length - 1)] : last;
        for (var i = 0; i <= through; i++)
        {
            using var unused = i <= last ? null : no_grad();
            x = _blocks[i].forward(x);
            if (i <= last && _mapsAfter.Contains(i))
            {
                maps.Add(x);
            }
        }

        return [input, .. maps.MoveToOuterDisposeScope()];
    }

    private static IEnumerable<MBConvBlock> Build(EfficientNetScale scale, int stem)
    {
        var count = s_stages.Sum(stage => Repeats(scale, stage.Repeats));
        var (channels, side, done) = (stem, SameConv2d.Side(scale.Side, 2), 0);
        foreach (var (repeats, kernel, stride, expansion, unscaled) in s_stages)
        {
            for (var i = 0; i < Repeats(scale, repeats); i++)
            {
                yield return new MBConvBlock(channels, Round(scale, unscaled), expansion, kernel, i == 0 ? stride : 1, side, DropConnect * done++ / count);
                (channels, side) = (Round(scale, unscaled), i == 0 ? SameConv2d.Side(side, stride) : side);
            }
        }
    }

    /// <summary>The block that ends each map after the first; the b0's third lies inside a stage, as SMP has it.</summary>
    private static int[] MapsAfter(string name) => name switch
    {
        "efficientnet-b0" => [2, 4, 8, 15],
        "efficientnet-b1" or "efficientnet-b2" => [4, 7, 15, 22],
        "efficientnet-b3" => [4, 7, 17, 25],
        "efficientnet-b4" => [5, 9, 21, 31],
        "efficientnet-b5" => [7, 12, 26, 38],
        "efficientnet-b6" => [8, 14, 30, 44],
        _ => [10, 17, 37, 54],
    };

    private static EfficientNetScale Scale(EncoderOptions options) => EfficientNetScale.Named(options.Name["efficientnet-".Length..]);

    private static int[] Maps(EfficientNetScale scale) => [.. new[] { 32, 24, 40, 112, 320 }.Select(channels => Round(scale, channels))];

    private static int Round(EfficientNetScale scale, int channels) => Blocks.MakeDivisible(channels * scale.Width);

    private static int Repeats(EfficientNetScale scale, int repeats) => (int)Math.Ceiling(scale.Depth * repeats);
}
