using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ViT;

/// <summary>timm's vision transformers.</summary>
/// <remarks>Dosovitskiy et al. 2020, arXiv:2010.11929; DeiT: Touvron et al. 2021 and 2022, arXiv:2012.12877, arXiv:2204.07118; DINOv2: Oquab et al. 2023, arXiv:2304.07193.</remarks>
internal static partial class ViTVariants
{
    private static readonly ViTVariant s_tiny = new(192, 12, 3);
    private static readonly ViTVariant s_small = new(384, 12, 6);
    private static readonly ViTVariant s_medium = new(512, 12, 8);
    private static readonly ViTVariant s_betwixt = new(640, 12, 10);
    private static readonly ViTVariant s_base = new(768, 12, 12);
    private static readonly ViTVariant s_plus = new(896, 12, 14);
    private static readonly ViTVariant s_large = new(1024, 24, 16);
    private static readonly ViTVariant s_giant = new(1536, 40, 24) { Hidden = 4096, Gated = true };

    // By the name without the image's side; by the whole name where one size differs from its kind.
    private static readonly Dictionary<string, ViTVariant> s_variants = new()
    {
        ["vit_tiny_patch16"] = s_tiny,
        ["vit_small_patch8"] = s_small with { Classes = 0 },
        ["vit_small_patch16"] = s_small,
        ["vit_small_patch16_36x1"] = s_small with { Blocks = 36, LayerScale = 1e-5 },
        ["vit_small_patch32"] = s_small,
        ["vit_base_patch8"] = s_base,
        ["vit_base_patch16"] = s_base,
        ["vit_base_patch16_224.augreg_in21k"] = s_base with { Classes = 21843 },        // SMP's default for DPT
        ["vit_base_patch16_224_miil"] = s_base with { QkvBias = false, Classes = 11221 },
        ["vit_base_patch16_plus"] = s_plus with { LayerScale = 1e-5 },
        ["vit_base_patch32"] = s_base,
        ["vit_base_patch32_plus"] = s_plus with { LayerScale = 1e-5 },
        ["vit_large_patch16"] = s_large,
        ["vit_large_patch32"] = s_large,
        ["vit_large_patch32_224"] = s_large with { Classes = 0 },

        ["vit_xsmall_patch16_clip"] = Clip(new(256, 10, 4), 512),
        ["vit_medium_patch16_clip"] = Clip(s_medium, 512),
        ["vit_medium_patch32_clip"] = Clip(s_medium, 512),
        ["vit_betwixt_patch32_clip"] = Clip(s_betwixt, 512),
        ["vit_base_patch16_clip"] = Clip(s_base, 1000),
        ["vit_base_patch16_clip_quickgelu"] = Clip(s_base, 512) with { Activation = QuickGelu },
        ["vit_base_patch16_plus_clip"] = Clip(s_plus, 640),
        ["vit_base_patch32_clip"] = Clip(s_base, 1000),
        ["vit_base_patch32_clip_256"] = Clip(s_base, 512),
        ["vit_base_patch32_clip_quickgelu"] = Clip(s_base, 512) with { Activation = QuickGelu },

        ["vit_medium_patch16_gap"] = s_medium with { QkvBias = false, ClassToken = false, LayerScale = 1e-6 },
        ["vit_medium_patch16_gap_240"] = s_medium with { QkvBias = false, ClassToken = false, LayerScale = 1e-6, Classes = 11821 },
        ["vit_betwixt_patch16_gap"] = s_betwixt with { QkvBias = false, ClassToken = false, LayerScale = 1e-6 },
        ["vit_base_patch16_gap"] = s_base with { Heads = 16, ClassToken = false },
        ["vit_huge_patch16_gap"] = new(1280, 32, 16) { ClassToken = false, Classes = 0 },
        ["vit_giant_patch16_gap"] = new(1408, 40, 16) { Hidden = 6144, ClassToken = false, Classes = 0 },

        ["vit_wee_patch16_reg1_gap"] = Registers(new(256, 14, 4) { Hidden = 1280 }, 1),
        ["vit_little_patch16_reg1_gap"] = Registers(new(320, 14, 5) { Hidden = 1792 }, 1),
        ["vit_little_patch16_reg4_gap"] = Registers(new(320, 14, 5) { Hidden = 1792 }, 4),
        ["vit_medium_patch16_reg1_gap"] = Registers(s_medium, 1),
        ["vit_medium_patch16_reg4_gap"] = Registers(s_medium, 4),
        ["vit_mediumd_patch16_reg4_gap"] = Registers(s_medium with { Blocks = 20 }, 4),
        ["vit_betwixt_patch16_reg1_gap"] = Registers(s_betwixt, 1),
        ["vit_betwixt_patch16_reg4_gap"] = Registers(s_betwixt, 4),
        ["vit_base_patch16_reg4_gap"] = Registers(s_base, 4) with { LayerScale = 0 },
        ["vit_so150m_patch16_reg4_gap"] = new(896, 18, 14) { Hidden = 2304, ClassToken = false, Registers = 4 },
        ["vit_so150m2_patch16_reg1_gap"] = Registers(new(832, 21, 13) { Hidden = 2176 }, 1) with { QkvBias = false, PatchPositionsOnly = false },

        ["vit_base_patch16_siglip_gap"] = Headless(s_base),
        ["vit_base_patch32_siglip_gap"] = Headless(s_base) with { Activation = TanhGelu },
        ["vit_large_patch16_siglip_gap"] = Headless(s_large),
        ["vit_large_patch16_siglip_gap_512"] = Headless(s_large) with { Activation = TanhGelu },
        ["vit_so400m_patch16_siglip_gap"] = Headless(new(1152, 27, 16) { Hidden = 4304 }) with { Activation = TanhGelu },
        ["vit_giantopt_patch16_siglip_gap"] = Headless(new(1536, 40, 16)) with { Activation = TanhGelu },

        ["vit_small_patch14_dinov2"] = Dino(s_small),
        ["vit_base_patch14_dinov2"] = Dino(s_base),
        ["vit_large_patch14_dinov2"] = Dino(s_large),
        ["vit_giant_patch14_dinov2"] = Dino(s_giant),
        ["vit_small_patch14_reg4_dinov2"] = WithRegisters(Dino(s_small)),
        ["vit_base_patch14_reg4_dinov2"] = WithRegisters(Dino(s_base)),
        ["vit_large_patch14_reg4_dinov2"] = WithRegisters(Dino(s_large)),
        ["vit_giant_patch14_reg4_dinov2"] = WithRegisters(Dino(s_giant)),

        ["deit_tiny_patch16"] = s_tiny,
        ["deit_tiny_distilled_patch16"] = s_tiny with { Distilled = true },
        ["deit_small_patch16"] = s_small,
        ["deit_small_distilled_patch16"] = s_small with { Distilled = true },
        ["deit_base_patch16"] = s_base,
        ["deit_base_distilled_patch16"] = s_base with { Distilled = true },
        ["deit3_small_patch16"] = s_small with { PatchPositionsOnly = true, LayerScale = 1e-6 },
        ["deit3_medium_patch16"] = s_medium with { PatchPositionsOnly = true, LayerScale = 1e-6 },
        ["deit3_base_patch16"] = s_base with { PatchPositionsOnly = true, LayerScale = 1e-6 },
        ["deit3_large_patch16"] = s_large with { PatchPositionsOnly = true, LayerScale = 1e-6 },
        ["flexivit_small"] = s_small with { PatchPositionsOnly = true, ImageSize = 240 },
        ["flexivit_base"] = s_base with { PatchPositionsOnly = true, ImageSize = 240 },
        ["flexivit_large"] = s_large with { PatchPositionsOnly = true, ImageSize = 240 },
    };

