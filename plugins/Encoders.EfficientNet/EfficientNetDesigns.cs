using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.EfficientNet;

/// <summary>timm's EfficientNets by name.</summary>
/// <remarks>Tan, Le 2019, arXiv:1905.11946; Tan, Le 2021, arXiv:2104.00298 (V2); lite, es, em and el are Google's for small devices.</remarks>
internal static class EfficientNetDesigns
{
    private static readonly MobileDesign s_plain = new()
    {
        Stages =
        [
            "ds_r1_k3_s1_e1_c16_se0.25", "ir_r2_k3_s2_e6_c24_se0.25", "ir_r2_k5_s2_e6_c40_se0.25", "ir_r3_k3_s2_e6_c80_se0.25",
            "ir_r3_k5_s1_e6_c112_se0.25", "ir_r4_k5_s2_e6_c192_se0.25", "ir_r1_k3_s1_e6_c320_se0.25",
        ],
        Activation = MobileActivation.SiLU,
    };

    // The last three stages mix the kernels of experts.
    private static readonly MobileDesign s_conditional = s_plain with { Stages = [.. s_plain.Stages.Take(4), .. s_plain.Stages.Skip(4).Select(line => $"{line}_cc4")] };

    private static readonly MobileDesign s_lite = new()
    {
        Stages = ["ds_r1_k3_s1_e1_c16", "ir_r2_k3_s2_e6_c24", "ir_r2_k5_s2_e6_c40", "ir_r3_k3_s2_e6_c80", "ir_r3_k5_s1_e6_c112", "ir_r4_k5_s2_e6_c192", "ir_r1_k3_s1_e6_c320"],
        Activation = MobileActivation.ReLU6,
        FixStem = true,
        FixFirstLast = true,
    };

    private static readonly MobileDesign s_edge = new()
    {
        Stages = ["er_r1_k3_s1_e4_c24_fc24_noskip", "er_r2_k3_s2_e8_c32", "er_r4_k3_s2_e8_c48", "ir_r5_k5_s2_e8_c96", "ir_r4_k5_s1_e8_c144", "ir_r2_k5_s2_e8_c192"],
    };

    private static readonly MobileDesign s_v2Base = new()
    {
        Stages = ["cn_r1_k3_s1_e1_c16_skip", "er_r2_k3_s2_e4_c32", "er_r2_k3_s2_e4_c48", "ir_r3_k3_s2_e4_c96_se0.25", "ir_r5_k3_s1_e6_c112_se0.25", "ir_r8_k3_s2_e6_c192_se0.25"],
        Activation = MobileActivation.SiLU,
        RoundLimit = 0,
    };

    private static readonly MobileDesign s_v2Small = new()
    {
        Stages = ["cn_r2_k3_s1_e1_c24_skip", "er_r4_k3_s2_e4_c48", "er_r4_k3_s2_e4_c64", "ir_r6_k3_s2_e4_c128_se0.25", "ir_r9_k3_s1_e6_c160_se0.25", "ir_r15_k3_s2_e6_c256_se0.25"],
        Activation = MobileActivation.SiLU,
        StemChannels = 24,
    };

    private static readonly MobileDesign s_v2SmallRw = s_v2Small with { Stages = ["er_r2_k3_s1_e1_c24", .. s_v2Small.Stages.Skip(1).SkipLast(1), "ir_r15_k3_s2_e6_c272_se0.25"] };

    private static readonly MobileDesign s_v2Medium = new()
    {
        Stages =
        [
            "cn_r3_k3_s1_e1_c24_skip", "er_r5_k3_s2_e4_c48", "er_r5_k3_s2_e4_c80", "ir_r7_k3_s2_e4_c160_se0.25", "ir_r14_k3_s1_e6_c176_se0.25",
            "ir_r18_k3_s2_e6_c304_se0.25", "ir_r5_k3_s1_e6_c512_se0.25",
        ],
        Activation = MobileActivation.SiLU,
        StemChannels = 24,
    };

