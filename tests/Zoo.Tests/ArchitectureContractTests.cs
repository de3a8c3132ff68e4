using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;
using Osteon.Testing;
using static TorchSharp.torch;

namespace Osteon.Zoo.Tests;

/// <summary>Every architecture of the plugins keeps the contract, with a small encoder and its default options, or the smallest that do.</summary>
public sealed class ArchitectureContractTests
{
    private const string MissingFile = "TorchScript";              // runs a file: TorchScriptArchitectureTests

    private static readonly Dictionary<string, string> s_options = new()
    {
        ["EncoderDecoder"] = """
            {"backbone": {"type": "MixVisionTransformer", "embed_dims": 32, "num_layers": [1, 1, 1, 1]},
             "decode_head": {"type": "SegformerHead", "in_channels": [32, 64, 128, 256], "in_index": [0, 1, 2, 3], "channels": 32},
             "auxiliary_head": {"type": "FCNHead", "in_channels": 128, "in_index": 2, "channels": 32, "num_convs": 1}}
            """,
        ["HRNetOCR"] = """{"backbone": "hrnet_w18_small", "mid_channels": 64, "key_channels": 32}""",
        ["UNet3Plus"] = """{"width": 8, "deep_supervision": true}""",
        ["fcn_resnet50"] = """{"aux_loss": true}""",
        ["PlainConvUNet"] = """{"deep_supervision": true}""",
        ["ResidualEncoderUNet"] = """{"deep_supervision": true}""",
        ["UNetValid"] = """{"wf": 4, "depth": 3}""",
    };

    private static readonly Dictionary<string, string> s_encoders = new() { ["DPT"] = "tu-vit_tiny_patch16_224" };

    // What files of weights have and nothing asks for: the last stages of an encoder of depth 3, a vision transformer's own end.
    private static readonly Dictionary<string, string> s_spared = new() { ["PSPNet"] = @"^encoder\.layer[34]\.", ["DPT"] = @"^encoder\.model\.(norm|head)\." };

    // The same classes with more layers.
    private static readonly string[] s_deeper =
        ["fcn_resnet101", "deeplabv3_resnet101", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d", "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2",
         "segformer_mit-b1", "segformer_mit-b2", "segformer_mit-b3", "segformer_mit-b4", "segformer_mit-b5", "upernet_r50", "upernet_r101", "upernet_swin-tiny", "upernet_swin-small", "upernet_swin-base"];

    public static IEnumerable<TheoryDataRow<string>> Names() => Zoo.Plugins.Names(PluginKind.Of<Architecture>()).Where(name => name != MissingFile && !s_deeper.Contains(name))
        .Select(name => new TheoryDataRow<string>(name).WithTrait("family", name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Keeps_the_contract(string name)
    {
        var options = s_options.TryGetValue(name, out var written) ? JsonNode.Parse(written)!.AsObject() : [];
        var architecture = Zoo.Plugins.Create<Architecture>(new Choice(name, options));
        EncoderFactory Encoder(int inChannels) => asked => Zoo.Encoder(s_encoders.GetValueOrDefault(name, "resnet18"), null, asked with { InChannels = inChannels });
        Network Build() => architecture.Build(new NetworkShape(3, 2), Encoder(3));

        ArchitectureLaws.OutputsAreAsDeclared(architecture, Encoder);
        ArchitectureLaws.LogitsStartWhereTheShapeSays(architecture, Encoder);
        manual_seed(1);
        using var network = Build();
        ArchitectureLaws.GradientReachesEveryParameter(network, 3, key => s_spared.TryGetValue(name, out var spared) && Regex.IsMatch(key, spared));
        ArchitectureLaws.EvaluationIsDeterministic(network, 3);
        ArchitectureLaws.SavedAndLoadedGivesTheSame(network, 3, Build);
    }
}
