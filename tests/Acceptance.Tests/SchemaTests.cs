using System.Globalization;
using System.Text.Json.Nodes;
using Json.Schema;
using Osteon.Testing;
using YamlDotNet.RepresentationModel;

namespace Osteon.Acceptance.Tests;

/// <summary>What editors get: judged by a validator that is not ours.</summary>
public sealed class SchemaTests : IClassFixture<SchemaTests.Written>
{
    private readonly JsonNode _json;
    private readonly JsonSchema _schema;

    public SchemaTests(Written written) => (_json, _schema) = (written.Json, written.Schema);

    public static TheoryData<string> Shipped() => [.. Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "experiments"), "*.yaml", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(SharedData.RepositoryRoot, file))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_experiments_fit(string file) => Assert.True(Fits(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, file))));

    [Theory]
    [InlineData("train: {epochs: \"${env:EPOCHS:-3}\"}")]
    [InlineData("train: {loss: [BCE, Dice: 0.5, Focal: {gamma: 2, weight: 0.1}]}")]
    [InlineData("models: {a: {architecture: Unet, encoder: {resnet18: {}}}, b: null}")]
    [InlineData("extends: [base.yaml]\nreport: {spacing: [0.2, 0.3]}")]
    [InlineData("train: {optimizer: {AdamW: {lr: 0.1}}, schedule: Cosine}")]
    [InlineData("infer: {postprocess: [auto, LargestComponent: {classes: [ulna], auto: true}]}\nensemble: {postprocess: [FillHoles: {max_size: 9}]}")]
    [InlineData("train: {augment: [HorizontalFlip, Normalize: {normalization: image_per_channel}], augment_compat: 1.x, crop: 64, crop_outside: 16}")]
    [InlineData("train: {augment: [LongestMaxSize: {max_size: 512}, Normalize: {mean: 0.5, std: 0.25, max_pixel_value: null, clip: [3, 200]}]}")]
    public void What_the_program_takes_fits(string yaml) => Assert.True(Fits(yaml));

    [Theory]
    [InlineData("trian: {epochs: 3}")]
    [InlineData("train: {epochs: many}")]
    [InlineData("train: {loss: [Dise]}")]
    [InlineData("train: {optimizer: {AdamW: {learning_rate: 0.1}}}")]
    [InlineData("train: {precision: fp8}")]
    [InlineData("models: {a: {architecture: Unet, encoder: {resnet18: {}, resnet34: {}}}}")]
    [InlineData("report: {spacing: [1, 2, 3]}")]
    [InlineData("train: {loss: [BCE: -1]}")]
    [InlineData("infer: {postprocess: [Largest]}")]
    public void What_the_program_refuses_does_not(string yaml) => Assert.False(Fits(yaml));

    [Fact]
    public void Editors_are_told_what_a_value_means_and_its_default()
    {
        var epochs = _json["definitions"]!["Osteon.Abstractions.TrainPlan"]!["properties"]!["epochs"]!;
        Assert.Equal("Passes over the training cases.", (string?)epochs["description"]);
        Assert.Equal(30, (int?)epochs["default"]);
        Assert.Contains("gamma", _json["definitions"]!.AsObject().Single(d => d.Key.StartsWith("Losses.Segmentation.Focal", StringComparison.Ordinal)).Value!["properties"]!.AsObject().Select(p => p.Key));
        Assert.DoesNotContain("in_channels", _json["definitions"]!.AsObject().Where(d => d.Key.StartsWith("Encoders.", StringComparison.Ordinal)).SelectMany(d => d.Value!["properties"]?.AsObject().Select(p => p.Key) ?? []));
    }

    private bool Fits(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(yaml))));
        return _schema.Evaluate(ToJson(stream.Documents[0].RootNode)).IsValid;
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, ToJson(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "null" or "~" or "" } => null,
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } number when double.TryParse(number.Value, CultureInfo.InvariantCulture, out var value) => value,
        _ => ((YamlScalarNode)node).Value,
    };

    public sealed class Written : IDisposable
    {
        private readonly Workspace _workspace = new();

        public Written()
        {
            _workspace.Expect(0, "--target=Schema");
            var text = File.ReadAllText(_workspace.At("experiments", "schema.json"));
            Json = JsonNode.Parse(text)!;
            Schema = JsonSchema.FromText(text);
        }

        public JsonNode Json { get; }

        public JsonSchema Schema { get; }

        public void Dispose() => _workspace.Dispose();
    }
}
