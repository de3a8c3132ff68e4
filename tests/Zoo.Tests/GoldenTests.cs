using System.Text.Json.Nodes;
using Osteon.Models.Tests;
using Osteon.Testing;

namespace Osteon.Zoo.Tests;

/// <summary>Every network that the shared golden files describe, beside the numbers its reference gives.</summary>
public sealed class GoldenTests
{
    // Steps whose single precision the specification's tolerances do not fit, PyTorch's own on another processor among them; here they are made in
    // double precision. manet.resnet18 normalises over 8 values: the norm of encoder.conv1.weight's gradient is 3.3 % off float64 here, to the digit
    // where PyTorch 1.13 with oneDNN is on the same AVX-512 (3.79844 for 3.92677), and 0.004 % without oneDNN. Of unet.inceptionv4, SMP in
    // double precision leaves these statistics, of which the last is 3.1e-5 of its size away from the file's.
    private static readonly Dictionary<string, string?> s_exact = new()
    {
        ["manet.resnet18"] = null,
        ["unet.inceptionv4"] = """
            {"encoder.features.0.bn.running_mean": {"sum": -0.09899063479408567, "sumabs": 1.4028393720731849},
             "encoder.features.14.branch2.2.bn.running_mean": {"sum": 0.042281155657714314, "sumabs": 12.551301982234204},
             "encoder.features.14.branch2.2.bn.running_var": {"sum": 212.59109526272147, "sumabs": 212.59109526272147},
             "decoder.blocks.4.conv2.1.running_mean": {"sum": 0.17184255143539562, "sumabs": 0.9688876100114738},
             "decoder.blocks.4.conv2.1.running_var": {"sum": 14.99024209832523, "sumabs": 14.99024209832523}}
            """,
    };

    /// <summary>A row a file, whatever files there are, with the trait "family" for its architecture and its encoder.</summary>
    public static IEnumerable<TheoryDataRow<string>> Names() => Directory.EnumerateFiles(SharedData.Path("golden/models"), "*.json").Order(StringComparer.Ordinal)
        .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Golden: GoldenModel.ReadFile(file)))
        .Select(entry => new TheoryDataRow<string>(entry.Name)
            .WithTrait("family", (string)entry.Golden["arch"]!)
            .WithTrait("family", EncoderOf(entry.Golden["ctor"]!.AsObject()) ?? "none"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_the_reference_to_the_number(string name)
    {
        var path = SharedData.Path($"golden/models/{name}.json");
        var golden = GoldenModel.ReadFile(path);
        var (architecture, encoder) = ((string)golden["arch"]!, EncoderOf(golden["ctor"]!.AsObject()));
        Zoo.SkipIfToCome(encoder, architecture);
        using var model = new GoldenModel(path, ctor => Zoo.Build(architecture, encoder, ctor));
        model.CheckKeys();
        model.CheckEval();
        var exact = s_exact.TryGetValue(name, out var buffers);
        model.CheckTrain(exact, buffers is null ? null : JsonNode.Parse(buffers)!.AsObject());
    }

    // Other libraries name backbones where they build their own.
    private static string? EncoderOf(JsonObject ctor) => (string?)ctor["encoder_name"];
}
