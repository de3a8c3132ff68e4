using Osteon.Models.Tests;
using Osteon.Testing;

namespace Osteon.Zoo.Tests;

/// <summary>Every network that the shared golden files describe, beside the numbers its reference gives.</summary>
public sealed class GoldenTests
{
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
        model.CheckTrain();
    }

    // Other libraries name backbones where they build their own.
    private static string? EncoderOf(System.Text.Json.Nodes.JsonObject ctor) => (string?)ctor["encoder_name"];
}
