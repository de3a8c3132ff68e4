using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using static TorchSharp.torch;

namespace Osteon.Plugins.Encoders.ViT;

/// <summary>What timm's constructor takes, and SMP passes on.</summary>
public sealed record VisionTransformerOptions : BlockEncoderOptions
{
    /// <summary>Side of the images, or height and width; null for the side that the name promises.</summary>
    public JsonNode? ImgSize { get; init; }

    /// <summary>Side of a patch; null for the one that the name promises. DPT goes with powers of two alone: 16 makes a DINOv2 of patches of 14 fit.</summary>
    public int? PatchSize { get; init; }

    /// <summary>Whether images of any size that patches fill are taken: position embeddings are then resized to each.</summary>
    public bool DynamicImgSize { get; init; }
}

/// <summary>
/// Vision transformers as timm builds them and SMP's DPT holds them, head and all: the maps of some blocks, all of one size, and
/// behind them each map's prefix tokens (class, distillation, registers), where there are any.
/// </summary>
/// <remarks>Dosovitskiy et al. 2020, arXiv:2010.11929. For the architecture DPT.</remarks>
[Encoder("tu-vit_base_patch14_dinov2")]
[Encoder("tu-vit_base_patch14_reg4_dinov2")]
[Encoder("tu-vit_giant_patch14_dinov2")]
[Encoder("tu-vit_giant_patch14_reg4_dinov2")]
[Encoder("tu-vit_large_patch14_dinov2")]
[Encoder("tu-vit_large_patch14_reg4_dinov2")]
[Encoder("tu-vit_small_patch14_dinov2")]
[Encoder("tu-vit_small_patch14_reg4_dinov2")]
[Encoder("tu-vit_base_patch16_224")]
[Encoder("tu-vit_base_patch16_224_miil")]
[Encoder("tu-vit_base_patch16_384")]
[Encoder("tu-vit_base_patch16_clip_224")]
[Encoder("tu-vit_base_patch16_clip_384")]
[Encoder("tu-vit_base_patch16_clip_quickgelu_224")]
[Encoder("tu-vit_base_patch16_gap_224")]
[Encoder("tu-vit_base_patch16_plus_240")]
[Encoder("tu-vit_base_patch16_plus_clip_240")]
[Encoder("tu-vit_base_patch16_reg4_gap_256")]
[Encoder("tu-vit_base_patch16_siglip_gap_224")]
[Encoder("tu-vit_base_patch16_siglip_gap_256")]
[Encoder("tu-vit_base_patch16_siglip_gap_384")]
[Encoder("tu-vit_base_patch16_siglip_gap_512")]
[Encoder("tu-vit_base_patch32_224")]
[Encoder("tu-vit_base_patch32_384")]
[Encoder("tu-vit_base_patch32_clip_224")]
[Encoder("tu-vit_base_patch32_clip_256")]
[Encoder("tu-vit_base_patch32_clip_384")]
[Encoder("tu-vit_base_patch32_clip_448")]
[Encoder("tu-vit_base_patch32_clip_quickgelu_224")]
[Encoder("tu-vit_base_patch32_plus_256")]
[Encoder("tu-vit_base_patch32_siglip_gap_256")]
[Encoder("tu-vit_base_patch8_224")]
[Encoder("tu-vit_betwixt_patch16_gap_256")]
[Encoder("tu-vit_betwixt_patch16_reg1_gap_256")]
[Encoder("tu-vit_betwixt_patch16_reg4_gap_256")]
[Encoder("tu-vit_betwixt_patch16_reg4_gap_384")]
[Encoder("tu-vit_betwixt_patch32_clip_224")]
[Encoder("tu-vit_giant_patch16_gap_224")]
[Encoder("tu-vit_giantopt_patch16_siglip_gap_256")]
[Encoder("tu-vit_giantopt_patch16_siglip_gap_384")]
[Encoder("tu-vit_huge_patch16_gap_448")]
[Encoder("tu-vit_large_patch16_224")]
[Encoder("tu-vit_large_patch16_384")]
[Encoder("tu-vit_large_patch16_siglip_gap_256")]
[Encoder("tu-vit_large_patch16_siglip_gap_384")]
[Encoder("tu-vit_large_patch16_siglip_gap_512")]
[Encoder("tu-vit_large_patch32_224")]
[Encoder("tu-vit_large_patch32_384")]
[Encoder("tu-vit_little_patch16_reg1_gap_256")]
[Encoder("tu-vit_little_patch16_reg4_gap_256")]
[Encoder("tu-vit_medium_patch16_clip_224")]
[Encoder("tu-vit_medium_patch16_gap_240")]
[Encoder("tu-vit_medium_patch16_gap_256")]
[Encoder("tu-vit_medium_patch16_gap_384")]
[Encoder("tu-vit_medium_patch16_reg1_gap_256")]
[Encoder("tu-vit_medium_patch16_reg4_gap_256")]
[Encoder("tu-vit_medium_patch32_clip_224")]
[Encoder("tu-vit_mediumd_patch16_reg4_gap_256")]
[Encoder("tu-vit_mediumd_patch16_reg4_gap_384")]
[Encoder("tu-vit_small_patch16_224")]
[Encoder("tu-vit_small_patch16_36x1_224")]
[Encoder("tu-vit_small_patch16_384")]
[Encoder("tu-vit_small_patch32_224")]
[Encoder("tu-vit_small_patch32_384")]
[Encoder("tu-vit_small_patch8_224")]
[Encoder("tu-vit_so150m2_patch16_reg1_gap_256")]
[Encoder("tu-vit_so150m2_patch16_reg1_gap_384")]
[Encoder("tu-vit_so150m2_patch16_reg1_gap_448")]
[Encoder("tu-vit_so150m_patch16_reg4_gap_256")]
[Encoder("tu-vit_so150m_patch16_reg4_gap_384")]
[Encoder("tu-vit_so400m_patch16_siglip_gap_256")]
[Encoder("tu-vit_so400m_patch16_siglip_gap_384")]
[Encoder("tu-vit_so400m_patch16_siglip_gap_512")]
[Encoder("tu-vit_tiny_patch16_224")]
[Encoder("tu-vit_tiny_patch16_384")]
[Encoder("tu-vit_wee_patch16_reg1_gap_256")]
[Encoder("tu-vit_xsmall_patch16_clip_224")]
[Encoder("tu-deit3_base_patch16_224")]
[Encoder("tu-deit3_base_patch16_384")]
[Encoder("tu-deit3_large_patch16_224")]
[Encoder("tu-deit3_large_patch16_384")]
[Encoder("tu-deit3_medium_patch16_224")]
[Encoder("tu-deit3_small_patch16_224")]
[Encoder("tu-deit3_small_patch16_384")]
[Encoder("tu-deit_base_distilled_patch16_224")]
[Encoder("tu-deit_base_distilled_patch16_384")]
[Encoder("tu-deit_base_patch16_224")]
[Encoder("tu-deit_base_patch16_384")]
[Encoder("tu-deit_small_distilled_patch16_224")]
[Encoder("tu-deit_small_patch16_224")]
[Encoder("tu-deit_tiny_distilled_patch16_224")]
[Encoder("tu-deit_tiny_patch16_224")]
[Encoder("tu-flexivit_base")]
[Encoder("tu-flexivit_large")]
[Encoder("tu-flexivit_small")]
[Encoder("tu-vit_base_patch16_224.augreg_in21k")]
public sealed class VisionTransformerEncoder : Encoder
{
    private readonly VisionTransformer model;
    private readonly Frame? _only;
    private readonly int _patch;

