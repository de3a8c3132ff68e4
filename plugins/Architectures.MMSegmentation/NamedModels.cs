using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>What a configuration of mmsegmentation's is asked for with.</summary>
public sealed record NamedModelOptions
{
    /// <summary>The name asked for.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Whether UPerNet has its second head, which its published weights have.</summary>
    public bool Auxiliary { get; init; } = true;
}

/// <summary>The networks of mmsegmentation's configurations, by the names of their files, without what names a data set and a schedule.</summary>
/// <remarks>Xie et al. 2021, arXiv:2105.15203; Xiao et al. 2018, arXiv:1807.10221; Liu et al. 2021, arXiv:2103.14030.</remarks>
[Architecture("segformer_mit-b0")]
[Architecture("segformer_mit-b1")]
[Architecture("segformer_mit-b2")]
[Architecture("segformer_mit-b3")]
[Architecture("segformer_mit-b4")]
[Architecture("segformer_mit-b5")]
[Architecture("upernet_r18")]
[Architecture("upernet_r50")]
[Architecture("upernet_r101")]
[Architecture("upernet_swin-tiny")]
[Architecture("upernet_swin-small")]
[Architecture("upernet_swin-base")]
public sealed class NamedModels(NamedModelOptions options) : Architecture
{
    private static readonly int[] s_mixChannels = [1, 2, 5, 8];

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder) => new EncoderDecoder(Configuration()).Build(shape, encoder);

    private EncoderDecoderOptions Configuration() => options.Name.Split('_') switch
    {
        ["segformer", "mit-b0"] => Segformer(32, 2, 2, 2, 2),
        ["segformer", "mit-b1"] => Segformer(64, 2, 2, 2, 2),
        ["segformer", "mit-b2"] => Segformer(64, 3, 4, 6, 3),
        ["segformer", "mit-b3"] => Segformer(64, 3, 4, 18, 3),
        ["segformer", "mit-b4"] => Segformer(64, 3, 8, 27, 3),
        ["segformer", "mit-b5"] => Segformer(64, 3, 6, 40, 3),
        ["upernet", "r18"] => UPerNet(ResNet(18), 64),
        ["upernet", "r50"] => UPerNet(ResNet(50), 256),
        ["upernet", "r101"] => UPerNet(ResNet(101), 256),
        ["upernet", "swin-tiny"] => UPerNet(Swin(96, 6, 3), 96),
        ["upernet", "swin-small"] => UPerNet(Swin(96, 18, 3), 96),
        ["upernet", "swin-base"] => UPerNet(Swin(128, 18, 4), 128),
        _ => throw new ConfigurationException($"architecture '{options.Name}' is none of mmsegmentation's that are known here."),
    };

    private static EncoderDecoderOptions Segformer(int width, params int[] layers) => new()
    {
        Backbone = new() { ["type"] = "MixVisionTransformer", ["embed_dims"] = width, ["num_layers"] = List(layers), ["num_heads"] = List(s_mixChannels), ["drop_path_rate"] = 0.1 },
        DecodeHead = new() { ["type"] = "SegformerHead", ["in_channels"] = List([.. s_mixChannels.Select(factor => factor * width)]), ["in_index"] = List([0, 1, 2, 3]), ["channels"] = 256, ["dropout_ratio"] = 0.1, ["norm_cfg"] = Batch() },
    };

    private EncoderDecoderOptions UPerNet(JsonObject backbone, int width) => new()
    {
        Backbone = backbone,
        DecodeHead = new()
        {
            ["type"] = "UPerHead", ["in_channels"] = List([width, 2 * width, 4 * width, 8 * width]), ["in_index"] = List([0, 1, 2, 3]), ["pool_scales"] = List([1, 2, 3, 6]), ["channels"] = 512, ["dropout_ratio"] = 0.1, ["norm_cfg"] = Batch(),
        },
        AuxiliaryHead = options.Auxiliary
            ? new JsonObject
            {
                ["type"] = "FCNHead", ["in_channels"] = 4 * width, ["in_index"] = 2, ["channels"] = 256, ["num_convs"] = 1, ["concat_input"] = false, ["dropout_ratio"] = 0.1, ["norm_cfg"] = Batch(), ["loss_decode"] = new JsonObject { ["loss_weight"] = 0.4 },
            }
            : null,
    };

    private static JsonObject ResNet(int depth) => new() { ["type"] = "ResNetV1c", ["depth"] = depth, ["contract_dilation"] = true };

    private static JsonObject Swin(int width, int deepest, int heads) => new()
    {
        ["type"] = "SwinTransformer", ["embed_dims"] = width, ["depths"] = List([2, 2, deepest, 2]), ["num_heads"] = List([heads, 2 * heads, 4 * heads, 8 * heads]), ["drop_path_rate"] = 0.3,
    };

    private static JsonObject Batch() => new() { ["type"] = "BN" };

    private static JsonArray List(int[] numbers) => [.. numbers.Select(number => (JsonNode)number)];
}
