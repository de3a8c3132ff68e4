using Osteon.Abstractions;
using Osteon.Plugins.Architectures.DeepLab;
using Osteon.Plugins.Architectures.Unet;
using Osteon.Plugins.Encoders.ConvNeXt;
using Osteon.Plugins.Encoders.MobileNet;
using Osteon.Plugins.Encoders.ResNet;
using Osteon.Plugins.Encoders.Swin;

namespace Osteon.TorchBenchmarks;

/// <summary>The plugins' networks that torch_worker.py builds from torchvision's parts, under the same names.</summary>
internal static class Networks
{
    private static readonly Dictionary<string, Func<NetworkShape, int, Network>> s_byName = new()
    {
        ["unet-resnet34"] = (shape, _) => Unet(shape, o => new ResNetEncoder(o with { Name = "resnet34" })),
        ["unet-mobilenet_v2"] = (shape, _) => Unet(shape, o => new MobileNetV2Encoder(o with { Name = "mobilenet_v2" })),
        ["unet-convnext_tiny"] = (shape, _) => Unet(shape, o => new ConvNeXtEncoder(o with { Name = "tu-convnext_tiny" })),
        ["unet-swin_t"] = (shape, size) => Unet(shape, o => new SwinEncoder(new SwinOptions
        {
            Name = "tu-swin_tiny_patch4_window7_224",
            InChannels = o.InChannels,
            Depth = o.Depth,
            OutputStride = o.OutputStride,
            ImgSize = size,
        })),
        ["deeplabv3-resnet50"] = (shape, _) => new DeepLabV3(new DeepLabV3Options()).Build(shape, o => new ResNetEncoder(o with { Name = "resnet50" })),
    };

    public static string Names => string.Join(", ", s_byName.Keys);

    public static bool Knows(string name) => s_byName.ContainsKey(name);

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="shape">Channels of image and logits.</param>
    /// <param name="size">Side of the images, for transformers that are made for one.</param>
    public static Network Build(string name, NetworkShape shape, int size) => s_byName[name](shape, size);

    private static Network Unet(NetworkShape shape, EncoderFactory encoder) => new Unet(new UnetOptions()).Build(shape, encoder);
}
