using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Testing;

namespace Osteon.Runner.Tests;

/// <summary>What a right experiment means.</summary>
public sealed class ExperimentTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fills_in_every_default()
    {
        var plan = _folder.Load("base").Plan;
        Assert.Equal("base", plan.Name);
        Assert.Equal(42, plan.Seed);
        Assert.Equal("hand-bone", plan.Data.Format.Name);
        Assert.Equal("resnet18", plan.Models["unet-r18"].Encoder!.Name);
        Assert.Equal(new TrainPlan().Epochs, plan.Train.Epochs);
        Assert.Equal(["BCE", "Dice"], plan.Train.Loss.Select(l => l.Name));
    }

    [Fact]
    public void Reads_each_type()
    {
        var plan = Load("""
            description: "two: words"
            seed: -7
            data:
              mode: multiclass
              classes: [ulna, "5", 7, no]
              synthesize: {hand-bone: {cases: 40, size: [512, 256], noise: 0.05, tall: true, tag: "1", none: null}}
            check: {ignore: [{rule: near-duplicate, case: a, reason: phantoms}], thresholds: {min_cases: 5}}
            train:
              gradient_clip_val: 1e-4
              loss: [BCE, Dice: 2, Focal: {gamma: 2, weight: 1}]
            ensemble: {on_missing: empty}
            """).Plan;
        Assert.Equal("two: words", plan.Description);
        Assert.Equal(-7, plan.Seed);
        Assert.Equal(LabelMode.Multiclass, plan.Data.Mode);
        Assert.Equal(["ulna", "5", "7", "no"], plan.Data.Classes);
        Assert.Equal("""{"cases":40,"noise":0.05,"none":null,"size":[512,256],"tag":"1","tall":true}""", CanonicalJson.Text(plan.Data.Synthesize!.Options));
        Assert.Equal([new IgnorePlan { Rule = "near-duplicate", Case = "a", Reason = "phantoms" }], plan.Check.Ignore);
        Assert.Equal(5, plan.Check.Thresholds.MinCases);
        Assert.Equal(1e-4, plan.Train.GradientClipVal);
        Assert.Equal([1.0, 2.0, 1.0], plan.Train.Loss.Select(l => l.Weight.At(1)));
        Assert.Equal(MissingRows.Empty, plan.Ensemble.OnMissing);
    }

    [Fact]
    public void Merges_presets_in_the_order_they_are_named()
    {
        _folder.Write("presets/models/a.yaml", "train: {epochs: 1, batch_size: 1, crop: 1}\nmodels: {a: {architecture: Unet, encoder: resnet34}}");
        _folder.Write("presets/models/b.yaml", "train: {epochs: 2, batch_size: 2}");
        var plan = Load("train: {epochs: 3}", "[base.yaml, presets/models/a.yaml, presets/models/b.yaml]").Plan;
        Assert.Equal((3, 2, 1), (plan.Train.Epochs, plan.Train.BatchSize, plan.Train.Crop));
        Assert.Equal(["unet-r18", "a"], plan.Models.Keys);
    }

    [Fact]
    public void Takes_paths_of_presets_relative_to_the_file_that_names_them()
    {
        _folder.Write("presets/models/a.yaml", "extends: ../datasets/d.yaml\ntrain: {epochs: 9}");
        _folder.Write("presets/datasets/d.yaml", "extends: ../../base.yaml\nseed: 3");
        var loaded = Load(string.Empty, "presets/models/a.yaml");
        Assert.Equal((9, 3), (loaded.Plan.Train.Epochs, loaded.Plan.Seed));
        Assert.Equal(["experiments/base.yaml", "experiments/presets/datasets/d.yaml", "experiments/presets/models/a.yaml", "experiments/e.yaml"], loaded.Files);
    }

    [Fact]
    public void Replaces_lists_as_a_whole()
    {
        _folder.Write("presets/p.yaml", "data: {classes: [ulna, radius]}\ntrain: {loss: [BCE, Dice]}");
        var plan = Load("data: {classes: [femur]}\ntrain: {loss: [Focal]}", "[base.yaml, presets/p.yaml]").Plan;
        Assert.Equal(["femur"], plan.Data.Classes);
        Assert.Equal(["Focal"], plan.Train.Loss.Select(l => l.Name));
    }

    [Theory]
    [InlineData("{AdamW: {lr: 0.5}}", "AdamW", """{"lr":0.5,"weight_decay":0.1}""")]
    [InlineData("{SGD: {lr: 0.5}}", "SGD", """{"lr":0.5}""")]
    [InlineData("SGD", "SGD", "{}")]
    [InlineData("AdamW", "AdamW", "{}")]
    public void Merges_options_of_the_same_choice_and_replaces_another(string above, string name, string options)
    {
        _folder.Write("presets/p.yaml", "train: {optimizer: {AdamW: {lr: 0.001, weight_decay: 0.1}}}");
        var optimizer = Load($"train: {{optimizer: {above}}}", "[base.yaml, presets/p.yaml]").Plan.Train.Optimizer;
        Assert.Equal((name, options), (optimizer.Name, CanonicalJson.Text(optimizer.Options)));
    }

    [Fact]
    public void Takes_a_presets_model_out()
    {
        var plan = Load("models: {unet-r18: null, b: {architecture: FPN, encoder: resnet50}}").Plan;
        Assert.Equal(["b"], plan.Models.Keys);
    }

    [Fact]
    public void Lets_null_take_an_optional_value_away()
    {
        _folder.Write("presets/p.yaml", "data: {synthesize: hand-bone}");
        Assert.Null(Load("data: {synthesize: null}\nmodels: {unet-r18: {encoder: null}}", "[base.yaml, presets/p.yaml]").Plan.Data.Synthesize);
    }

    [Fact]
    public void Follows_anchors_and_merge_keys()
    {
        var plan = Load("models:\n  b: &b {architecture: FPN, encoder: resnet50}\n  c: *b\n  d: {<<: *b, encoder: resnet34}").Plan;
        Assert.Equal("resnet50", plan.Models["c"].Encoder!.Name);
        Assert.Equal(("FPN", "resnet34"), (plan.Models["d"].Architecture.Name, plan.Models["d"].Encoder!.Name));
    }

    [Theory]
    [InlineData("train.epochs=5", "train.epochs", "5")]
    [InlineData("train.gradient_clip_val=1e-2", "train.gradient_clip_val", "0.01")]
    [InlineData("data.classes=[ulna, radius]", "data.classes", """["ulna","radius"]""")]
    [InlineData("data.source.root=/data/x=y", "data.source.root", "\"/data/x=y\"")]
    [InlineData("description=''", "description", "\"\"")]
    [InlineData("train.loss=[BCE: 0.3]", "train.loss", """[{"BCE":{"weight":0.3}}]""")]
    [InlineData("train.optimizer.lr=0.1", "train.optimizer", """{"AdamW":{"lr":0.1}}""")]
    [InlineData("train.optimizer.AdamW.lr=0.1", "train.optimizer", """{"AdamW":{"lr":0.1}}""")]
    [InlineData("train.optimizer.SGD.lr=0.1", "train.optimizer", """{"SGD":{"lr":0.1}}""")]
    [InlineData("train.optimizer.SGD={lr: 0.1}", "train.optimizer", """{"SGD":{"lr":0.1}}""")]
    [InlineData("train.optimizer.SGD=null", "train.optimizer", "\"SGD\"")]
    [InlineData("train.optimizer=SGD", "train.optimizer", "\"SGD\"")]
    [InlineData("models.unet-r18.encoder=resnet50", "models.unet-r18.encoder", "\"resnet50\"")]
    [InlineData("models.unet-r18.encoder.width=2", "models.unet-r18.encoder", """{"resnet18":{"width":2}}""")]
    public void Sets_one_value_over_the_files(string set, string path, string expected)
    {
        _folder.Write("e.yaml", "extends: base.yaml\n");
        System.Text.Json.Nodes.JsonNode? json = PlanSlices.Json(_folder.Load("e", set).Plan);
        foreach (var key in path.Split('.'))
        {
            json = json![key];
        }

        Assert.Equal(expected, CanonicalJson.Text(json));
    }

    [Fact]
    public void Lets_the_last_set_win_and_models_names_hold_dots()
    {
        _folder.Write("e.yaml", "extends: base.yaml\nmodels: {v1.5: {architecture: Unet, encoder: resnet18}}\n");
        var plan = _folder.Load("e", "train.epochs=5", "train.epochs=6", "models.v1.5.encoder=resnet50", "models.unet-r18=null").Plan;
        Assert.Equal(6, plan.Train.Epochs);
        Assert.Equal(["v1.5"], plan.Models.Keys);
        Assert.Equal("resnet50", plan.Models["v1.5"].Encoder!.Name);
    }

    [Theory]
    [InlineData("train.epochs", "experiments/e.yaml(3,11)")]
    [InlineData("train.loss[1].Dice.weight", "experiments/e.yaml(4,31)")]
    [InlineData("train.loss[1].Dice.unwritten", "experiments/e.yaml(4,16)")]
    [InlineData("train.batch_size", "experiments/e.yaml(2,1)")]
    [InlineData("models.unet-r18.encoder", "experiments/base.yaml(5,43)")]
    [InlineData("seed", "--set seed=3")]
    [InlineData("report.worst_cases", "experiments/e.yaml(1,1)")]
    public void Knows_where_each_value_was_written(string path, string mark)
    {
        _folder.Write("e.yaml", "extends: base.yaml\ntrain:\n  epochs: 4\n  loss: [BCE, {Dice: {weight: 2}}]\n");
        Assert.Equal(mark, _folder.Load("e", "seed=3").MarkOf(path).ToString());
    }

    [Fact]
    public void Loads_by_path_too()
    {
        _folder.Write("presets/whole.yaml", File.ReadAllText(Path.Combine(_folder.Root, "experiments", "base.yaml")));
        Assert.Equal("whole", _folder.Load("experiments/presets/whole.yaml").Plan.Name);
    }

    [Fact]
    public void Loads_by_name_out_of_a_folder_and_refuses_two_files_of_one_name()
    {
        _folder.Write("wrists/final.yaml", "extends: ../base.yaml");
        _folder.Write("presets/models/preset.yaml", "seed: 1");
        Assert.Equal("experiments/wrists/final.yaml", _folder.Load("final").Files[^1]);
        Assert.Equal(["base", "final"], ExperimentFile.Names(_folder.Root));
        Assert.Contains("base, final", Assert.Throws<ConfigurationException>(() => _folder.Load("preset")).Message, StringComparison.Ordinal);
        _folder.Write("hands/final.yaml", "extends: ../base.yaml");
        Assert.Contains("experiments/hands/final.yaml and experiments/wrists/final.yaml have one name",
            Assert.Throws<ConfigurationException>(() => _folder.Load("final")).Message, StringComparison.Ordinal);
    }

    /// <summary>Presets of public data leave the folder to the user.</summary>
    [Fact]
    public void Loads_every_experiment_of_the_repository()
    {
        var root = SharedData.RepositoryRoot;
        Assert.All(ExperimentFile.Names(root), name => Assert.Equal(name, ExperimentFile.Load(name, ["data.source.root=data"], root).Plan.Name));
    }

    private LoadedPlan Load(string text, string extends = "base.yaml")
    {
        _folder.Write("e.yaml", $"extends: {extends}\n{text}");
        return _folder.Load();
    }
}
