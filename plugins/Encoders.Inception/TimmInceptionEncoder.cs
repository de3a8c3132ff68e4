using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.Inception;

/// <summary>Inception-v4 and Inception-ResNet-v2 as timm builds them: without the paddings that the paper leaves out, so that maps are smaller than their strides say.</summary>
/// <remarks>Szegedy et al. 2017, arXiv:1602.07261.</remarks>
[Encoder("tu-inception_v4")]
[Encoder("tu-inception_resnet_v2")]
public sealed class TimmInceptionEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static readonly int[] s_maps = [2, 3, 9, 17, 21];       // of Inception-v4's layers
    private static readonly int[] s_sides = [7, 19, 27, 43, 75];    // the least that leave a pixel of each map

    private readonly int _least = s_sides[Math.Clamp(options.Depth, 1, 5) - 1];

    /// <inheritdoc/>
    public override bool KeepsSizes => false;

    /// <inheritdoc/>
    public override int LeastSide => _least;

    private static bool IsResidual(EncoderOptions options) => options.Name == "tu-inception_resnet_v2";

    private static TimmFeatures Features(EncoderOptions options) =>
        (IsResidual(options) ? new TimmFeatures(2, 64, 192, 320, 1088, 1536) : new TimmFeatures(2, 64, 160, 384, 1024, 1536)) with { Dilates = false };

    // Keys: features_0 …, or conv2d_1a ….
    private static FeatureList Model(EncoderOptions options)
    {
        var (model, left) = (new FeatureList(), Features(options).Used(options));
        var parts = IsResidual(options)
            ? InceptionResNetV2Layers.All(options.InChannels, pads: false)
            : [.. InceptionV4Layers.All(options.InChannels, pads: false).Select((layer, i) => ($"features_{i}", layer, s_maps.Contains(i)))];
        foreach (var (key, part, isMap) in parts)
        {
            if (left == 0)
            {
                part.Dispose();
                continue;
            }

            model.Add(key, part, isMap);
            left -= isMap ? 1 : 0;
        }

        return model;
    }
}