    /// <summary>By timm's name, one of the encoder's.</summary>
    public static ViTVariant Named(string encoder)
    {
        var name = encoder["tu-".Length..];
        var (size, patch) = (ImageSide().Match(name), PatchSide().Match(name));
        var variant = s_variants.GetValueOrDefault(name) ?? s_variants[name[..(size.Success ? size.Index : name.Length)]];
        return variant with { ImageSize = Side(size, variant.ImageSize), Patch = Side(patch, variant.Patch) };
    }

    private static int Side(Match found, int otherwise) => found.Success ? int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : otherwise;

    private static ViTVariant Clip(ViTVariant variant, int classes) => variant with { PreNorm = true, Eps = 1e-5, Classes = classes };

    private static ViTVariant Registers(ViTVariant variant, int count) =>
        variant with { ClassToken = false, Registers = count, PatchPositionsOnly = true, LayerScale = 1e-5, NormAfterPooling = true };

    private static ViTVariant Headless(ViTVariant variant) => variant with { ClassToken = false, Classes = 0 };

    private static ViTVariant Dino(ViTVariant variant) => variant with { LayerScale = 1e-5, Classes = 0, ImageSize = 518 };

    private static ViTVariant WithRegisters(ViTVariant variant) => variant with { Registers = 4, PatchPositionsOnly = true };

    private static Tensor QuickGelu(Tensor x) => x * (x * 1.702).sigmoid();

    private static Tensor TanhGelu(Tensor x) => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);

    [GeneratedRegex(@"_(\d+)(?:_miil|\.\w+)?$")]
    private static partial Regex ImageSide();

    [GeneratedRegex(@"_patch(\d+)")]
    private static partial Regex PatchSide();
}
