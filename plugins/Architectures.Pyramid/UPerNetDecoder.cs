using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Pyramid;

/// <summary>Normalises the encoder's maps from a quarter of the image's size on, carries the deepest one's knowledge down, and fuses all at the largest size.</summary>
internal sealed class UPerNetDecoder : Module<IReadOnlyList<Tensor>, Tensor>
{
    private const int FirstMap = 2;                                 // of a quarter of the image's size
    private const double NormEps = 1e-6;

    private readonly ModuleList<LayerNorm2d> feature_norms;
    private readonly PooledContext psp;
    private readonly ModuleList<Lateral> fpn_lateral_blocks;        // deepest first, as all that follows
    private readonly ModuleList<Sequential> fpn_conv_blocks;
    private readonly Sequential fusion_block;

    public UPerNetDecoder(IReadOnlyList<int> encoderChannels, int channels, Norm norm) : base(nameof(UPerNetDecoder))
    {
        int[] used = [.. encoderChannels.Skip(FirstMap)];
        int[] laterals = [.. used.SkipLast(1).Reverse()];
        feature_norms = ModuleList([.. used.Select(c => new LayerNorm2d(c, NormEps))]);
        psp = new PooledContext(used[^1], channels, norm);
        fpn_lateral_blocks = ModuleList([.. laterals.Select(c => new Lateral(c, channels, norm))]);
        fpn_conv_blocks = ModuleList([.. laterals.Select(_ => Blocks.Conv2dReLU(channels, channels, norm: norm))]);
        fusion_block = Blocks.Conv2dReLU(used.Length * channels, channels, norm: norm);
        RegisterComponents();
    }

    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        Tensor[] maps = [.. input.Skip(FirstMap).Select((map, i) => feature_norms[i].forward(map))];
        var x = psp.forward(maps[^1]);
        var pyramid = new List<Tensor> { x };
        for (var i = 0; i < fpn_lateral_blocks.Count; i++)
        {
            x = fpn_lateral_blocks[i].forward(x, maps[^(i + 2)]);
            pyramid.Add(fpn_conv_blocks[i].forward(x));
        }

        var (height, width) = (pyramid[^1].shape[2], pyramid[^1].shape[3]);
        var resized = pyramid.Select(map => Resampling.To(map, height, width)).Reverse();
        return fusion_block.forward(cat([.. resized], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>Adds what comes from below, enlarged, to the encoder's map. Key: conv_norm_relu.</summary>
    private sealed class Lateral : Module<Tensor, Tensor, Tensor>
    {
        private readonly Sequential conv_norm_relu;

        public Lateral(int inChannels, int outChannels, Norm norm) : base(nameof(Lateral))
        {
            conv_norm_relu = Blocks.Conv2dReLU(inChannels, outChannels, kernel: 1, norm: norm);
            RegisterComponents();
        }

        public override Tensor forward(Tensor below, Tensor beside)
        {
            using var scope = NewDisposeScope();
            return (Resampling.To(below, beside.shape[2], beside.shape[3]) + conv_norm_relu.forward(beside)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Joins a map with its means over grids of 1, 2, 3 and 6 cells a side. Keys: blocks, out_conv.</summary>
    private sealed class PooledContext : Module<Tensor, Tensor>
    {
        private static readonly int[] Grids = [1, 2, 3, 6];

        private readonly ModuleList<Sequential> blocks;
        private readonly Sequential out_conv;

        public PooledContext(int inChannels, int outChannels, Norm norm) : base(nameof(PooledContext))
        {
            blocks = ModuleList([.. Grids.Select(side => Sequential(AdaptiveAvgPool2d(side), Blocks.Conv2dReLU(inChannels, outChannels, kernel: 1, norm: norm)))]);
            out_conv = Blocks.Conv2dReLU(inChannels + (Grids.Length * outChannels), outChannels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var means = blocks.Select(block => Resampling.To(block.forward(input), input.shape[2], input.shape[3]));
            return out_conv.forward(cat([input, .. means], 1)).MoveToOuterDisposeScope();
        }
    }
}
