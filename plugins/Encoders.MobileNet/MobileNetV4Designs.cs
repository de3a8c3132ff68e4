using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MobileNet;

/// <summary>timm's MobileNetV4s by name; those with aa average where they halve, and that with blur smooths.</summary>
/// <remarks>Qin et al. 2024, arXiv:2404.10518, tables 11 to 15.</remarks>
internal static class MobileNetV4Designs
{
    private static readonly MobileDesign s_hybridMedium = new()
    {
        Stages =
        [
            "er_r1_k3_s2_e4_c48",
            "uir_r1_a3_k5_s2_e4_c80 uir_r1_a3_k3_s1_e2_c80",
            "uir_r1_a3_k5_s2_e6_c160 uir_r1_a0_k0_s1_e2_c160 uir_r1_a3_k3_s1_e4_c160 uir_r1_a3_k5_s1_e4_c160 mqa_r1_k3_h4_s1_v2_d64_c160 uir_r1_a3_k3_s1_e4_c160 "
            + "mqa_r1_k3_h4_s1_v2_d64_c160 uir_r1_a3_k0_s1_e4_c160 mqa_r1_k3_h4_s1_v2_d64_c160 uir_r1_a3_k3_s1_e4_c160 mqa_r1_k3_h4_s1_v2_d64_c160 "
            + "uir_r1_a3_k0_s1_e4_c160",
            "uir_r1_a5_k5_s2_e6_c256 uir_r1_a5_k5_s1_e4_c256 uir_r2_a3_k5_s1_e4_c256 uir_r1_a0_k0_s1_e2_c256 uir_r1_a3_k5_s1_e2_c256 uir_r1_a0_k0_s1_e2_c256 "
            + "uir_r1_a0_k0_s1_e4_c256 mqa_r1_k3_h4_s1_d64_c256 uir_r1_a3_k0_s1_e4_c256 mqa_r1_k3_h4_s1_d64_c256 uir_r1_a5_k5_s1_e4_c256 mqa_r1_k3_h4_s1_d64_c256 "
            + "uir_r1_a5_k0_s1_e4_c256 mqa_r1_k3_h4_s1_d64_c256 uir_r1_a5_k0_s1_e4_c256",
            "cn_r1_k1_s1_c960",
        ],
        LayerScale = 1e-5,
    };

    private static readonly MobileDesign s_hybridLarge = new()
    {
        Stages =
        [
            "er_r1_k3_s2_e4_c48",
            "uir_r1_a3_k5_s2_e4_c96 uir_r1_a3_k3_s1_e4_c96",
            "uir_r1_a3_k5_s2_e4_c192 uir_r3_a3_k3_s1_e4_c192 uir_r1_a3_k5_s1_e4_c192 uir_r2_a5_k3_s1_e4_c192 mqa_r1_k3_h8_s1_v2_d48_c192 uir_r1_a5_k3_s1_e4_c192 "
            + "mqa_r1_k3_h8_s1_v2_d48_c192 uir_r1_a5_k3_s1_e4_c192 mqa_r1_k3_h8_s1_v2_d48_c192 uir_r1_a5_k3_s1_e4_c192 mqa_r1_k3_h8_s1_v2_d48_c192 "
            + "uir_r1_a3_k0_s1_e4_c192",
            "uir_r4_a5_k5_s2_e4_c512 uir_r1_a5_k0_s1_e4_c512 uir_r1_a5_k3_s1_e4_c512 uir_r2_a5_k0_s1_e4_c512 uir_r1_a5_k3_s1_e4_c512 uir_r1_a5_k5_s1_e4_c512 "
            + "mqa_r1_k3_h8_s1_d64_c512 uir_r1_a5_k0_s1_e4_c512 mqa_r1_k3_h8_s1_d64_c512 uir_r1_a5_k0_s1_e4_c512 mqa_r1_k3_h8_s1_d64_c512 uir_r1_a5_k0_s1_e4_c512 "
            + "mqa_r1_k3_h8_s1_d64_c512 uir_r1_a5_k0_s1_e4_c512",
            "cn_r1_k1_s1_c960",
        ],
        StemChannels = 24,
        LayerScale = 1e-5,
        Activation = MobileActivation.GELU,
    };

