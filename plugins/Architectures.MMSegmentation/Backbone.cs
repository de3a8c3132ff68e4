using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>Gives the maps of the stages that out_indices names, the finest first.</summary>
internal abstract class Backbone(string name) : Module<Tensor, IReadOnlyList<Tensor>>(name)
{
    /// <summary>Channels of each map.</summary>
    public abstract IReadOnlyList<int> Channels { get; }

    /// <summary>Height of the input divided by that of the coarsest map.</summary>
    public abstract int Stride { get; }

    /// <summary>The backbone that a configuration's type names.</summary>
    /// <exception cref="ConfigurationException">An option is unknown or outside what is allowed.</exception>
    public static Backbone Of(Settings settings, int inChannels)
    {
        var type = settings.Word("type", null, "MixVisionTransformer", "SwinTransformer", "ResNet", "ResNetV1c", "ResNetV1d");
        if (settings.Whole("in_channels", inChannels) is var said && said != inChannels)
        {
            throw settings.Refused("in_channels", $"{said} must be {inChannels}, as the experiment's images have. Remove it");
        }

        settings.Ignore("init_cfg", "pretrained", "with_cp");
        settings.Unsupported("frozen_stages");
        Backbone backbone = type switch
        {
            "MixVisionTransformer" => new MixVisionTransformer(settings, inChannels),
            "SwinTransformer" => new SwinTransformer(settings, inChannels),
            _ => new ResNetBackbone(settings, inChannels, deepStem: type != "ResNet", averageDown: type == "ResNetV1d"),
        };
        settings.Finish();
        return backbone;
    }

    /// <summary>The stages that are given, from 0.</summary>
    protected static int[] OutIndices(Settings settings, int stages)
    {
        var indices = settings.Wholes("out_indices", least: 0) ?? [.. Enumerable.Range(0, stages)];
        return indices.Length > 0 && indices.All(index => index < stages) && indices.Zip(indices.Skip(1)).All(pair => pair.First < pair.Second)
            ? indices
            : throw settings.Refused("out_indices", $"[{string.Join(", ", indices)}] must be rising numbers below {stages}");
    }

    /// <summary>Stochastic depth of each block, rising evenly to the last.</summary>
    protected static double[] DropPathRates(double last, int blocks) =>
        [.. Enumerable.Range(0, blocks).Select(block => blocks == 1 ? 0 : last * block / (blocks - 1))];
}
