using Osteon.Abstractions;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MaxxViT;

/// <summary>The designs by timm's names; rw and pm are timm's own.</summary>
/// <remarks>CoAtNet: Dai et al. 2021, arXiv:2106.04803, table 3; MaxViT: Tu et al. 2022, arXiv:2204.01697, table 1.</remarks>
internal static class MaxxViTDesigns
{
    private static readonly int[] s_tiny = [64, 128, 256, 512];
    private static readonly int[] s_small = [96, 192, 384, 768];
    private static readonly int[] s_base = [128, 256, 512, 1024];
    private static readonly int[] s_large = [192, 384, 768, 1536];
    private static readonly int[] s_long = [2, 6, 14, 2];
    private static readonly int[] s_short = [2, 2, 5, 2];

    private static readonly BlockKind[][] s_coat = [[BlockKind.Convolution], [BlockKind.Convolution], [BlockKind.Transformer], [BlockKind.Transformer]];
    private static readonly BlockKind[][] s_mixed = [[BlockKind.Convolution], [BlockKind.Convolution], [BlockKind.Convolution, BlockKind.Transformer], [BlockKind.Convolution, BlockKind.Transformer]];

    // timm's first CoAtNets, its MaxViTs and later CoAtNets, and both with ConvNeXt's blocks.
    private static readonly ConvolutionDesign s_coatConvolution = new() { PreActivates = true, HasBias = false, SqueezeReLU = true, Activation = functional.silu };
    private static readonly ConvolutionDesign s_maxConvolution = new() { HasBias = false, SqueezeRatio = 1.0 / 16, Activation = functional.silu };
    private static readonly ConvolutionDesign s_wideConvolution = s_maxConvolution with { HasBias = true, SqueezeRatio = 0.25 };
    private static readonly ConvolutionDesign s_nextConvolution = new() { IsNext = true, Eps = 1e-6 };
    private static readonly AttentionDesign s_table = new();
    private static readonly AttentionDesign s_network = new() { Positions = Positions.Network };
    private static readonly AttentionDesign s_next = new() { Positions = Positions.Network, Scale = 1e-6 };

