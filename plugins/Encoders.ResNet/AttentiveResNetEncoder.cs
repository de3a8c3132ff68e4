using System.Text.RegularExpressions;
using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ResNet;

/// <summary>
/// timm's further ResNets, with its keys: se and eca weigh channels, aa and blur smooth before they drop pixels, gn normalises groups of
/// channels, rs is the deep variant of another training recipe. Letters behind the depth are those of <see cref="TimmResNetEncoder"/>.
/// </summary>
/// <remarks>
/// Hu, Shen, Sun 2018, arXiv:1709.01507; Wang et al. 2020, arXiv:1910.03151; Zhang 2019, arXiv:1904.11486; Bello et al. 2021,
/// arXiv:2103.07579; Wu, He 2018, arXiv:1803.08494.
/// </remarks>
[Encoder("tu-seresnet18")]
[Encoder("tu-seresnet34")]
[Encoder("tu-seresnet50")]
[Encoder("tu-seresnet50t")]
[Encoder("tu-seresnet101")]
[Encoder("tu-seresnet152")]
[Encoder("tu-seresnet152d")]
[Encoder("tu-seresnet200d")]
[Encoder("tu-seresnet269d")]
[Encoder("tu-seresnext26d_32x4d")]
[Encoder("tu-seresnext26t_32x4d")]
[Encoder("tu-seresnext50_32x4d")]
[Encoder("tu-seresnext101_32x4d")]
[Encoder("tu-seresnext101_32x8d")]
[Encoder("tu-seresnext101d_32x8d")]
[Encoder("tu-seresnext101_64x4d")]
[Encoder("tu-senet154")]
[Encoder("tu-ecaresnet26t")]
[Encoder("tu-ecaresnet50d")]
[Encoder("tu-ecaresnet50t")]
[Encoder("tu-ecaresnet101d")]
[Encoder("tu-ecaresnet200d")]
[Encoder("tu-ecaresnet269d")]
[Encoder("tu-ecaresnetlight")]
[Encoder("tu-ecaresnext26t_32x4d")]
[Encoder("tu-ecaresnext50t_32x4d")]
[Encoder("tu-resnetaa34d")]
[Encoder("tu-resnetaa50")]
[Encoder("tu-resnetaa50d")]
[Encoder("tu-resnetaa101d")]
[Encoder("tu-seresnetaa50d")]
[Encoder("tu-seresnextaa101d_32x8d")]
[Encoder("tu-seresnextaa201d_32x8d")]
[Encoder("tu-resnetblur18")]
[Encoder("tu-resnetblur50")]
[Encoder("tu-resnetblur50d")]
[Encoder("tu-resnetblur101d")]
[Encoder("tu-resnetrs50")]
[Encoder("tu-resnetrs101")]
[Encoder("tu-resnetrs152")]
[Encoder("tu-resnetrs200")]
[Encoder("tu-resnetrs270")]
[Encoder("tu-resnetrs350")]
[Encoder("tu-resnetrs420")]
[Encoder("tu-resnet50_gn")]
public sealed partial class AttentiveResNetEncoder(EncoderOptions options) : TimmEncoder(options, Plan(options.Name).Features, new TimmResNet(options, Plan(options.Name)))
{
    private const double SqueezedTo = 1 / 16.0;
    private const double RecipeSqueezedTo = 1 / 4.0;               // the rs networks'
    private const int NormGroups = 32;

