using Osteon.Masks;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>Patches and stages. Keys: patch_embed, layers_0 ….</summary>
internal static class SwinTransformer
{
    /// <summary>Side of a patch.</summary>
    public const int Patch = 4;

    private const double DropPathRate = 0.1;

    /// <param name="options">What was asked for.</param>
    /// <param name="variant">Its sizes.</param>
    /// <param name="stages">How many stages are built.</param>
    /// <param name="size">Of the images it is made for.</param>
    public static FeatureList Build(SwinOptions options, SwinVariant variant, int stages, Frame size)
    {
        var model = new FeatureList().Add("patch_embed", new PatchEmbedding(options.Name, options.InChannels, variant.Channels, options.StrictImgSize ? size : null), isMap: false);
        var rates = Blocks.DropPathRates(DropPathRate, variant.Depths);
        for (var stage = 0; stage < stages; stage++)
        {
            var map = new Frame(size.Height / Patch >> stage, size.Width / Patch >> stage);
            var plan = new WindowPlan(map, new Frame(variant.Windows[stage], variant.Windows[stage]), options.StrictImgSize);
            model.Add($"layers_{stage}", new SwinStage(variant, stage, rates[stage], plan), seen: x => x.permute(0, 3, 1, 2));
        }

        Initialization.Transformer(model);
        return model;
    }
}