    private static readonly MobileDesign s_small = new()
    {
        Stages =
        [
            "cn_r1_k3_s2_e1_c32 cn_r1_k1_s1_e1_c32",
            "cn_r1_k3_s2_e1_c96 cn_r1_k1_s1_e1_c64",
            "uir_r1_a5_k5_s2_e3_c96 uir_r4_a0_k3_s1_e2_c96 uir_r1_a3_k0_s1_e4_c96",
            "uir_r1_a3_k3_s2_e6_c128 uir_r1_a5_k5_s1_e4_c128 uir_r1_a0_k5_s1_e4_c128 uir_r1_a0_k5_s1_e3_c128 uir_r2_a0_k3_s1_e4_c128",
            "cn_r1_k1_s1_c960",
        ],
    };

    private static readonly MobileDesign s_medium = new()
    {
        Stages =
        [
            "er_r1_k3_s2_e4_c48",
            "uir_r1_a3_k5_s2_e4_c80 uir_r1_a3_k3_s1_e2_c80",
            "uir_r1_a3_k5_s2_e6_c160 uir_r2_a3_k3_s1_e4_c160 uir_r1_a3_k5_s1_e4_c160 uir_r1_a3_k3_s1_e4_c160 uir_r1_a3_k0_s1_e4_c160 uir_r1_a0_k0_s1_e2_c160 "
            + "uir_r1_a3_k0_s1_e4_c160",
            "uir_r1_a5_k5_s2_e6_c256 uir_r1_a5_k5_s1_e4_c256 uir_r2_a3_k5_s1_e4_c256 uir_r1_a0_k0_s1_e4_c256 uir_r1_a3_k0_s1_e4_c256 uir_r1_a3_k5_s1_e2_c256 "
            + "uir_r1_a5_k5_s1_e4_c256 uir_r2_a0_k0_s1_e4_c256 uir_r1_a5_k0_s1_e2_c256",
            "cn_r1_k1_s1_c960",
        ],
    };

    private static readonly MobileDesign s_large = new()
    {
        Stages =
        [
            "er_r1_k3_s2_e4_c48",
            "uir_r1_a3_k5_s2_e4_c96 uir_r1_a3_k3_s1_e4_c96",
            "uir_r1_a3_k5_s2_e4_c192 uir_r3_a3_k3_s1_e4_c192 uir_r1_a3_k5_s1_e4_c192 uir_r5_a5_k3_s1_e4_c192 uir_r1_a3_k0_s1_e4_c192",
            "uir_r4_a5_k5_s2_e4_c512 uir_r1_a5_k0_s1_e4_c512 uir_r1_a5_k3_s1_e4_c512 uir_r2_a5_k0_s1_e4_c512 uir_r1_a5_k3_s1_e4_c512 uir_r1_a5_k5_s1_e4_c512 "
            + "uir_r3_a5_k0_s1_e4_c512",
            "cn_r1_k1_s1_c960",
        ],
        StemChannels = 24,
    };

    /// <summary>The design of timm's name, without mobilenetv4_.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static MobileDesign Named(string name) => name switch
    {
        "conv_small" => s_small,
        "conv_small_050" => s_small with { Width = 0.5, FixStem = true },
        "conv_small_035" => s_small with { Width = 0.35, FixStem = true },
        "conv_medium" => s_medium,
        "conv_aa_medium" => s_medium with { AntiAlias = () => AvgPool2d(2) },
        "conv_blur_medium" => s_medium with { AntiAlias = () => new BlurPool2d(2, mirrored: false) },
        "conv_large" => s_large,
        "conv_aa_large" => s_large with { AntiAlias = () => AvgPool2d(2) },
        "hybrid_medium" => s_hybridMedium,
        "hybrid_medium_075" => s_hybridMedium with { Width = 0.75, FixStem = true },
        "hybrid_large" => s_hybridLarge,
        "hybrid_large_075" => s_hybridLarge with { Width = 0.75, FixStem = true },
        _ => throw new ConfigurationException($"encoder 'mobilenetv4_{name}' is no MobileNetV4 that is known here."),
    };
}
