using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner.Tests;

public sealed class PlanTextTests
{
    [Theory]
    [InlineData("""{"b":1,"a":{"d":[],"c":{}}}""", """{"a":{"c":{},"d":[]},"b":1}""")]
    [InlineData("""[1.0, 1e2, 1e-4, -0.0, 0.1, 123456789012345678]""", "[1,100,0.0001,0,0.1,123456789012345678]")]
    [InlineData("""[1e-7, 1e300, null, true]""", "[1e-07,1e+300,null,true]")]
    [InlineData("""["\u00e9", "\u0001", "a\"b\\", "\n", "€"]""", """["é","\u0001","a\"b\\","\n","€"]""")]
    public void Spells_one_value_one_way(string json, string canonical) =>
        Assert.Equal(canonical, CanonicalJson.Text(JsonNode.Parse(json)));

    [Fact]
    public void Spells_values_made_in_code_as_values_read() => Assert.Equal(
        """{"a":1,"b":0.1,"c":"x","d":"NaN","e":0.5}""",
        CanonicalJson.Text(new JsonObject { ["a"] = 1, ["b"] = 0.1, ["c"] = "x", ["d"] = double.NaN, ["e"] = 0.5f }));

    [Fact]
    public void Sorts_keys_by_code_unit_in_any_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal("""{"B":0.5,"a":1.5,"ä":-2.5}""", CanonicalJson.Text(JsonNode.Parse("""{"ä":-2.5,"a":1.5,"B":0.5}""")));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Computed by Python: hashlib.sha256(b'{"a":1,"b":[0.5,"x"]}').hexdigest().</summary>
    [Fact]
    public void Hashes_the_compact_text() => Assert.Equal(
        "d9dda6d0c61c7433e4751740c766c964aa4c33cbf44060db3843e8fbbce9f537",
        CanonicalJson.Hash(JsonNode.Parse("""{ "b": [0.50, "x"], "a": 1.0 }""")));

    [Fact]
    public void Indents_for_people() =>
        Assert.Equal("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}", CanonicalJson.Text(JsonNode.Parse("""{"b":[],"a":[1,{}]}"""), indented: true));

    [Fact]
    public void Slices_are_spelt_as_in_an_experiment()
    {
        var model = new ModelPlan { Architecture = new("Unet", new JsonObject { ["decoder_channels"] = new JsonArray(256, 128) }), Encoder = new("resnet18") };
        Assert.Equal("""{"architecture":{"Unet":{"decoder_channels":[256,128]}},"encoder":"resnet18"}""", CanonicalJson.Text(PlanSlices.Json(model)));
        Assert.Equal("""{"min_votes":0,"on_missing":"error","outputs":["csv"],"select":"all","ties":"unset","vote":"hard","weights":{}}""", CanonicalJson.Text(PlanSlices.Json(new EnsemblePlan())));
    }

    [Fact]
    public void A_slice_is_the_callers_to_change()
    {
        var plan = new TrainPlan { Optimizer = new("SGD", new JsonObject { ["lr"] = 0.1 }) };
        PlanSlices.Json(plan)["optimizer"]!["SGD"]!["lr"] = 5;
        Assert.Equal(0.1, plan.Optimizer.Options["lr"]!.GetValue<double>());
    }

    [Fact]
    public void Yaml_brings_the_same_plan_back()
    {
        using var folder = new ExperimentFolder();
        folder.Write("e.yaml", """
            extends: base.yaml
            description: "yes: it's a \"test\" # no comment\n and more"
            data: {classes: ["no", "5", "1e3", "null", "~", ulna left, "", "-", Ünlü], synthesize: {hand-bone: {cases: 4, tag: "7", hues: [[1, 2], [3.5, 4]]}}}
            models: {"1": {architecture: Unet}, "true": {architecture: FPN, encoder: resnet18, weights: a b.safetensors}}
            train: {gradient_clip_val: 1e-7, loss: [BCE: 0.25, Dice], augment: [HorizontalFlip: {p: 0.5}]}
            """.Replace("\"\", ", string.Empty, StringComparison.Ordinal));
        var plan = folder.Load().Plan;
        var yaml = PlanText.ToYaml(plan);
        var again = PlanText.Parse(yaml, "plan.yaml").Plan;
        Assert.Equal(PlanText.ToJson(plan), PlanText.ToJson(again));
        Assert.Equal(yaml, PlanText.ToYaml(again));
        Assert.Contains("\nseed: 42\n", yaml, StringComparison.Ordinal);
        Assert.Contains("  classes: [\"no\", \"5\"", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_survives_yaml() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
    {
        var clean = new string([.. text.Get.Where(c => !char.IsSurrogate(c) && c is not '\0' and < '\ufffe')]);
        var plan = new Plan
        {
            Name = "a",
            Description = clean,
            Data = new() { Source = new() { Root = "r" } },
            Models = new Dictionary<string, ModelPlan> { ["m"] = new() },
        };
        return PlanText.Parse(PlanText.ToYaml(plan), "plan.yaml").Plan.Description == clean;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_number_survives_json_and_yaml() => Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat>(), number =>
    {
        var plan = new Plan
        {
            Data = new() { Source = new() { Root = "r" } },
            Models = new Dictionary<string, ModelPlan> { ["m"] = new() },
            Train = new() { GradientClipVal = Math.Abs(number.Get) },
        };
        return PlanText.Parse(PlanText.ToYaml(plan), "plan.yaml").Plan.Train.GradientClipVal == Math.Abs(number.Get)
            && JsonNode.Parse(PlanText.ToJson(plan))!["train"]!["gradient_clip_val"]!.GetValue<double>() == Math.Abs(number.Get);
    }).QuickCheckThrowOnFailure();
}
