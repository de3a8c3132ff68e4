using System.Text.Json.Nodes;
using Osteon.Models.Tests;

namespace Osteon.Zoo.Tests;

/// <summary>SMP's architectures with other than their default options, beside the numbers that Golden/make_smp_options.py had from SMP itself.</summary>
public sealed class SmpOptionsTests
{
    private static readonly Lazy<JsonArray> s_rows = new(() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "smp_options.json")))!.AsArray());

    public static IEnumerable<TheoryDataRow<int>> Rows() => s_rows.Value.Select((row, i) => new TheoryDataRow<int>(i)
        .WithTestDisplayName($"{row!["arch"]} {row["ctor"]!.ToJsonString()}").WithTrait("family", (string)row["arch"]!));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Is_the_reference_to_the_number(int index)
    {
        var golden = s_rows.Value[index]!.AsObject();
        var (architecture, encoder) = ((string)golden["arch"]!, (string)golden["ctor"]!["encoder_name"]!);
        Zoo.SkipIfToCome(encoder, architecture);
        using var model = new GoldenModel(golden, ctor => Zoo.Build(architecture, encoder, ctor));
        model.CheckKeys();
        model.CheckEval();
        model.CheckTrain();
    }
}
