using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ByobNet;

/// <summary>The designs by timm's names.</summary>
/// <remarks>RepVGG: Ding et al. 2021, arXiv:2101.03697, table 2; MobileOne: Vasu et al. 2022, arXiv:2206.04040, table 2; RegNetZ: Dollár et al. 2021,
/// arXiv:2103.06877, with timm's numbers; CLIP: Radford et al. 2021, arXiv:2103.00020; the ResNets with ts, t and q are timm's own.</remarks>
internal static class ByobDesigns
{
    private static readonly ByobDesign s_resNeXt26 = Tiered(Bottlenecks([2, 2, 2, 2], [256, 512, 1024, 2048], 32)) with { StemPool = Halved, Activation = SiLU };
    private static readonly ByobDesign s_resNet32 = Tiered(Bottlenecks([2, 3, 3, 2], [256, 512, 1536, 1536], 0)) with { Activation = SiLU };
    private static readonly ByobDesign s_resNet33 = s_resNet32 with { Last = 1280 };

    private static readonly ByobDesign s_quad = new(
        [new("bottle", 2, 256, 1, 32, 0.25)], [new("bottle", 4, 512, 2, 32, 0.25)], [new("bottle", 6, 1536, 2, 32, 0.25)], [new("bottle", 4, 1536, 2, 1)])
    {
        Stem = [16, 32, 64, 128],
        Last = 2048,
        Activation = SiLU,
    };

    /// <summary>The design of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static ByobDesign Named(string encoder) => encoder["tu-".Length..] switch
    {
        "repvgg_a0" => RepVgg([2, 4, 14, 1], 0.75, 2.5, stem: 48),
        "repvgg_a1" => RepVgg([2, 4, 14, 1], 1, 2.5),
        "repvgg_a2" => RepVgg([2, 4, 14, 1], 1.5, 2.75),
        "repvgg_b0" => RepVgg([4, 6, 16, 1], 1, 2.5),
        "repvgg_b1" => RepVgg([4, 6, 16, 1], 2, 4),
        "repvgg_b1g4" => RepVgg([4, 6, 16, 1], 2, 4, groups: 4),
        "repvgg_b2" => RepVgg([4, 6, 16, 1], 2.5, 5),
        "repvgg_b2g4" => RepVgg([4, 6, 16, 1], 2.5, 5, groups: 4),
        "repvgg_b3" => RepVgg([4, 6, 16, 1], 3, 5),
        "repvgg_b3g4" => RepVgg([4, 6, 16, 1], 3, 5, groups: 4),
        "repvgg_d2se" => RepVgg([8, 14, 24, 1], 2.5, 5, squeezes: true),
        "mobileone_s0" => MobileOne(48, [0.75, 1, 1, 2]) with { Branches = 4 },
        "mobileone_s1" => MobileOne(64, [1.5, 1.5, 2, 2.5]),
        "mobileone_s2" => MobileOne(64, [1.5, 2, 2.5, 4]),
        "mobileone_s3" => MobileOne(64, [2, 2.5, 3, 4]),
        "mobileone_s4" => MobileOne(64, [3, 3.5, 3.5, 4], [0, 0, 5, 1]),
        "regnetz_b16" => RegNetZ([2, 6, 12, 2], [48, 96, 192, 288], 16, 3, 1536) with { Stem = [32] },
        "regnetz_c16" => RegNetZ([2, 6, 12, 2], [48, 96, 192, 288], 16, 4, 1536) with { Stem = [32] },
        "regnetz_d8" => RegNetZ([3, 6, 12, 3], [64, 128, 256, 384], 8, 4, 1792),
        "regnetz_d32" => RegNetZ([3, 6, 12, 3], [64, 128, 256, 384], 32, 4, 1792),
        "regnetz_e8" => RegNetZ([3, 8, 16, 3], [96, 192, 384, 512], 8, 4, 2048),
        "regnetz_b16_evos" => RegNetZ([2, 6, 12, 2], [48, 96, 192, 288], 16, 3, 1536) with { Stem = [32], NormAct = Evolved },
        "regnetz_c16_evos" => RegNetZ([2, 6, 12, 2], [48, 96, 192, 288], 16, 4, 1536) with { Stem = [32], NormAct = Evolved },
        "regnetz_d8_evos" => RegNetZ([3, 6, 12, 3], [64, 128, 256, 384], 8, 4, 1792) with { Stem = [64, 64, 64], NormAct = Evolved },
        "resnext26ts" => s_resNeXt26,
        "seresnext26ts" => s_resNeXt26 with { Attention = Squeeze },
        "gcresnext26ts" => s_resNeXt26 with { Attention = Context },
        "eca_resnext26ts" => s_resNeXt26 with { Attention = Neighbours },
        "bat_resnext26ts" => s_resNeXt26 with { Attention = channels => new BilinearAttention(channels, 8), SizeMultiple = 256 },
        "resnet32ts" => s_resNet32,
        "resnet33ts" => s_resNet33,
        "seresnet33ts" => s_resNet33 with { Attention = Squeeze },
        "gcresnet33ts" => s_resNet33 with { Attention = Context },
        "eca_resnet33ts" => s_resNet33 with { Attention = Neighbours },
        "gcresnet50t" => Tiered(Bottlenecks([3, 4, 6, 3], [256, 512, 1024, 2048], 0)) with { Attention = Context },
        "gcresnext50ts" => Tiered(Bottlenecks([3, 4, 6, 3], [256, 512, 1024, 2048], 32)) with { StemPool = Halved, Activation = SiLU, Attention = Context },
        "resnet51q" => s_quad with { StemActivations = 2 },
        "resnet61q" => s_quad with { Stages = [[new("edge", 1, 256, 1)], .. s_quad.Stages.Skip(1)], SecondConvolution = true },
        "resnet50_clip" or "resnet50_clip_gap" or "resnet50_mlp" => Clip([3, 4, 6, 3], 1),
        "resnet101_clip" or "resnet101_clip_gap" => Clip([3, 4, 23, 3], 1),
        "resnet50x4_clip" or "resnet50x4_clip_gap" => Clip([4, 6, 10, 6], 1.25),
        "resnet50x16_clip" or "resnet50x16_clip_gap" => Clip([6, 8, 18, 8], 1.5),
        "resnet50x64_clip" or "resnet50x64_clip_gap" => Clip([3, 15, 36, 10], 2),
        var name => AttentionDesigns.Named(name) ?? throw new ConfigurationException($"encoder 'tu-{name}' is no ByobNet that is known here."),
    };

