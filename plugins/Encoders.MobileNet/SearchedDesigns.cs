using System.Globalization;
using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.MobileNet;

/// <summary>Networks that a search found near MobileNetV3, and PP-LCNet, by timm's names.</summary>
/// <remarks>FBNetV3: Dai et al. 2020, arXiv:2006.02049; PP-LCNet: Cui et al. 2021, arXiv:2109.15099; HardCoRe-NAS: Nayman et al. 2021, arXiv:2102.11646.</remarks>
internal static class SearchedDesigns
{
    private static readonly MobileDesign s_fbnetV3B = new()
    {
        Stages =
        [
            "ds_r2_k3_s1_e1_c16",
            "ir_r1_k5_s2_e4_c24 ir_r3_k5_s1_e2_c24",
            "ir_r1_k5_s2_e5_c40_se0.25 ir_r4_k5_s1_e3_c40_se0.25",
            "ir_r1_k5_s2_e5_c72 ir_r4_k3_s1_e3_c72",
            "ir_r1_k3_s1_e5_c120_se0.25 ir_r5_k5_s1_e3_c120_se0.25",
            "ir_r1_k3_s2_e6_c184_se0.25 ir_r5_k5_s1_e4_c184_se0.25 ir_r1_k5_s1_e6_c224_se0.25",
            "cn_r1_k1_s1_c1344",
        ],
        StemChannels = 16,
        RoundLimit = 0.95,
        Activation = MobileActivation.Hardswish,
        Squeeze = MobileSqueeze.FBNetV3,
    };

    private static readonly MobileDesign s_fbnetV3D = new()
    {
        Stages =
        [
            "ds_r2_k3_s1_e1_c16",
            "ir_r1_k3_s2_e5_c24 ir_r5_k3_s1_e2_c24",
            "ir_r1_k5_s2_e4_c40_se0.25 ir_r4_k3_s1_e3_c40_se0.25",
            "ir_r1_k3_s2_e5_c72 ir_r4_k3_s1_e3_c72",
            "ir_r1_k3_s1_e5_c128_se0.25 ir_r6_k5_s1_e3_c128_se0.25",
            "ir_r1_k3_s2_e6_c208_se0.25 ir_r5_k5_s1_e5_c208_se0.25 ir_r1_k5_s1_e6_c240_se0.25",
            "cn_r1_k1_s1_c1440",
        ],
        StemChannels = 24,
        RoundLimit = 0.95,
        Activation = MobileActivation.Hardswish,
        Squeeze = MobileSqueeze.FBNetV3,
    };

    private static readonly MobileDesign s_fbnetV3G = new()
    {
        Stages =
        [
            "ds_r3_k3_s1_e1_c24",
            "ir_r1_k5_s2_e4_c40 ir_r4_k5_s1_e2_c40",
            "ir_r1_k5_s2_e4_c56_se0.25 ir_r4_k5_s1_e3_c56_se0.25",
            "ir_r1_k5_s2_e5_c104 ir_r4_k3_s1_e3_c104",
            "ir_r1_k3_s1_e5_c160_se0.25 ir_r8_k5_s1_e3_c160_se0.25",
            "ir_r1_k3_s2_e6_c264_se0.25 ir_r6_k5_s1_e5_c264_se0.25 ir_r2_k5_s1_e6_c288_se0.25",
            "cn_r1_k1_s1_c1728",
        ],
        StemChannels = 32,
        RoundLimit = 0.95,
        Activation = MobileActivation.Hardswish,
        Squeeze = MobileSqueeze.FBNetV3,
    };

    private static readonly MobileDesign s_lcnet = new()
    {
        Stages =
        [
            "dsa_r1_k3_s1_c32",
            "dsa_r2_k3_s2_c64",
            "dsa_r2_k3_s2_c128",
            "dsa_r1_k3_s2_c256 dsa_r1_k5_s1_c256",
            "dsa_r4_k5_s1_c256",
            "dsa_r2_k5_s2_c512_se0.25",
        ],
        StemChannels = 16,
        Activation = MobileActivation.Hardswish,
        Squeeze = MobileSqueeze.LCNet,
    };

    private static readonly MobileDesign s_hardCore = new() { Stages = [], Activation = MobileActivation.Hardswish, Squeeze = MobileSqueeze.MobileNetV3 };

