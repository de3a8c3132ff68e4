using System.Text.RegularExpressions;
using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.ResNet;

/// <summary>
/// The same networks as timm builds them: keys under model, stages beyond the depth left out, dilated in timm's way. A letter behind the
/// depth names a variant: c a deep stem, s a wide one, d and t also shortcuts that average.
/// </summary>
[Encoder("tu-resnet10t")]
[Encoder("tu-resnet14t")]
[Encoder("tu-resnet18")]
[Encoder("tu-resnet18d")]
[Encoder("tu-resnet26")]
[Encoder("tu-resnet26d")]
[Encoder("tu-resnet26t")]
[Encoder("tu-resnet34")]
[Encoder("tu-resnet34d")]
[Encoder("tu-resnet50")]
[Encoder("tu-resnet50c")]
[Encoder("tu-resnet50d")]
[Encoder("tu-resnet50s")]
[Encoder("tu-resnet50t")]
[Encoder("tu-resnet101")]
[Encoder("tu-resnet101c")]
[Encoder("tu-resnet101d")]
[Encoder("tu-resnet101s")]
[Encoder("tu-resnet152")]
[Encoder("tu-resnet152c")]
[Encoder("tu-resnet152d")]
[Encoder("tu-resnet152s")]
[Encoder("tu-resnet200")]
[Encoder("tu-resnet200d")]
[Encoder("tu-resnext50_32x4d")]
[Encoder("tu-resnext50d_32x4d")]
[Encoder("tu-resnext101_32x4d")]
[Encoder("tu-resnext101_32x8d")]
[Encoder("tu-resnext101_32x16d")]
[Encoder("tu-resnext101_32x32d")]
[Encoder("tu-resnext101_64x4d")]
[Encoder("tu-wide_resnet50_2")]
[Encoder("tu-wide_resnet101_2")]
public sealed partial class TimmResNetEncoder(EncoderOptions options) : TimmEncoder(options, Plan(options.Name).Features, new TimmResNet(options, Plan(options.Name)))
{
    private static TimmResNetPlan Plan(string name)
    {
        var parts = Variant().Match(name);
        var variant = ResNetVariant.Named($"{parts.Groups["head"]}{parts.Groups["tail"]}");
        var plan = new TimmResNetPlan(variant.Blocks, variant.Expansion, variant.Block);
        return parts.Groups["letter"].Value switch
        {
            "c" => plan with { DeepStem = [32, 32, 64] },
            "s" => plan with { DeepStem = [64, 64, 128] },
            "d" => plan with { DeepStem = [32, 32, 64], AverageDown = true },
            "t" => plan with { DeepStem = [24, 32, 64], AverageDown = true },
            _ => plan,
        };
    }

    [GeneratedRegex(@"^tu-(?<head>(wide_)?resnex?t\d+)(?<letter>[cdst]?)(?<tail>_.*)?$")]
    private static partial Regex Variant();
}
