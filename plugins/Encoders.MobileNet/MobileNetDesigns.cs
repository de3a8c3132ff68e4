using System.Globalization;
using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.MobileNet;

/// <summary>timm's MobileNets and their kin by name.</summary>
/// <remarks>Howard et al. 2017, arXiv:1704.04861; Sandler et al. 2018, arXiv:1801.04381; Tan et al. 2019, arXiv:1807.11626; Howard et al. 2019, arXiv:1905.02244;
/// Wu et al. 2019, arXiv:1812.03443; Stamoulis et al. 2019, arXiv:1904.02877; Han et al. 2020, arXiv:2010.14819.</remarks>
internal static class MobileNetDesigns
{
    private static readonly MobileDesign s_v1 = new()
    {
        Stages = ["dsa_r1_k3_s1_c64", "dsa_r2_k3_s2_c128", "dsa_r2_k3_s2_c256", "dsa_r6_k3_s2_c512", "dsa_r2_k3_s2_c1024"],
        Activation = MobileActivation.ReLU6,
    };

    private static readonly MobileDesign s_v2 = new()
    {
        Stages = ["ds_r1_k3_s1_c16", "ir_r2_k3_s2_e6_c24", "ir_r3_k3_s2_e6_c32", "ir_r4_k3_s2_e6_c64", "ir_r3_k3_s1_e6_c96", "ir_r3_k3_s2_e6_c160", "ir_r1_k3_s1_e6_c320"],
        Activation = MobileActivation.ReLU6,
    };

    private static readonly MobileDesign s_mnas = new()
    {
        Stages = ["ds_r1_k3_s1_c16_noskip", "ir_r3_k3_s2_e3_c24", "ir_r3_k5_s2_e3_c40", "ir_r3_k5_s2_e6_c80", "ir_r2_k3_s1_e6_c96", "ir_r4_k5_s2_e6_c192", "ir_r1_k3_s1_e6_c320_noskip"],
    };

    private static readonly MobileDesign s_mnasSqueeze = new()
    {
        Stages =
        [
            "ds_r1_k3_s1_e1_c16_noskip", "ir_r2_k3_s2_e6_c24", "ir_r3_k5_s2_e3_c40_se0.25", "ir_r4_k3_s2_e6_c80", "ir_r2_k3_s1_e6_c112_se0.25",
            "ir_r3_k5_s2_e6_c160_se0.25", "ir_r1_k3_s1_e6_c320",
        ],
    };

    private static readonly MobileDesign s_mnasSmall = new()
    {
        Stages =
        [
            "ds_r1_k3_s1_c8", "ir_r1_k3_s2_e3_c16", "ir_r2_k3_s2_e6_c16", "ir_r4_k5_s2_e6_c32_se0.25", "ir_r3_k3_s1_e6_c32_se0.25", "ir_r3_k5_s2_e6_c88_se0.25",
            "ir_r1_k3_s1_e6_c144",
        ],
        StemChannels = 8,
    };

    private static readonly MobileDesign s_fbnet = new()
    {
        Stages =
        [
            "ir_r1_k3_s1_e1_c16", "ir_r1_k3_s2_e6_c24 ir_r2_k3_s1_e1_c24", "ir_r1_k5_s2_e6_c32 ir_r1_k5_s1_e3_c32 ir_r1_k5_s1_e6_c32 ir_r1_k3_s1_e6_c32",
            "ir_r1_k5_s2_e6_c64 ir_r1_k5_s1_e3_c64 ir_r2_k5_s1_e6_c64", "ir_r3_k5_s1_e6_c112 ir_r1_k5_s1_e3_c112", "ir_r4_k5_s2_e6_c184", "ir_r1_k3_s1_e6_c352",
        ],
        StemChannels = 16,
    };

    private static readonly MobileDesign s_singlePath = new()
    {
        Stages =
        [
            "ds_r1_k3_s1_c16_noskip", "ir_r3_k3_s2_e3_c24", "ir_r1_k5_s2_e6_c40 ir_r3_k3_s1_e3_c40", "ir_r1_k5_s2_e6_c80 ir_r3_k3_s1_e3_c80",
            "ir_r1_k5_s1_e6_c96 ir_r3_k5_s1_e3_c96", "ir_r4_k5_s2_e6_c192", "ir_r1_k3_s1_e6_c320_noskip",
        ],
    };

    private static readonly MobileDesign s_tiny = new()
    {
        Stages =
        [
            "ds_r1_k3_s1_e1_c16_se0.25", "ir_r2_k3_s2_e6_c24_se0.25", "ir_r2_k5_s2_e6_c40_se0.25", "ir_r3_k3_s2_e6_c80_se0.25", "ir_r3_k5_s1_e6_c112_se0.25",
            "ir_r4_k5_s2_e6_c192_se0.25", "ir_r1_k3_s1_e6_c320_se0.25",
        ],
        Activation = MobileActivation.SiLU,
        FixStem = true,
        RoundDepth = true,
    };

