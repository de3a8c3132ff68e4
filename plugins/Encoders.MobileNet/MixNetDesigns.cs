using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.MobileNet;

/// <summary>MixNets, whose depthwise kernels have several sizes, and Google's networks for edge TPUs, by timm's names.</summary>
/// <remarks>Tan, Le 2019, arXiv:1907.09595; Xiong et al. 2020, arXiv:2004.14525; the second edge TPU's are published as code alone.</remarks>
internal static class MixNetDesigns
{
    private static readonly MobileDesign s_mixSmall = new()
    {
        Stages =
        [
            "ds_r1_k3_s1_e1_c16",
            "ir_r1_k3_a1.1_p1.1_s2_e6_c24 ir_r1_k3_a1.1_p1.1_s1_e3_c24",
            "ir_r1_k3.5.7_s2_e6_c40_se0.5_nsw ir_r3_k3.5_a1.1_p1.1_s1_e6_c40_se0.5_nsw",
            "ir_r1_k3.5.7_p1.1_s2_e6_c80_se0.25_nsw ir_r2_k3.5_p1.1_s1_e6_c80_se0.25_nsw",
            "ir_r1_k3.5.7_a1.1_p1.1_s1_e6_c120_se0.5_nsw ir_r2_k3.5.7.9_a1.1_p1.1_s1_e3_c120_se0.5_nsw",
            "ir_r1_k3.5.7.9.11_s2_e6_c200_se0.5_nsw ir_r2_k3.5.7.9_p1.1_s1_e6_c200_se0.5_nsw",
        ],
        StemChannels = 16,
    };

    private static readonly MobileDesign s_mixMedium = new()
    {
        Stages =
        [
            "ds_r1_k3_s1_e1_c24",
            "ir_r1_k3.5.7_a1.1_p1.1_s2_e6_c32 ir_r1_k3_a1.1_p1.1_s1_e3_c32",
            "ir_r1_k3.5.7.9_s2_e6_c40_se0.5_nsw ir_r3_k3.5_a1.1_p1.1_s1_e6_c40_se0.5_nsw",
            "ir_r1_k3.5.7_s2_e6_c80_se0.25_nsw ir_r3_k3.5.7.9_a1.1_p1.1_s1_e6_c80_se0.25_nsw",
            "ir_r1_k3_s1_e6_c120_se0.5_nsw ir_r3_k3.5.7.9_a1.1_p1.1_s1_e3_c120_se0.5_nsw",
            "ir_r1_k3.5.7.9_s2_e6_c200_se0.5_nsw ir_r3_k3.5.7.9_p1.1_s1_e6_c200_se0.5_nsw",
        ],
        StemChannels = 24,
        RoundDepth = true,
    };

    private static readonly MobileDesign s_edge = new()
    {
        Stages =
        [
            "cn_r1_k1_s1_c16",
            "er_r1_k3_s2_e8_c32 er_r3_k3_s1_e4_c32",
            "er_r1_k3_s2_e8_c48 er_r3_k3_s1_e4_c48",
            "ir_r1_k3_s2_e8_c96 ir_r3_k3_s1_e4_c96",
            "ir_r1_k3_s1_e8_c96_noskip ir_r3_k3_s1_e4_c96",
            "ir_r1_k5_s2_e8_c160 ir_r3_k5_s1_e4_c160",
            "ir_r1_k3_s1_e8_c192",
        ],
    };

    /// <summary>The design of timm's name; those with tf_ are padded and normalised as in TensorFlow.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static MobileDesign Named(string name) => name switch
    {
        _ when name.StartsWith("tf_", StringComparison.Ordinal) => Named(name["tf_".Length..]) with { SamePadding = true, Epsilon = 1e-3 },
        "mixnet_s" => s_mixSmall,
        "mixnet_m" => s_mixMedium,
        "mixnet_l" => s_mixMedium with { Width = 1.3 },
        "mixnet_xl" => s_mixMedium with { Width = 1.6, Depth = [1.2] },
        "mixnet_xxl" => s_mixMedium with { Width = 2.4, Depth = [1.3] },
        "mobilenet_edgetpu_100" => s_edge,
        "mobilenet_edgetpu_v2_xs" => Second(32, 3, 64, 16, 32, 48, 96, 144, 160, 192),
        "mobilenet_edgetpu_v2_s" => Second(64, 5, 64, 24, 48, 64, 128, 160, 192, 256),
        "mobilenet_edgetpu_v2_m" => Second(64, 5, 64, 32, 64, 80, 160, 192, 240, 320),
        "mobilenet_edgetpu_v2_l" => Second(64, 7, 128, 32, 64, 96, 192, 240, 256, 384),
        _ => throw new ConfigurationException($"encoder '{name}' is no MixNet that is known here."),
    };

    private static MobileDesign Second(int stem, int kernel, int group, params int[] c) => new()
    {
        Stages =
        [
            $"cn_r1_k1_s1_c{c[0]}",
            $"er_r1_k3_s2_e8_c{c[1]} er_r1_k3_s1_e4_gs{group}_c{c[1]}",
            $"er_r1_k3_s2_e8_c{c[2]} er_r1_k3_s1_e4_gs{group}_c{c[2]} er_r1_k3_s1_e4_c{c[2]} er_r1_k3_s1_e4_gs{group}_c{c[2]}",
            $"er_r1_k3_s2_e8_c{c[3]} ir_r3_k3_s1_e4_c{c[3]}",
            $"ir_r1_k3_s1_e8_c{c[4]} ir_r3_k3_s1_e4_c{c[4]}",
            $"ir_r1_k3_s2_e8_c{c[5]} ir_r3_k3_s1_e4_c{c[5]}",
            $"ir_r1_k3_s1_e8_c{c[6]}",
        ],
        StemChannels = stem,
        StemKernel = kernel,
    };
}