    /// <summary>The design of an encoder's name, without its image size.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static MaxxViTDesign Named(string encoder) => encoder["tu-".Length..encoder.LastIndexOf('_')] switch
    {
        "coatnet_pico_rw" => Coat(s_tiny, [2, 3, 5, 2], 32, s_wideConvolution, s_table),
        "coatnet_nano_rw" => Coat(s_tiny, [3, 4, 6, 3], 32, s_wideConvolution with { Pools = true }, s_table),
        "coatnet_0_rw" => Coat(s_small, [2, 3, 7, 2], 32, s_coatConvolution with { Pools = true, SqueezesEarly = true }, s_table with { ShortcutBias = false }),
        "coatnet_1_rw" => Coat(s_small, s_long, 32, s_coatConvolution with { SqueezesEarly = true }, s_table with { ShortcutBias = false }),
        "coatnet_2_rw" => Coat(s_base, s_long, 64, s_coatConvolution with { SqueezeReLU = false }, s_table),
        "coatnet_3_rw" => Coat(s_large, s_long, 96, s_coatConvolution with { SqueezeReLU = false }, s_table with { Scale = 1e-6 }),
        "coatnet_bn_0_rw" => Coat(s_small, [2, 3, 7, 2], 32, s_coatConvolution with { SqueezesEarly = true }, s_table with { ShortcutBias = false, BatchNorm = true }),
        "coatnet_rmlp_nano_rw" => Coat(s_tiny, [3, 4, 6, 3], 32, s_wideConvolution, s_network with { Hidden = 384 }),
        "coatnet_rmlp_0_rw" => Coat(s_small, [2, 3, 7, 2], 32, s_coatConvolution, s_network),
        "coatnet_rmlp_1_rw" => Coat(s_small, s_long, 32, s_coatConvolution with { Pools = true, MaxPool = true, SqueezesEarly = true }, s_network with { MaxPool = true, ShortcutBias = false, Hidden = 384 }),
        "coatnet_rmlp_1_rw2" => Coat(s_small, s_long, 32, s_coatConvolution, s_network),
        "coatnet_rmlp_2_rw" => Coat(s_base, s_long, 64, s_coatConvolution with { SqueezeReLU = false }, s_network with { Scale = 1e-6 }),
        "coatnet_rmlp_3_rw" => Coat(s_large, s_long, 96, s_coatConvolution with { SqueezeReLU = false }, s_network with { Scale = 1e-6 }),
        "coatnet_nano_cc" => Coat(s_tiny, [3, 4, 6, 3], 32, s_coatConvolution with { Pools = true }, s_table) with { Kinds = s_mixed },
        "coatnext_nano_rw" => Coat(s_tiny, [3, 4, 6, 3], 32, s_nextConvolution with { Scale = 1e-5 }, s_table) with { IsNormal = true },
        "coatnet_0" => Paper(s_small, [2, 3, 5, 2], 64),
        "coatnet_1" => Paper(s_small, s_long, 64),
        "coatnet_2" => Paper(s_base, s_long, 128),
        "coatnet_3" => Paper(s_large, s_long, 192),
        "coatnet_4" => Paper(s_large, [2, 12, 28, 2], 192),
        "coatnet_5" => Paper([256, 512, 1280, 2048], [2, 12, 28, 2], 192),
        "maxvit_pico_rw" => Max([32, 64, 128, 256], s_short, 24, s_table) with { Stem = [24, 32] },
        "maxvit_nano_rw" => Max(s_tiny, [1, 2, 3, 1], 32, s_table),
        "maxvit_tiny_rw" => Max(s_tiny, s_short, 32, s_table),
        "maxvit_tiny_pm" => Max(s_tiny, s_short, 32, s_table) with { Kinds = All(BlockKind.Parallel) },
        "maxvit_rmlp_pico_rw" => Max([32, 64, 128, 256], s_short, 24, s_network) with { Stem = [24, 32] },
        "maxvit_rmlp_nano_rw" => Max(s_tiny, [1, 2, 3, 1], 32, s_network),
        "maxvit_rmlp_tiny_rw" => Max(s_tiny, s_short, 32, s_network),
        "maxvit_rmlp_small_rw" => Max(s_small, s_short, 32, s_network with { Scale = 1e-6 }),
        "maxvit_rmlp_base_rw" => Max(s_small, s_long, 32, s_network),
        "maxxvit_rmlp_nano_rw" => Next(s_tiny, [1, 2, 3, 1], 32) with { IsNormal = true },
        "maxxvit_rmlp_tiny_rw" => Next(s_tiny, s_short, 32),
        "maxxvit_rmlp_small_rw" => Next(s_small, s_short, 48),
        "maxxvitv2_nano_rw" => Second(s_small, [1, 2, 3, 1], 48, Positions.Table) with { IsNormal = true },
        "maxxvitv2_rmlp_base_rw" => Second(s_base, [2, 6, 12, 2], 64, Positions.Network),
        "maxxvitv2_rmlp_large_rw" => Second([160, 320, 640, 1280], [2, 6, 16, 2], 80, Positions.Network),
        "maxvit_tiny_tf" => TensorFlow(s_tiny, s_short, 64),
        "maxvit_small_tf" => TensorFlow(s_small, s_short, 64),
        "maxvit_base_tf" => TensorFlow(s_small, s_long, 64),
        "maxvit_large_tf" => TensorFlow(s_base, s_long, 128),
        "maxvit_xlarge_tf" => TensorFlow(s_large, s_long, 192),
        _ => throw new ConfigurationException($"encoder '{encoder}' is no MaxViT or CoAtNet that is known here."),
    };

    private static MaxxViTDesign Coat(int[] channels, int[] depths, int stem, ConvolutionDesign convolution, AttentionDesign attention) =>
        new(channels, depths, s_coat, [stem, 2 * stem], convolution, attention);

    private static MaxxViTDesign Paper(int[] channels, int[] depths, int stem) =>
        new(channels, depths, s_coat, [stem, stem], new ConvolutionDesign { ExpandsOutput = true }, new AttentionDesign { ExpandsFirst = true });

    private static MaxxViTDesign Max(int[] channels, int[] depths, int stem, AttentionDesign attention) =>
        new(channels, depths, All(BlockKind.MultiAxis), [stem, 2 * stem], s_maxConvolution, attention);

    private static MaxxViTDesign Next(int[] channels, int[] depths, int stem) =>
        new(channels, depths, All(BlockKind.MultiAxis), [stem, 2 * stem], s_nextConvolution, s_next);

    private static MaxxViTDesign Second(int[] channels, int[] depths, int stem, Positions positions) =>
        Next(channels, depths, stem) with { Attention = s_next with { HasWindows = false, Positions = positions } };

    private static MaxxViTDesign TensorFlow(int[] channels, int[] depths, int stem) => new(
        channels, depths, All(BlockKind.MultiAxis), [stem, stem],
        new ConvolutionDesign { ExpandsOutput = true, Eps = 1e-3, Activation = Tanh, Same = true },
        new AttentionDesign { HeadFirst = false, Positions = Positions.TensorFlowTable, Eps = 1e-5, Activation = Tanh })
    {
        StemBias = true,
    };

    private static BlockKind[][] All(BlockKind kind) => [[kind], [kind], [kind], [kind]];

    private static TorchSharp.torch.Tensor Tanh(TorchSharp.torch.Tensor x) => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);
}