    private static readonly MobileDesign s_v2Large = new()
    {
        Stages =
        [
            "cn_r4_k3_s1_e1_c32_skip", "er_r7_k3_s2_e4_c64", "er_r7_k3_s2_e4_c96", "ir_r10_k3_s2_e4_c192_se0.25", "ir_r19_k3_s1_e6_c224_se0.25",
            "ir_r25_k3_s2_e6_c384_se0.25", "ir_r7_k3_s1_e6_c640_se0.25",
        ],
        Activation = MobileActivation.SiLU,
    };

    private static readonly MobileDesign s_v2ExtraLarge = s_v2Large with
    {
        Stages =
        [
            "cn_r4_k3_s1_e1_c32_skip", "er_r8_k3_s2_e4_c64", "er_r8_k3_s2_e4_c96", "ir_r16_k3_s2_e4_c192_se0.25", "ir_r24_k3_s1_e6_c256_se0.25",
            "ir_r32_k3_s2_e6_c512_se0.25", "ir_r8_k3_s1_e6_c640_se0.25",
        ],
    };

    /// <summary>The design of timm's name; those with tf_ are padded and normalised as in TensorFlow.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static MobileDesign Named(string name) => name.StartsWith("tf_", StringComparison.Ordinal) ? Plain(name["tf_".Length..]) with { SamePadding = true, Epsilon = 1e-3 } : Plain(name);

    private static MobileDesign Plain(string name) => name.Split('_') switch
    {
        ["efficientnet", "es", ..] => s_edge,
        ["efficientnet", "em"] => s_edge with { Depth = [1.1] },
        ["efficientnet", "el", ..] => s_edge with { Width = 1.2, Depth = [1.4] },
        ["efficientnet", var size] when size.StartsWith("lite", StringComparison.Ordinal) => Scaled(s_lite, $"b{size["lite".Length..]}"),
        ["efficientnet", var size] => Scaled(s_plain, size),
        ["efficientnet", "blur", "b0"] => s_plain with { AntiAlias = () => new BlurPool2d(2, mirrored: false) },
        ["efficientnet", "cc", var size, "4e"] => Scaled(s_conditional, size),
        ["efficientnet", "cc", var size, "8e"] => Scaled(s_conditional, size) with { Experts = 2 },
        ["efficientnet", "b0", "gn"] => s_plain with { NormGroupSize = 8 },
        ["efficientnet", "b0", "g8", "gn"] => s_plain with { GroupSize = 8, NormGroupSize = 8 },
        ["efficientnet", "b0", "g16", "evos"] => s_plain with { GroupSize = 16, Divisor = 16 },     // timm gives it batch normalisation
        ["efficientnet", "b3", "gn"] => Scaled(s_plain, "b3") with { NormGroupSize = 16, Divisor = 16 },
        ["efficientnet", "b3", "g8", "gn"] => Scaled(s_plain, "b3") with { GroupSize = 8, NormGroupSize = 16, Divisor = 16 },
        ["efficientnetv2", "s"] => s_v2Small,
        ["efficientnetv2", "m"] => s_v2Medium,
        ["efficientnetv2", "l"] => s_v2Large,
        ["efficientnetv2", "xl"] => s_v2ExtraLarge,
        ["efficientnetv2", "rw", "t"] => s_v2Small with { Width = 0.8, Depth = [0.9] },
        ["gc", "efficientnetv2", "rw", "t"] => s_v2Small with { Width = 0.8, Depth = [0.9], Squeeze = MobileSqueeze.GlobalContext },
        ["efficientnetv2", "rw", "s"] => s_v2SmallRw,
        ["efficientnetv2", "rw", "m"] => s_v2SmallRw with { Width = 1.2, Depth = [1.2, 1.2, 1.2, 1.2, 1.6] },
        ["efficientnetv2", var size] => Scaled(s_v2Base, size),
        _ => throw new ConfigurationException($"encoder '{name}' is no EfficientNet that is known here."),
    };

    private static MobileDesign Scaled(MobileDesign design, string size)
    {
        var scale = EfficientNetScale.Named(size);
        return design with { Width = scale.Width, Depth = [scale.Depth] };
    }
}