    private static readonly MobileDesign s_v3Large = new()
    {
        Stages =
        [
            "ds_r1_k3_s1_e1_c16_nre", "ir_r1_k3_s2_e4_c24_nre ir_r1_k3_s1_e3_c24_nre", "ir_r3_k5_s2_e3_c40_se0.25_nre",
            "ir_r1_k3_s2_e6_c80 ir_r1_k3_s1_e2.5_c80 ir_r2_k3_s1_e2.3_c80", "ir_r2_k3_s1_e6_c112_se0.25", "ir_r3_k5_s2_e6_c160_se0.25", "cn_r1_k1_s1_c960",
        ],
        StemChannels = 16,
        Activation = MobileActivation.Hardswish,
        Squeeze = MobileSqueeze.MobileNetV3,
    };

    private static readonly MobileDesign s_v3LargeMinimal = s_v3Large with
    {
        Stages =
        [
            "ds_r1_k3_s1_e1_c16", "ir_r1_k3_s2_e4_c24 ir_r1_k3_s1_e3_c24", "ir_r3_k3_s2_e3_c40", "ir_r1_k3_s2_e6_c80 ir_r1_k3_s1_e2.5_c80 ir_r2_k3_s1_e2.3_c80",
            "ir_r2_k3_s1_e6_c112", "ir_r3_k3_s2_e6_c160", "cn_r1_k1_s1_c960",
        ],
        Activation = MobileActivation.ReLU,
    };

    private static readonly MobileDesign s_v3Small = s_v3Large with
    {
        Stages =
        [
            "ds_r1_k3_s2_e1_c16_se0.25_nre", "ir_r1_k3_s2_e4.5_c24_nre ir_r1_k3_s1_e3.67_c24_nre", "ir_r1_k5_s2_e4_c40_se0.25 ir_r2_k5_s1_e6_c40_se0.25",
            "ir_r2_k5_s1_e3_c48_se0.25", "ir_r3_k5_s2_e6_c96_se0.25", "cn_r1_k1_s1_c576",
        ],
    };

    private static readonly MobileDesign s_v3SmallMinimal = s_v3LargeMinimal with
    {
        Stages =
        [
            "ds_r1_k3_s2_e1_c16", "ir_r1_k3_s2_e4.5_c24 ir_r1_k3_s1_e3.67_c24", "ir_r1_k3_s2_e4_c40 ir_r2_k3_s1_e6_c40", "ir_r2_k3_s1_e3_c48", "ir_r3_k3_s2_e6_c96", "cn_r1_k1_s1_c576",
        ],
    };

    private static readonly MobileDesign s_v3Rw = s_v3Large with { Stages = ["ds_r1_k3_s1_e1_c16_nre_noskip", .. s_v3Large.Stages.Skip(1)], Squeeze = MobileSqueeze.MobileNetV3Rw, Epsilon = 1e-3 };

    /// <summary>The design of timm's name; those with tf_ are padded and normalised as in TensorFlow.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static MobileDesign Named(string name) => name.StartsWith("tf_", StringComparison.Ordinal) ? Plain(name["tf_".Length..]) with { SamePadding = true, Epsilon = 1e-3 } : Plain(name);

    private static MobileDesign Plain(string name) => name.Split('_') switch
    {
        ["mobilenetv1", "100h"] => s_v1,
        ["mobilenetv1", var width] => s_v1 with { Width = Percent(width) },
        ["mobilenetv2", "110d"] => s_v2 with { Width = 1.1, Depth = [1.2], FixStem = true, FixFirstLast = true },
        ["mobilenetv2", "120d"] => s_v2 with { Width = 1.2, Depth = [1.4], FixStem = true, FixFirstLast = true },
        ["mobilenetv2", var width] => s_v2 with { Width = Percent(width) },
        ["mnasnet", "small"] => s_mnasSmall,
        ["fbnetc", "100"] => s_fbnet,
        ["spnasnet", "100"] => s_singlePath,
        ["tinynet", "a"] => s_tiny with { Depth = [1.2] },
        ["tinynet", "b"] => s_tiny with { Width = 0.75, Depth = [1.1] },
        ["tinynet", "c"] => s_tiny with { Width = 0.54, Depth = [0.85] },
        ["tinynet", "d"] => s_tiny with { Width = 0.54, Depth = [0.695] },
        ["tinynet", "e"] => s_tiny with { Width = 0.51, Depth = [0.6] },
        ["mnasnet", var width] => s_mnas with { Width = Percent(width) },
        ["semnasnet", var width] => s_mnasSqueeze with { Width = Percent(width) },
        ["mobilenetv3", "rw"] => s_v3Rw,
        ["mobilenetv3", "large", "minimal", "100"] => s_v3LargeMinimal,
        ["mobilenetv3", "small", "minimal", "100"] => s_v3SmallMinimal,
        ["mobilenetv3", "large", "150d"] => s_v3Large with { Width = 1.5, Depth = [1.2] },
        ["mobilenetv3", "large", var width] => s_v3Large with { Width = Percent(width) },
        ["mobilenetv3", "small", var width] => s_v3Small with { Width = Percent(width), FixStem = width == "050" },
        _ => throw new ConfigurationException($"encoder '{name}' is no MobileNet that is known here."),
    };

    private static double Percent(string width) => int.Parse(width, CultureInfo.InvariantCulture) / 100.0;
}
