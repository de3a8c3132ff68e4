using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.NextViT;

/// <summary>Next-ViT as timm builds it: blocks of grouped convolutions, and at the end of each group one that attends as well.</summary>
/// <remarks>Li et al. 2022, arXiv:2207.05501.</remarks>
[Encoder("tu-nextvit_base")]
[Encoder("tu-nextvit_large")]
[Encoder("tu-nextvit_small")]
public sealed class NextViTEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), Model(options))
{
    private static readonly int[] s_reductions = [8, 4, 2, 1];

    private static TimmFeatures Features(EncoderOptions options) => new(4, 96, 256, 512, 1024) { Dilates = false };

    private static (int Third, double DropPath) Numbers(string encoder) => encoder["tu-nextvit_".Length..] switch
    {
        "small" => (10, 0.1),
        "base" => (20, 0.2),
        "large" => (30, 0.2),
        var name => throw new ConfigurationException($"encoder 'tu-nextvit_{name}' is no Next-ViT that is known here."),
    };

    // Keys: stem_0 … stem_3, then stages_0 ….
    private static FeatureList Model(EncoderOptions options)
    {
        var (third, dropPath) = Numbers(options.Name);
        int[] depths = [3, 4, third, 3];
        int[][] channels = [[96, 96, 96], [192, 192, 192, 256], [.. Enumerable.Range(0, third).Select(i => i % 5 == 4 ? 512 : 384)], [768, 768, 1024]];
        var rates = Blocks.DropPathRates(dropPath, depths);
        var model = new FeatureList();
        foreach (var (index, (inChannels, outChannels, stride)) in new[] { (options.InChannels, 64, 2), (64, 32, 1), (32, 64, 1), (64, 64, 2) }.Index())
        {
            model.Add($"stem_{index}", Sequential(("conv", Conv2d(inChannels, outChannels, 3, stride: stride, padding: 1, bias: false)), ("norm", BatchNorm2d(outChannels)), ("act", ReLU(inplace: true))), isMap: false);
        }

        var before = 64;
        foreach (var stage in Enumerable.Range(0, Features(options).Used(options)))
        {
            var blocks = new List<Module<Tensor, Tensor>>();
            foreach (var (i, outChannels) in channels[stage].Index())
            {
                var halves = i == 0 && stage > 0;
                var attends = stage switch { 0 => false, 2 => i % 5 == 4, _ => i == depths[stage] - 1 };
                blocks.Add(attends ? new MixedBlock(before, outChannels, halves, s_reductions[stage], rates[stage][i]) : new ConvolutionBlock(before, outChannels, halves, rates[stage][i]));
                before = outChannels;
            }

            model.Add($"stages_{stage}", Sequential(("blocks", Sequential(blocks))));
        }

        Initialization.TruncatedNormal(model);
        return model;
    }
}
