using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>What timm's constructor takes, and SMP passes on.</summary>
public sealed record SwinOptions : EncoderOptions
{
    /// <summary>Side of the images, or height and width; null for the side that the name promises.</summary>
    public JsonNode? ImgSize { get; init; }

    /// <summary>Whether images of that size alone are taken. Others give good maps too, for windows that reach over the border are masked for each size.</summary>
    public bool StrictImgSize { get; init; } = true;
}

/// <summary>Swin Transformer as timm builds it: attention within windows, which move by half in every second block.</summary>
/// <remarks>Liu et al. 2021, arXiv:2103.14030; v2: Liu et al. 2022, arXiv:2111.09883. It does not dilate: whatever output stride is asked for, its maps keep their own, up to 32, as in timm.</remarks>
[Encoder("tu-swin_tiny_patch4_window7_224")]
[Encoder("tu-swin_small_patch4_window7_224")]
[Encoder("tu-swin_base_patch4_window7_224")]
[Encoder("tu-swin_base_patch4_window12_384")]
[Encoder("tu-swin_large_patch4_window7_224")]
[Encoder("tu-swin_large_patch4_window12_384")]
[Encoder("tu-swin_s3_tiny_224")]
[Encoder("tu-swin_s3_small_224")]
[Encoder("tu-swin_s3_base_224")]
[Encoder("tu-swinv2_tiny_window8_256")]
[Encoder("tu-swinv2_tiny_window16_256")]
[Encoder("tu-swinv2_small_window8_256")]
[Encoder("tu-swinv2_small_window16_256")]
[Encoder("tu-swinv2_base_window8_256")]
[Encoder("tu-swinv2_base_window16_256")]
[Encoder("tu-swinv2_base_window12_192")]
[Encoder("tu-swinv2_base_window12to16_192to256")]
[Encoder("tu-swinv2_base_window12to24_192to384")]
[Encoder("tu-swinv2_large_window12_192")]
[Encoder("tu-swinv2_large_window12to16_192to256")]
[Encoder("tu-swinv2_large_window12to24_192to384")]
public sealed class SwinEncoder(SwinOptions options) : TimmEncoder(options, Features(options), SwinTransformer.Build(options, SwinVariant.Named(options.Name), Features(options).Used(options), Size(options)))
{
    private readonly Frame? _only = options.StrictImgSize ? Size(options) : null;

    /// <inheritdoc/>
    public override Frame? OnlySize => _only;

    private static TimmFeatures Features(SwinOptions options)
    {
        var variant = SwinVariant.Named(options.Name);
        return new TimmFeatures(SwinTransformer.Patch, [.. Enumerable.Range(0, variant.Depths.Count).Select(variant.ChannelsOf)]) { KeepsStrides = true };
    }

    // The decoder doubles the deepest map until it has the image's size.
    private static Frame Size(SwinOptions options) => ImageSize.Of(options.Name, options.ImgSize, SwinVariant.Named(options.Name).ImageSize, 1 << options.Depth);
}