    /// <summary>Builds the variant that the options name.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public VisionTransformerEncoder(VisionTransformerOptions options) : this(options, Patched(options, ViTVariants.Named(options.Name)))
    {
    }

    private VisionTransformerEncoder(VisionTransformerOptions options, ViTVariant variant)
        : base(options.Name, [.. Enumerable.Repeat(variant.Channels, Checked(options, variant).Depth)], [.. Enumerable.Repeat(variant.Patch, options.Depth)])
    {
        var size = ImageSize.Of(options.Name, options.ImgSize, variant.ImageSize, variant.Patch);
        _only = options.DynamicImgSize ? null : size;
        _patch = variant.Patch;
        model = new VisionTransformer(options, variant, size, Taken(options, variant));
        HasPrefixTokens = variant.PrefixTokens > 0;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool HasPrefixTokens { get; }

    /// <inheritdoc/>
    public override Frame? OnlySize => _only;

    /// <inheritdoc/>
    public override int SizeMultiple => _patch;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        var came = new Frame((int)input.shape[2], (int)input.shape[3]);
        return _only is { } only && came != only
            ? throw new ConfigurationException($"encoder {GetName()} takes images of {only} alone, and one of {came} came. Set the encoder's img_size to the size of the images, or dynamic_img_size: true.")
            : model.forward(input);
    }

    private static ViTVariant Patched(VisionTransformerOptions options, ViTVariant variant) => options.PatchSize switch
    {
        null => variant,
        >= 1 => variant with { Patch = options.PatchSize.Value },
        _ => throw new ConfigurationException($"encoder {options.Name}: patch_size {options.PatchSize} must be at least 1."),
    };

    private static VisionTransformerOptions Checked(VisionTransformerOptions options, ViTVariant variant) => options switch
    {
        { InChannels: < 1 } => throw new ConfigurationException($"encoder {options.Name}: in_channels {options.InChannels} must be at least 1."),
        { OutputStride: not 32 } => throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} was asked for, and a vision transformer does not dilate. It goes with the architecture DPT."),
        _ => options.Depth >= 1 && options.Depth <= variant.Blocks ? options : throw new ConfigurationException($"encoder {options.Name}: depth {options.Depth} must be 1 to {variant.Blocks}, the number of its blocks."),
    };

    // SMP's rule spreads them evenly; the last is always among them.
    private static SortedSet<int> Taken(VisionTransformerOptions options, ViTVariant variant)
    {
        var indices = options.OutputIndices ?? [.. Enumerable.Range(1, options.Depth).Select(k => (int)((double)variant.Blocks / options.Depth * k) - 1)];
        SortedSet<int> taken = [.. indices.Select(index => index < 0 ? index + variant.Blocks : index)];
        return taken.Count == options.Depth && indices.Count == options.Depth && taken.Min >= 0 && taken.Max < variant.Blocks
            ? taken
            : throw new ConfigurationException($"encoder {options.Name}: output_indices [{string.Join(", ", indices)}] must be {options.Depth} different numbers from {-variant.Blocks} to {variant.Blocks - 1}.");
    }
}
