using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Models.Tests;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Encoder = Osteon.Abstractions.Encoder;

namespace Osteon.Zoo.Tests;

/// <summary>Encoders beyond the shared golden files beside their reference: keys of all, maps and running statistics of the small ones. Golden/make_encoders.py wrote the numbers.</summary>
public sealed class EncoderNumbersTests
{
    private const double Gain = 0.9;
    private static readonly JsonObject[] s_rows =
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "encoders.json")))!.AsArray().Select(row => row!.AsObject())];

    public static IEnumerable<TheoryDataRow<string>> Rows(string having) => s_rows.Where(row => row.ContainsKey(having))
        .Select(row => new TheoryDataRow<string>(Title(row)).WithTrait("family", (string)row["encoder"]!));

    [Theory]
    [MemberData(nameof(Rows), "keys")]
    public void Has_the_reference_channels_and_keys(string title)
    {
        var row = Row(title);
        using var encoder = Build(row);
        var lines = GoldenModel.Lines(encoder);
        Assert.Equal(row["channels"]!.AsArray().Select(n => (int)n!), encoder.Channels);
        Assert.Equal((int)row["keys"]!, lines.Count);
        Assert.Equal((string)row["sha256_of_lines"]!, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))))));
    }

    [Theory]
    [MemberData(nameof(Rows), "maps")]
    public void Gives_the_reference_maps(string title)
    {
        using var scope = NewDisposeScope();
        var row = Row(title);
        using var encoder = Filled(row);
        var input = Input(row);
        encoder.eval();
        Check(row["maps"]!.AsArray(), encoder, input);
        encoder.train();
        encoder.apply(part =>
        {
            if (part is DropPath or TorchSharp.Modules.Dropout or TorchSharp.Modules.Dropout2d)
            {
                part.eval();                                        // the reference drew nothing either
            }
        });
        using var untracked = no_grad();
        _ = encoder.forward(input);
        var state = encoder.state_dict();
        foreach (var (key, sum) in row["running_means"]!.AsObject())
        {
            Assert.Equal((double)sum!, state[key].to(ScalarType.Float64).abs().sum().item<double>(), tolerance: 1e-4 * (double)sum!);
        }
    }

    [Theory]
    [MemberData(nameof(Rows), "fused")]
    public void Gives_them_fused_too(string title)
    {
        using var scope = NewDisposeScope();
        var row = Row(title);
        using var encoder = Filled(row);
        using var fused = Assert.IsAssignableFrom<IReparameterizable>(encoder).Reparameterized();
        Assert.DoesNotContain(fused.modules(), part => part is BatchNorm2d);
        Check(row["fused"]!.AsArray(), fused, Input(row));
        using var empty = Zoo.Encoder(encoder.GetName(), new JsonObject { ["inference_mode"] = true }, Asked(row));
        Assert.Equal(GoldenModel.Lines(fused), GoldenModel.Lines(empty));
    }

    [Theory]
    [MemberData(nameof(Rows), "refused")]
    public void Refuses_what_the_reference_refuses(string title) =>
        Assert.StartsWith($"encoder {Row(title)["encoder"]}: ", Assert.Throws<ConfigurationException>(() => Build(Row(title))).Message, StringComparison.Ordinal);

    private static void Check(JsonArray expected, Encoder encoder, Tensor input)
    {
        using var untracked = no_grad();
        var maps = encoder.forward(input).Where(map => !ReferenceEquals(map, input) && map.numel() > 0).ToArray();
        Assert.Equal(expected.Count, maps.Length);
        foreach (var (number, map) in expected.Zip(maps))
        {
            Assert.Equal(number!["shape"]!.AsArray().Select(n => (long)n!), map.shape);
            var (std, values) = ((double)number["std"]!, map.to(ScalarType.Float64));
            Assert.Equal((double)number["mean"]!, values.mean().item<double>(), tolerance: 1e-4 * std);
            Assert.Equal(std, values.std(unbiased: false).item<double>(), tolerance: 1e-4 * std);
            // The probe weighs each value by its place: its deviation is that of a sum of so many.
            Assert.Equal((double)number["probe"]!, (values * GoldenNumbers.Units("probe", map.shape)).sum().item<double>(), tolerance: 1e-4 * std * Math.Sqrt(map.numel()));
        }
    }

    private static string Title(JsonObject row) => $"{row["encoder"]} depth {row["depth"]} stride {row["output_stride"]} channels {row["in_channels"]} {row["arguments"]}".TrimEnd();

    private static JsonObject Row(string title) => s_rows.First(row => Title(row) == title);

    private static Tensor Input(JsonObject row) => GoldenNumbers.Units("input", [2, (long)row["in_channels"]!, (long)row["side"]!, (long)row["side"]!]);

    private static EncoderOptions Asked(JsonObject row) =>
        new() { Depth = (int)row["depth"]!, OutputStride = (int)row["output_stride"]!, InChannels = (int)row["in_channels"]! };

    private static Encoder Build(JsonObject row)
    {
        using var undrawn = Undrawn.Scope();                        // keys alone are looked at, or all weights filled
        return Zoo.Encoder((string)row["encoder"]!, row["arguments"]?.DeepClone().AsObject(), Asked(row));
    }

    private static Encoder Filled(JsonObject row)
    {
        var encoder = Build(row);
        GoldenNumbers.FillState(encoder.state_dict(), Gain);
        return encoder;
    }
}
