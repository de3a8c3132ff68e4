using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Plugins.Architectures.Unet;
using Osteon.Plugins.Encoders.ResNet;
using static TorchSharp.torch;

namespace Osteon.InferenceBenchmarks;

/// <summary>Images, and a network whose weights are drawn and whose last biases are such that each class has two pixels in a hundred.</summary>
internal static class Fixture
{
    public const int Classes = 29, Channels = 3, Side = 2048, Stored = 1024;
    private const int Coarse = 40;
    private const double Share = 0.02;

    public static string Write(string folder, int images)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < images; i++)
        {
            if (!File.Exists(ImagePath(folder, i)))
            {
                ImageFile.WritePng(ImagePath(folder, i), Draw(i));
            }
        }

        if (!File.Exists(WeightsPath(folder)))
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            manual_seed(1);
            using var network = Build();
            network.eval();
            var head = network.named_parameters().Last();
            head.parameter.fill_(0);
            var image = Resize.Area(ImageFile.ReadGray(ImagePath(folder, 0)), new Frame(Stored, Stored));
            var pixels = new float[Channels * Stored * Stored];
            Datasets.NetworkInput.Write(image, image.Frame, Channels, pixels);
            var logits = network.call(tensor(pixels, [1, Channels, Stored, Stored]))[0].reshape(Classes, -1);
            var (sorted, _) = logits.sort(1);
            head.parameter.copy_(-sorted.narrow(1, (long)(Stored * Stored * (1 - Share)), 1).reshape(-1));
            SafeTensors.Write(WeightsPath(folder), [.. network.state_dict()]);
        }

        return folder;
    }

    public static IReadOnlyList<string> Images(string folder) => [.. Directory.GetFiles(folder, "*.png").Order(StringComparer.Ordinal)];

    public static string WeightsPath(string folder) => Path.Combine(folder, "unet-resnet18.safetensors");

    public static Network Build() => new Unet(new UnetOptions()).Build(new NetworkShape(Channels, Classes), o => new ResNetEncoder(o with { Name = "resnet18" }));

    private static string ImagePath(string folder, int i) => Path.Combine(folder, $"image-{i:D3}.png");

    // Smooth shadows and a little noise, as a radiograph has.
    private static Image Draw(int seed)
    {
        var random = RandomStream.For(seed, "image");
        var coarse = new float[Coarse * Coarse];
        foreach (ref var value in coarse.AsSpan())
        {
            value = 20 + random.NextInt(200);
        }

        var smooth = new float[Side * Side];
        Resize.LinearPlanes(coarse, 1, new Frame(Coarse, Coarse), new Frame(Side, Side), smooth);
        var image = new Image(new Frame(Side, Side));
        for (var i = 0; i < smooth.Length; i++)
        {
            image.Bytes[i] = (byte)Math.Clamp(smooth[i] + random.NextInt(5), 0, 255);
        }

        return image;
    }
}
