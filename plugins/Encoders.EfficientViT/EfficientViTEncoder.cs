using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EfficientViT;

/// <summary>EfficientViT of MIT as timm builds it: inverted bottlenecks, and linear attention that sees several scales.</summary>
/// <remarks>Cai et al. 2022, arXiv:2205.14756.</remarks>
[Encoder("tu-efficientvit_b0")]
[Encoder("tu-efficientvit_b1")]
[Encoder("tu-efficientvit_b2")]
[Encoder("tu-efficientvit_b3")]
[Encoder("tu-efficientvit_l1")]
[Encoder("tu-efficientvit_l2")]
[Encoder("tu-efficientvit_l3")]
public sealed class EfficientViTEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static TimmFeatures Features(EncoderOptions options) => new(4, [.. EfficientViTDesign.Named(options.Name).Channels.Skip(1)]) { Dilates = false };

    // Keys: stem_in_conv, stem_res0, then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var design = EfficientViTDesign.Named(options.Name);
        var channels = design.Channels[0];
        var model = new FeatureList()
            .Add("stem_in_conv", new Layer(design, options.InChannels, channels, 3, 2), isMap: false)
            .Add("stem_res0", new Residual(LocalBlocks.Plain(design, channels)), isMap: false);
        foreach (var index in Enumerable.Range(1, Features(options).Used(options)))
        {
            model.Add($"stages_{index - 1}", new Stage(design, index));
        }

        return model;
    }

    /// <summary>Key: blocks.</summary>
    private sealed class Stage : Module<Tensor, Tensor>
    {
        private readonly Sequential blocks;

        public Stage(EfficientViTDesign design, int index) : base(nameof(Stage))
        {
            var (before, channels, attends) = (design.Channels[index - 1], design.Channels[index], index >= (design.IsLarge ? 4 : 3));
            var (fewNorms, fused) = (design.IsLarge ? index >= 3 : attends, design.IsLarge && index < 3);
            var repeats = attends || design.IsLarge ? design.Depths[index] : design.Depths[index] - 1;
            blocks = Sequential([
                new Residual(LocalBlocks.Inverted(design, before, channels, 2, design.IsLarge ? attends ? 24 : 16 : 4, fewNorms, fused), isAdded: false),
                .. Enumerable.Range(0, repeats).Select<int, Module<Tensor, Tensor>>(_ => attends
                    ? new AttentionBlock(design, channels)
                    : new Residual(LocalBlocks.Inverted(design, channels, channels, 1, 4, fewNorms, fused))),
            ]);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => blocks.forward(input);
    }
}

/// <summary>An EfficientViT by its numbers.</summary>
/// <param name="Channels">Of the stem and of each stage.</param>
/// <param name="Depths">Blocks of each stage; the stem has one.</param>
/// <param name="Head">Channels of a head.</param>
internal sealed record EfficientViTDesign(IReadOnlyList<int> Channels, IReadOnlyList<int> Depths, int Head)
{
    /// <summary>The large ones: whole convolutions at first, a soft activation, and another attention's width.</summary>
    public bool IsLarge { get; init; }

    /// <summary>Added to the variance of normalisations.</summary>
    public double Eps => IsLarge ? 1e-7 : 1e-5;

    /// <summary>Inner channels behind attention for each channel.</summary>
    public int Expansion => IsLarge ? 6 : 4;

    /// <summary>Between layers.</summary>
    public Func<Tensor, Tensor> Activation => IsLarge ? x => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh) : x => functional.hardswish(x);

    /// <summary>The design of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static EfficientViTDesign Named(string encoder) => encoder["tu-efficientvit_".Length..] switch
    {
        "b0" => new([8, 16, 32, 64, 128], [1, 2, 2, 2, 2], 16),
        "b1" => new([16, 32, 64, 128, 256], [1, 2, 3, 3, 4], 16),
        "b2" => new([24, 48, 96, 192, 384], [1, 3, 4, 4, 6], 32),
        "b3" => new([32, 64, 128, 256, 512], [1, 4, 6, 6, 9], 32),
        "l1" => new([32, 64, 128, 256, 512], [1, 1, 1, 6, 6], 32) { IsLarge = true },
        "l2" => new([32, 64, 128, 256, 512], [1, 2, 2, 8, 8], 32) { IsLarge = true },
        "l3" => new([64, 128, 256, 512, 1024], [1, 2, 2, 8, 8], 32) { IsLarge = true },
        var name => throw new ConfigurationException($"encoder 'tu-efficientvit_{name}' is no EfficientViT that is known here."),
    };
}
