using System.Text.Json.Nodes;
using Osteon.Models.Tests;

namespace Osteon.Zoo.Tests;

/// <summary>Architectures with other options than the shared golden files have, beside the numbers that Golden/make_smp_options.py and make_library_options.py had from the references themselves, and make_paper_networks.py from their papers.</summary>
public sealed class OptionsTests
{
    private static readonly Lazy<JsonNode[]> s_rows = new(() =>
        [.. ((string[])["smp_options", "library_options", "paper_networks"]).SelectMany(file => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"{file}.json")))!.AsArray()).Select(row => row!)]);

    public static IEnumerable<TheoryDataRow<int>> Rows() => s_rows.Value.Select((row, i) => new TheoryDataRow<int>(i)
        .WithTestDisplayName($"{row["arch"]} {row["ctor"]!.ToJsonString()}").WithTrait("family", (string)row["arch"]!));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Is_the_reference_to_the_number(int index)
    {
        var golden = s_rows.Value[index]!.AsObject();
        var (architecture, encoder) = ((string)golden["arch"]!, (string?)golden["ctor"]!["encoder_name"]);
        Zoo.SkipIfToCome(encoder, architecture);
        using var model = new GoldenModel(golden, ctor => Zoo.Build(architecture, encoder, ctor));
        model.CheckKeys();
        model.CheckEval();
        model.CheckTrain();
    }
}