    private static TimmResNetPlan Plan(string name) => name switch
    {
        "tu-senet154" => Planned(new([3, 8, 36, 3], Bottleneck: true, 64, 4), new() { Attention = Squeeze(SqueezedTo), ReduceFirst = 2 }) with { DeepStem = [64, 64, 128], ShortcutKernel = 3 },
        "tu-ecaresnetlight" => Planned(new([1, 1, 11, 3], Bottleneck: true), new() { Attention = Neighbours }) with { AverageDown = true },
        "tu-ecaresnext50t_32x4d" => Plan("tu-ecaresnext26t_32x4d"),     // timm's has no more blocks
        "tu-seresnextaa201d_32x8d" => Smoothed(new([3, 24, 36, 4], Bottleneck: true, 32, 8), Average, channelWise: true) with { DeepStem = [64, 64, 128], AverageDown = true },
        "tu-resnet50_gn" => Planned(ResNetVariant.Named("resnet50"), new() { Norm = Grouped }) with { Norm = Grouped },
        _ when name.StartsWith("tu-resnetrs", StringComparison.Ordinal) => Recipe(name),
        _ => OfParts(name),
    };

    private static TimmResNetPlan OfParts(string name)
    {
        var parts = Parts().Match(name);
        var variant = ResNetVariant.Named($"{parts.Groups["family"]}{parts.Groups["depth"]}{parts.Groups["tail"]}");
        var plan = (parts.Groups["attention"].Value, parts.Groups["smooth"].Value) switch
        {
            ("se", "") => Planned(variant, new() { Attention = Squeeze(SqueezedTo) }),
            ("eca", "") => Planned(variant, new() { Attention = Neighbours }),
            (var attention, "aa") => Smoothed(variant, Average, channelWise: attention == "se"),
            ("", "blur") => Smoothed(variant, Blur, channelWise: false) with { StemPool = _ => Sequential(MaxPool2d(3, 1, 1), new BlurPool2d(2)) },
            _ => throw new ConfigurationException($"encoder '{name}' is no ResNet that is known here."),
        };
        return parts.Groups["letter"].Value switch
        {
            "d" => plan with { DeepStem = [32, 32, 64], AverageDown = true },
            "t" => plan with { DeepStem = [24, 32, 64], AverageDown = true },
            _ => plan,
        };
    }

    private static TimmResNetPlan Recipe(string name)
    {
        int[] blocks = name["tu-resnetrs".Length..] switch
        {
            "50" => [3, 4, 6, 3],
            "101" => [3, 4, 23, 3],
            "152" => [3, 8, 36, 3],
            "200" => [3, 24, 36, 3],
            "270" => [4, 29, 53, 4],
            "350" => [4, 36, 72, 4],
            _ => [4, 44, 87, 4],
        };
        return Planned(new(blocks, Bottleneck: true), new() { Attention = Squeeze(RecipeSqueezedTo) }) with
        {
            DeepStem = [32, 32, 64],
            AverageDown = true,
            StemPool = channels => Sequential(Conv2d(channels, channels, 3, stride: 2, padding: 1, bias: false), BatchNorm2d(channels), ReLU(inplace: true)),
        };
    }

    private static TimmResNetPlan Planned(ResNetVariant variant, ResidualExtras extras) => new(variant.Blocks, variant.Expansion, place => variant.Block(place, extras));

    private static TimmResNetPlan Smoothed(ResNetVariant variant, Func<int, Module<Tensor, Tensor>> smooth, bool channelWise) =>
        Planned(variant, new() { AntiAlias = smooth, Attention = channelWise ? Squeeze(SqueezedTo) : null }) with { StemPool = _ => AvgPool2d(2, 2) };

    private static Func<int, Module<Tensor, Tensor>> Squeeze(double ratio) => channels => new SqueezeExcite(channels, Blocks.MakeDivisible(channels * ratio, roundLimit: 0));

    private static EfficientChannelAttention Neighbours(int channels) => new(channels);

    private static AvgPool2d Average(int stride) => AvgPool2d(stride, stride);

    private static BlurPool2d Blur(int stride) => new(stride);

    private static GroupNorm Grouped(int channels) => GroupNorm(NormGroups, channels);

    [GeneratedRegex(@"^tu-(?<attention>se|eca)?(?<family>resnex?t)(?<smooth>aa|blur)?(?<depth>\d+)(?<letter>[dt]?)(?<tail>_.*)?$")]
    private static partial Regex Parts();
}
