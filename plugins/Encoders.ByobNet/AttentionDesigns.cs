using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ByobNet;

/// <summary>The designs with attention among pixels, by timm's names.</summary>
/// <remarks>BoTNet: Srinivas et al. 2021, arXiv:2101.11605; HaloNet: Vaswani et al. 2021, arXiv:2103.12731; LambdaNetworks: Bello 2021, arXiv:2102.08602; the numbers are timm's.</remarks>
internal static class AttentionDesigns
{
    private static readonly int[] s_tiered = [24, 32, 64];

    /// <summary>The design of a name; null where none has it.</summary>
    public static ByobDesign? Named(string name) => name switch
    {
        "botnet26t_256" => Short(0, Bottleneck(0)),
        "eca_botnext26ts_256" => Short(16, Bottleneck(16)) with { Activation = SiLU, Attention = ByobDesigns.Neighbours },
        "halonet26t" => Short(0, Halo(halo: 2)) with { SizeMultiple = 256 },
        "eca_halonext26ts" => Short(16, Halo(halo: 2, head: 16)) with { Activation = SiLU, Attention = ByobDesigns.Neighbours, SizeMultiple = 256 },
        "lambda_resnet26t" => Short(0, Lambda(9)),
        "lambda_resnet26rpt_256" => Short(0, Lambda(null)),
        "sebotnet33ts_256" => Middle(Bottleneck(0)),
        "sehalonet33ts" => Middle(Halo()) with { SizeMultiple = 256 },
        "botnet50ts_256" => Long(Every(512, Bottleneck(0), 4, 3), Bottleneck(0), Bottleneck(0)),
        "halonet50ts" => Long(Every(512, Halo(heads: 4), 4, 3), Halo(), Halo()) with { SizeMultiple = 256 },
        "lambda_resnet50ts" => Long(Every(512, Lambda(9), 4, 3), Lambda(9), Lambda(9)),
        "lamhalobotnet50ts_256" => Long(Every(512, Lambda(13), 4, 1, 3), Halo(), Bottleneck(0)) with { StemPool = null, SizeMultiple = 128 },
        "halo2botnet50ts_256" => Long(Every(512, Halo(), 4, 1, 3), Halo(), Bottleneck(0)) with { StemPool = null, SizeMultiple = 128 },
        "halonet_h1" => new([Attended(64, 3, 1), Attended(128, 3, 2), Attended(256, 10, 2), Attended(512, 3, 2)]) { Stem = [64], StemKernel = 7, StemPool = Halved, SizeMultiple = 256 },
        "haloregnetz_b" => Regular(),
        _ => null,
    };

    private static ByobDesign Short(int group, MakeAttention attention) => new(
        [new("bottle", 2, 256, 1, group, 0.25)], [new("bottle", 2, 512, 2, group, 0.25)], Every(1024, attention, 2, 1, group: group), [new("attn", 2, 2048, 2, group, 0.25) { SelfAttention = attention }])
    {
        Stem = s_tiered,
        StemPool = Halved,
    };

    private static ByobDesign Middle(MakeAttention attention) => new(
        [new("bottle", 2, 256, 1, 0, 0.25)], Every(512, attention, 3, 2), Every(1024, attention, 3, 2), [new("attn", 2, 1536, 2, 0, 0.333) { SelfAttention = attention }])
    {
        Stem = s_tiered,
        Last = 1280,
        Activation = SiLU,
        Attention = ByobDesigns.Squeeze,
    };

    private static ByobDesign Long(ByobBlocks[] second, MakeAttention third, MakeAttention fourth) => new(
        [new("bottle", 3, 256, 1, 0, 0.25)], second, Every(1024, third, 6, 1, 3, 5), Every(2048, fourth, 3, 1))
    {
        Stem = s_tiered,
        StemPool = Halved,
        Activation = SiLU,
    };

    private static ByobDesign Regular()
    {
        MakeAttention attention = (channels, stride, _) => new HaloAttention(channels, stride, block: 7, halo: 2, share: 0.33);
        return new(
            [new("bottle", 2, 48, 2, 16, 3)], [new("bottle", 6, 96, 2, 16, 3)],
            [.. Enumerable.Range(0, 12).Select(i => i % 4 == 3 ? new ByobBlocks("attn", 1, 192, 2, 16, 3) { SelfAttention = attention } : new ByobBlocks("bottle", 1, 192, 2, 16, 3))],
            [new("attn", 2, 288, 2, 16, 3) { SelfAttention = attention }])
        {
            Last = 1536,
            Shortcut = ByobShortcut.None,
            InnerFromInput = true,
            Activation = SiLU,
            Attention = ByobDesigns.WideSqueeze,
            SizeMultiple = 224,
        };
    }

    // A stage of so many blocks, those at some places with attention.
    private static ByobBlocks[] Every(int channels, MakeAttention attention, int blocks, int place, int second = -1, int third = -1, int group = 0) =>
    [
        .. Enumerable.Range(0, blocks).Select(i => i == place || i == second || i == third
            ? new ByobBlocks("attn", 1, channels, 2, group, 0.25) { SelfAttention = attention }
            : new ByobBlocks("bottle", 1, channels, 2, group, 0.25)),
    ];

    private static ByobBlocks[] Attended(int channels, int blocks, int stride) => [new("attn", blocks, channels, stride) { SelfAttention = Halo() }];

    private static MakeAttention Bottleneck(int head) => (channels, stride, map) => new BottleneckAttention(channels, stride, map, head);

    private static MakeAttention Halo(int halo = 3, int heads = 8, int head = 0) => (channels, stride, _) => new HaloAttention(channels, stride, halo: halo, heads: heads, head: head);

    private static MakeAttention Lambda(int? reach) => (channels, stride, map) => new LambdaLayer(channels, stride, map, reach);

    private static Module<Tensor, Tensor> Halved() => MaxPool2d(3, 2, 1);

    private static Module<Tensor, Tensor> SiLU() => nn.SiLU(inplace: true);
}