    /// <summary>Squeeze-and-excitation to a sixteenth.</summary>
    public static Module<Tensor, Tensor> Squeeze(int channels) => new SqueezeExcite(channels, Blocks.MakeDivisible(channels / 16.0, roundLimit: 0));

    /// <summary>Squeeze-and-excitation to a quarter.</summary>
    public static Module<Tensor, Tensor> WideSqueeze(int channels) => new SqueezeExcite(channels, Blocks.MakeDivisible(channels / 4.0, roundLimit: 0));

    /// <summary>Attention to neighbouring channels.</summary>
    public static Module<Tensor, Tensor> Neighbours(int channels) => new EfficientChannelAttention(channels);

    private static ByobDesign RepVgg(int[] blocks, double width, double last, int stem = 64, int groups = 0, bool squeezes = false) =>
        new([.. blocks.Select((count, i) => new[] { new ByobBlocks("rep", count, (int)((64 << i) * (i == 3 ? last : width))) { EverySecondGroups = groups, Squeezes = squeezes } })])
        {
            Stem = [stem],
            StemKind = "rep",
            StemSqueezes = squeezes,
            Attention = channels => new SqueezeExcite(channels, Blocks.MakeDivisible(channels / 16.0, divisor: 1, roundLimit: 0)),
        };

    // Depthwise and pointwise blocks in turn; the last pairs of a stage squeeze.
    private static ByobDesign MobileOne(int stem, double[] widths, int[]? squeezed = null)
    {
        int[] pairs = [2, 8, 10, 1];
        var (channels, stages) = (stem, new List<ByobBlocks[]>());
        for (var stage = 0; stage < pairs.Length; stage++)
        {
            var (blocks, width) = (new List<ByobBlocks>(), (int)((64 << stage) * widths[stage]));
            for (var pair = 0; pair < pairs[stage]; pair++)
            {
                var squeezes = pair >= pairs[stage] - (squeezed?[stage] ?? 0);
                blocks.Add(new("one", 1, channels, GroupSize: 1) { Squeezes = squeezes });
                blocks.Add(new("one", 1, width) { Kernel = 1, Squeezes = squeezes });
                channels = width;
            }

            stages.Add([.. blocks]);
        }

        return new([.. stages]) { Stem = [stem], StemKind = "one", Attention = Squeeze };
    }

    private static ByobDesign RegNetZ(int[] blocks, int[] widths, int group, double ratio, int last)
    {
        var stacked = last > 1536;                                  // whose first convolutions have stride 4
        return new([.. blocks.Select((count, i) => new[] { new ByobBlocks("bottle", count, widths[i], i == 0 && stacked ? 1 : 2, group, ratio) })])
        {
            Stem = [24, 32, 64],
            Last = last,
            Shortcut = ByobShortcut.None,
            InnerFromInput = true,
            Activation = SiLU,
            Attention = WideSqueeze,
        };
    }

    private static ByobDesign Clip(int[] blocks, double width) => new(Bottlenecks(blocks, [256, 512, 1024, 2048], 0))
    {
        Stem = [32, 32, 64],
        StemPool = () => AvgPool2d(2),
        Width = width,
        Shortcut = ByobShortcut.Average,
        Averages = true,
    };

    private static ByobDesign Tiered(ByobBlocks[][] stages) => new(stages) { Stem = [24, 32, 64] };

    private static ByobBlocks[][] Bottlenecks(int[] blocks, int[] widths, int group) =>
        [.. blocks.Select((count, i) => new[] { new ByobBlocks("bottle", count, widths[i], i == 0 ? 1 : 2, group, 0.25) })];

    private static Module<Tensor, Tensor> Halved() => MaxPool2d(3, 2, 1);

    private static Module<Tensor, Tensor> SiLU() => nn.SiLU(inplace: true);

    private static Module<Tensor, Tensor> Context(int channels) => new GlobalContext(channels);

    private static Module<Tensor, Tensor> Evolved(int channels, bool active) => new EvoNorm(channels, active, groupSize: 16, eps: 1e-3, always: true);
}