    private static readonly Dictionary<string, string[]> s_hardCoreStages = new()
    {
        ["a"] =
        [
            "ds_r1_k3_s1_e1_c16_nre",
            "ir_r1_k5_s2_e3_c24_nre ir_r1_k5_s1_e3_c24_nre_se0.25",
            "ir_r1_k5_s2_e3_c40_nre ir_r1_k5_s1_e6_c40_nre_se0.25",
            "ir_r1_k5_s2_e6_c80_se0.25 ir_r1_k5_s1_e6_c80_se0.25",
            "ir_r1_k5_s1_e6_c112_se0.25 ir_r1_k5_s1_e6_c112_se0.25",
            "ir_r1_k5_s2_e6_c192_se0.25 ir_r1_k5_s1_e6_c192_se0.25",
            "cn_r1_k1_s1_c960",
        ],
        ["b"] =
        [
            "ds_r1_k3_s1_e1_c16_nre",
            "ir_r1_k5_s2_e3_c24_nre ir_r1_k5_s1_e3_c24_nre_se0.25 ir_r1_k3_s1_e3_c24_nre",
            "ir_r1_k5_s2_e3_c40_nre ir_r1_k5_s1_e3_c40_nre ir_r1_k5_s1_e3_c40_nre",
            "ir_r1_k5_s2_e3_c80 ir_r1_k5_s1_e3_c80 ir_r1_k3_s1_e3_c80 ir_r1_k3_s1_e3_c80",
            "ir_r1_k5_s1_e3_c112 ir_r1_k3_s1_e3_c112 ir_r1_k3_s1_e3_c112 ir_r1_k3_s1_e3_c112",
            "ir_r1_k5_s2_e6_c192_se0.25 ir_r1_k5_s1_e6_c192_se0.25 ir_r1_k3_s1_e3_c192_se0.25",
            "cn_r1_k1_s1_c960",
        ],
        ["c"] =
        [
            "ds_r1_k3_s1_e1_c16_nre",
            "ir_r1_k5_s2_e3_c24_nre ir_r1_k5_s1_e3_c24_nre_se0.25",
            "ir_r1_k5_s2_e3_c40_nre ir_r1_k5_s1_e3_c40_nre ir_r1_k5_s1_e3_c40_nre ir_r1_k5_s1_e3_c40_nre",
            "ir_r1_k5_s2_e4_c80 ir_r1_k5_s1_e6_c80_se0.25 ir_r1_k3_s1_e3_c80 ir_r1_k3_s1_e3_c80",
            "ir_r1_k5_s1_e6_c112_se0.25 ir_r1_k3_s1_e3_c112 ir_r1_k3_s1_e3_c112 ir_r1_k3_s1_e3_c112",
            "ir_r1_k5_s2_e6_c192_se0.25 ir_r1_k5_s1_e6_c192_se0.25 ir_r1_k3_s1_e3_c192_se0.25",
            "cn_r1_k1_s1_c960",
        ],
        ["d"] =
        [
            "ds_r1_k3_s1_e1_c16_nre",
            "ir_r1_k5_s2_e3_c24_nre_se0.25 ir_r1_k5_s1_e3_c24_nre_se0.25",
            "ir_r1_k5_s2_e3_c40_nre_se0.25 ir_r1_k5_s1_e4_c40_nre_se0.25 ir_r1_k3_s1_e3_c40_nre_se0.25",
            "ir_r1_k5_s2_e4_c80_se0.25 ir_r1_k3_s1_e3_c80_se0.25 ir_r1_k3_s1_e3_c80_se0.25 ir_r1_k3_s1_e3_c80_se0.25",
            "ir_r1_k3_s1_e4_c112_se0.25 ir_r1_k5_s1_e4_c112_se0.25 ir_r1_k3_s1_e3_c112_se0.25 ir_r1_k5_s1_e3_c112_se0.25",
            "ir_r1_k5_s2_e6_c192_se0.25 ir_r1_k5_s1_e6_c192_se0.25 ir_r1_k5_s1_e6_c192_se0.25 ir_r1_k3_s1_e6_c192_se0.25",
            "cn_r1_k1_s1_c960",
        ],
        ["e"] =
        [
            "ds_r1_k3_s1_e1_c16_nre",
            "ir_r1_k5_s2_e3_c24_nre_se0.25 ir_r1_k5_s1_e3_c24_nre_se0.25",
            "ir_r1_k5_s2_e6_c40_nre_se0.25 ir_r1_k5_s1_e4_c40_nre_se0.25 ir_r1_k5_s1_e4_c40_nre_se0.25 ir_r1_k3_s1_e3_c40_nre_se0.25",
            "ir_r1_k5_s2_e4_c80_se0.25 ir_r1_k3_s1_e6_c80_se0.25",
            "ir_r1_k5_s1_e6_c112_se0.25 ir_r1_k5_s1_e6_c112_se0.25 ir_r1_k5_s1_e6_c112_se0.25 ir_r1_k5_s1_e3_c112_se0.25",
            "ir_r1_k5_s2_e6_c192_se0.25 ir_r1_k5_s1_e6_c192_se0.25 ir_r1_k5_s1_e6_c192_se0.25 ir_r1_k3_s1_e6_c192_se0.25",
            "cn_r1_k1_s1_c960",
        ],
        ["f"] =
        [
            "ds_r1_k3_s1_e1_c16_nre",
            "ir_r1_k5_s2_e3_c24_nre_se0.25 ir_r1_k5_s1_e3_c24_nre_se0.25",
            "ir_r1_k5_s2_e6_c40_nre_se0.25 ir_r1_k5_s1_e6_c40_nre_se0.25",
            "ir_r1_k5_s2_e6_c80_se0.25 ir_r1_k5_s1_e6_c80_se0.25 ir_r1_k3_s1_e3_c80_se0.25 ir_r1_k3_s1_e3_c80_se0.25",
            "ir_r1_k3_s1_e6_c112_se0.25 ir_r1_k5_s1_e6_c112_se0.25 ir_r1_k5_s1_e6_c112_se0.25 ir_r1_k3_s1_e3_c112_se0.25",
            "ir_r1_k5_s2_e6_c192_se0.25 ir_r1_k5_s1_e6_c192_se0.25 ir_r1_k3_s1_e6_c192_se0.25 ir_r1_k3_s1_e6_c192_se0.25",
            "cn_r1_k1_s1_c960",
        ],
    };

    /// <summary>The design of timm's name.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static MobileDesign Named(string name) => name.Split('_') switch
    {
        ["fbnetv3", "b"] => s_fbnetV3B,
        ["fbnetv3", "d"] => s_fbnetV3D,
        ["fbnetv3", "g"] => s_fbnetV3G,
        ["lcnet", var width] => s_lcnet with { Width = int.Parse(width, CultureInfo.InvariantCulture) / 100.0 },
        ["hardcorenas", var size] when s_hardCoreStages.TryGetValue(size, out var stages) => s_hardCore with { Stages = stages },
        _ => throw new ConfigurationException($"encoder '{name}' is no mobile network that is known here."),
    };
}
