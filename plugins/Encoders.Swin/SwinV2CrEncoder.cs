using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>Swin Transformer of the second version as Christoph Reich wrote it down from the paper, and timm builds it.</summary>
/// <remarks>Liu et al. 2022, arXiv:2111.09883. Windows are an eighth of the first map wide. It does not dilate, and keeps its strides, as in timm.</remarks>
[Encoder("tu-swinv2_cr_base_224")]
[Encoder("tu-swinv2_cr_base_384")]
[Encoder("tu-swinv2_cr_base_ns_224")]
[Encoder("tu-swinv2_cr_giant_224")]
[Encoder("tu-swinv2_cr_giant_384")]
[Encoder("tu-swinv2_cr_huge_224")]
[Encoder("tu-swinv2_cr_huge_384")]
[Encoder("tu-swinv2_cr_large_224")]
[Encoder("tu-swinv2_cr_large_384")]
[Encoder("tu-swinv2_cr_small_224")]
[Encoder("tu-swinv2_cr_small_384")]
[Encoder("tu-swinv2_cr_small_ns_224")]
[Encoder("tu-swinv2_cr_small_ns_256")]
[Encoder("tu-swinv2_cr_tiny_224")]
[Encoder("tu-swinv2_cr_tiny_384")]
[Encoder("tu-swinv2_cr_tiny_ns_224")]
public sealed class SwinV2CrEncoder(SwinOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private const int WindowRatio = 8;

    private readonly Frame? _only = options.StrictImgSize ? Size(options) : null;

    /// <inheritdoc/>
    public override Frame? OnlySize => _only;

    private static TimmFeatures Features(SwinOptions options) =>
        new(SwinTransformer.Patch, [.. Enumerable.Range(0, 4).Select(stage => SwinV2CrVariant.Named(options.Name).Channels << stage)]) { KeepsStrides = true };

    private static Frame Size(SwinOptions options) => ImageSize.Of(options.Name, options.ImgSize, SwinV2CrVariant.Named(options.Name).ImageSize, Math.Max(1 << options.Depth, SwinTransformer.Patch * WindowRatio));

    // Keys: patch_embed, then stages_0 ….
    private static FeatureList Model(SwinOptions options)
    {
        var (variant, size) = (SwinV2CrVariant.Named(options.Name), Size(options));
        var grid = new Frame(size.Height / SwinTransformer.Patch, size.Width / SwinTransformer.Patch);
        var window = new Frame(grid.Height / WindowRatio, grid.Width / WindowRatio);
        var model = new FeatureList().Add("patch_embed", new PatchEmbedding(options.Name, options.InChannels, variant.Channels, options.StrictImgSize ? size : null), isMap: false);
        foreach (var stage in Enumerable.Range(0, Features(options).Used(options)))
        {
            var map = new Frame(grid.Height >> stage, grid.Width >> stage);
            model.Add($"stages_{stage}", new SwinV2CrStage(variant, stage, new WindowPlan(map, window, options.StrictImgSize)), seen: x => x.permute(0, 3, 1, 2));
        }

        return model;
    }
}
