using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osteon.Acceptance.Tests;

/// <summary>One command from nothing to a report, and everything it should leave behind.</summary>
public sealed class WholeRunTests : IClassFixture<WholeRunTests.FirstRun>
{
    private readonly FirstRun _first;

    public WholeRunTests(FirstRun first) => _first = first;

    private Workspace Workspace => _first.Workspace;

    [Fact]
    public void Runs_every_unit_once_and_names_the_best_member()
    {
        Assert.Contains("Train: 4 run, 0 restored, 0 up to date", _first.Output, StringComparison.Ordinal);
        Assert.Contains("Validate: 4 run, 0 restored, 0 up to date", _first.Output, StringComparison.Ordinal);
        Assert.Contains("out of fold (8 validation cases, 2 folds)", _first.Output, StringComparison.Ordinal);
        Assert.Contains("Infer: 4 run, 0 restored, 0 up to date", _first.Output, StringComparison.Ordinal);
        Assert.Contains("Best member:", _first.Output, StringComparison.Ordinal);
        Assert.Contains("report.html", _first.Output, StringComparison.Ordinal);
        Assert.Contains("submission.csv", _first.Output, StringComparison.Ordinal);
        Assert.Contains("mlflow", _first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_a_row_for_every_test_image_and_class()
    {
        var rows = File.ReadAllText(Workspace.At("runs", "tiny", "submission.csv")).Split('\n');
        Assert.Equal("image_name,class,rle", rows[0]);
        Assert.Equal(1 + (TinyExperiment.TestImages * TinyExperiment.Classes) + 1, rows.Length);
        Assert.Equal("", rows[^1]);
        Assert.Contains(",finger-3,", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_ensemble_predicts_becomes_a_data_set()
    {
        var output = Workspace.Expect(0, "--target=PseudoLabel", "--experiment=tiny", "--pseudo-only", "--force");
        Assert.Contains($"{TinyExperiment.TestImages} of {TinyExperiment.TestImages} test cases are labelled by 4 members", output, StringComparison.Ordinal);
        Assert.Contains("every pixel the same", output, StringComparison.Ordinal);
        var submitted = File.ReadAllLines(Workspace.At("runs", "tiny", "submission.csv")).Skip(1).Select(r => r.Split(',')[2]);
        Assert.Equal(submitted, File.ReadAllLines(Workspace.At("runs", "tiny", "pseudo", "rle-csv", "labels.csv")).Skip(1).Select(r => r.Split(',')[2]));
    }

    [Fact]
    public void Writes_one_html_file_that_asks_nothing_of_the_network()
    {
        var html = File.ReadAllText(Workspace.At("runs", "tiny", "report.html"));
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=\"http", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"http", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Pisiform", html, StringComparison.Ordinal);
        Assert.Contains("hd95", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Measures_every_class_of_every_test_case()
    {
        var scores = JsonNode.Parse(File.ReadAllText(Workspace.At("runs", "tiny", "scores.json")))!;
        Assert.Equal(TinyExperiment.Classes, scores["classes"]!.AsArray().Count);
        foreach (var (_, metric) in scores["metrics"]!.AsObject())
        {
            Assert.Equal(TinyExperiment.TestImages, metric!["by_case"]!.AsObject().Count);
            Assert.All(metric["by_case"]!.AsObject(), c => Assert.Equal(TinyExperiment.Classes, c.Value!.AsArray().Count));
        }

        using var database = Mlflow.Open(Workspace);
        Assert.Equal("1", Mlflow.Scalar(database, "SELECT COUNT(DISTINCT run_uuid) FROM metrics WHERE key = 'test/iou'"));
    }

    [Fact]
    public void Leaves_runs_of_experiment_models_and_units_in_MLflow_s_tables()
    {
        using var database = Mlflow.Open(Workspace);
        Assert.Equal("acf3f17fdcc7", Mlflow.Scalar(database, "SELECT version_num FROM alembic_version"));
        var parent = Mlflow.Scalar(database, "SELECT run_uuid FROM runs WHERE run_uuid NOT IN (SELECT run_uuid FROM tags WHERE key = 'mlflow.parentRunId')");
        Assert.Equal("8", Mlflow.Scalar(database, $"SELECT COUNT(*) FROM tags WHERE key = 'mlflow.parentRunId' AND value = '{parent}'"));
        Assert.Equal("12", Mlflow.Scalar(database, "SELECT COUNT(*) FROM tags JOIN tags level ON level.run_uuid = tags.value AND level.key = 'osteon.level' AND level.value = 'model' WHERE tags.key = 'mlflow.parentRunId'"));
        Assert.Equal("21", Mlflow.Scalar(database, "SELECT COUNT(*) FROM runs WHERE status = 'FINISHED'"));
        Assert.Equal("4", Mlflow.Scalar(database, "SELECT COUNT(DISTINCT run_uuid) FROM metrics WHERE key = 'val/dice'"));
        Assert.Equal("1", Mlflow.Scalar(database, $"SELECT value FROM params WHERE run_uuid = '{parent}' AND key = 'train.epochs'"));
        Assert.Equal("fillpoly", Mlflow.Scalar(database, $"SELECT value FROM tags WHERE run_uuid = '{parent}' AND key = 'osteon.polygon_raster'"));
        Assert.Equal("64", Mlflow.Scalar(database, $"SELECT LENGTH(value) FROM tags WHERE run_uuid = '{parent}' AND key = 'osteon.config.sha256'"));
        foreach (var artifact in new[] { "plan.yaml", "environment.json", "report.html", "submission.csv", "loss.svg", "dice.svg", "history.csv" })
        {
            Assert.NotEmpty(Directory.GetFiles(Workspace.At(".osteon", "mlflow", "mlartifacts"), artifact, SearchOption.AllDirectories));
        }
    }

    [Fact]
    public void Records_what_the_last_bits_depend_on_with_every_member()
    {
        using var database = Mlflow.Open(Workspace);
        foreach (var (key, value, runs) in new[] { ("train.precision", "fp32", 4), ("train.threads", "1", 4), ("infer.precision", "fp32", 8), ("threads", "1", 8) })
        {
            Assert.Equal($"{runs}", Mlflow.Scalar(database, $"SELECT COUNT(*) FROM params JOIN tags USING (run_uuid) WHERE tags.key = 'mlflow.parentRunId' AND params.key = '{key}' AND params.value = '{value}'"));
        }
    }

    [Theory]
    [InlineData("train.precision=bf16", "Train[model=plain,fold=0]: config.train.precision fp32 → bf16")]
    [InlineData("train.threads=2", "Train[model=plain,fold=0]: config.train.threads 1 → 2")]
    [InlineData("train.threads=2", "Infer[model=plain,fold=0]: config.threads 1 → 2", "--exclusive", "Infer")]
    [InlineData("infer.precision=bf16", "Infer[model=plain,fold=0]: config.infer.precision fp32 → bf16")]
    public void Runs_again_when_the_last_bits_may_change(string set, string why, string? only = null, string target = "Report")
    {
        string[] arguments = [$"--target={target}", "--experiment=tiny", "--dryrun", "--set", set];
        Assert.Contains(why, Workspace.Expect(0, only is null ? arguments : [.. arguments, only]), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_float16_without_a_GPU_before_anything_runs()
    {
        using var workspace = TinyExperiment.Open();
        var output = workspace.Expect(2, "--target=Report", "--experiment=tiny", "--device=cpu", "--set", "train.precision=fp16");
        Assert.Contains("--set train.precision=fp16: train.precision is fp16, which needs a GPU; the device is cpu.", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.At(".osteon", "cache")), "nothing ran");
    }

    [Fact]
    public void Trains_and_predicts_in_bfloat16()
    {
        using var workspace = TinyExperiment.Open(models: 1, folds: 1);
        Assert.Contains("Infer: 1 run", workspace.Expect(0, "--target=Infer", "--experiment=tiny", "--set", "train.precision=bf16", "--set", "infer.precision=bf16"), StringComparison.Ordinal);
    }

    [Fact]
    public void Predicts_a_folder_of_images_as_it_predicted_its_test_cases()
    {
        var rows = File.ReadAllLines(Workspace.At("runs", "tiny", "submission.csv"));
        var names = rows.Skip(1).Select(row => row.Split(',')[0]).Distinct().ToArray();
        Directory.CreateDirectory(Workspace.At("new", "below"));
        foreach (var name in names)
        {
            File.Copy(Directory.GetFiles(Workspace.At(".osteon", "cache", "Synthesize"), name, SearchOption.AllDirectories)[0], Workspace.At("new", "below", name), overwrite: true);
        }

        File.WriteAllText(Workspace.At("new", "notes.txt"), "no image");
        var output = Workspace.Expect(0, "--target=Infer", "--input=new", "--model=runs/tiny", "--set", "ensemble.outputs=[csv, png]");
        Assert.Contains("2 images predicted by plain/fold 0, plain/fold 1, unet/fold 0, unet/fold 1", output, StringComparison.Ordinal);
        Assert.Contains("left out: notes.txt", output, StringComparison.Ordinal);
        Assert.Equal(rows.Order(StringComparer.Ordinal), File.ReadAllLines(Workspace.At("runs", "tiny", "predictions", "new", "predictions.csv")).Order(StringComparer.Ordinal));
        Assert.Equal(TinyExperiment.TestImages * TinyExperiment.Classes, Directory.GetFiles(Workspace.At("runs", "tiny", "predictions", "new", "png"), "*.png", SearchOption.AllDirectories).Length);
        Assert.Contains("there is no such experiment; nearest is 'tiny'", Workspace.Expect(2, "--target=Infer", "--input=new", "--model=tyny"), StringComparison.Ordinal);
    }

    [Fact]
    public void Has_nothing_to_do_the_second_time()
    {
        var again = Workspace.Expect(0, "--target=Report", "--experiment=tiny");
        foreach (var (stage, units) in new[] { ("Synthesize", 1), ("Convert", 1), ("Check", 1), ("Split", 1), ("Train", 4), ("Validate", 4), ("Infer", 4), ("Ensemble", 1), ("Report", 1) })
        {
            Assert.Contains($"{stage}: 0 run, 0 restored, {units} up to date", again, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Says_which_setting_makes_a_unit_run_again_and_starts_nothing_in_a_dry_run()
    {
        var output = Workspace.Expect(0, "--target=Report", "--experiment=tiny", "--dryrun", "--set", "train.optimizer.AdamW.lr=0.0003");
        Assert.Contains("Train[model=plain,fold=0]: config.train.optimizer", output, StringComparison.Ordinal);
        Assert.Contains("Infer[model=plain,fold=0]: after Train[model=plain,fold=0]", output, StringComparison.Ordinal);
        Assert.Contains("Convert: 0 would run", output, StringComparison.Ordinal);
        Assert.Contains("Train: 4 would run", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Trains_two_members_at_a_time_in_processes_of_their_own_to_the_same_bits()
    {
        using var beside = TinyExperiment.Open();
        Assert.Contains("Train: 4 run", beside.Expect(0, "--target=Train", "--experiment=tiny", "--jobs=2"), StringComparison.Ordinal);
        Assert.Equal(LockedOutputs(Workspace, "Train["), LockedOutputs(beside, "Train["));
        using var database = Mlflow.Open(beside);
        Assert.Equal("1", Mlflow.Scalar(database, "SELECT COUNT(*) FROM runs WHERE run_uuid NOT IN (SELECT run_uuid FROM tags WHERE key = 'mlflow.parentRunId')"));
        Assert.Equal("10", Mlflow.Scalar(database, "SELECT COUNT(*) FROM tags WHERE key = 'mlflow.parentRunId'"));                 // four units before Train, two models, two folds of each
        string[] Weights() => Directory.GetFiles(beside.At(".osteon", "cache", "Train"), "model.safetensors", SearchOption.AllDirectories);
        var first = Weights().Max(File.GetLastWriteTimeUtc);
        Assert.Contains("Train: 4 run", beside.Expect(0, "--target=Train", "--experiment=tiny", "--jobs=2", "--force"), StringComparison.Ordinal);
        Assert.All(Weights(), file => Assert.True(File.GetLastWriteTimeUtc(file) > first, "made once more, and not found in the cache"));
        Assert.Equal(LockedOutputs(Workspace, "Train["), LockedOutputs(beside, "Train["));
    }

    [Fact]
    public void Starts_from_the_weights_an_experiment_names_and_knows_them_by_content()
    {
        using var copy = TinyExperiment.Open(models: 1, folds: 1);
        var trained = Directory.GetFiles(Workspace.At(".osteon", "cache", "Train"), "model.safetensors", SearchOption.AllDirectories).MaxBy(f => new FileInfo(f).Length)!;
        File.Copy(trained, copy.At("start.safetensors"));
        copy.Expect(0, "--target=Train", "--experiment=tiny", "--set", "models.unet.weights=start.safetensors");
        File.Move(copy.At("start.safetensors"), copy.At("moved.safetensors"));
        Assert.Contains("Train: 0 run, 0 restored, 1 up to date", copy.Expect(0, "--target=Train", "--experiment=tiny", "--set", "models.unet.weights=moved.safetensors"), StringComparison.Ordinal);
        Assert.Contains("nowhere.safetensors: there is no such file", copy.Expect(2, "--target=Train", "--experiment=tiny", "--set", "models.unet.weights=nowhere.safetensors"), StringComparison.Ordinal);
    }

    [Fact]
    public void Restores_units_from_the_cache_when_the_lock_is_gone()
    {
        using var copy = TinyExperiment.Open();
        CopyFolder(Workspace.At(".osteon", "cache"), copy.At(".osteon", "cache"));
        Assert.Contains("Train: 0 run, 4 restored, 0 up to date", copy.Expect(0, "--target=Train", "--experiment=tiny"), StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_the_named_stage_and_all_after_it_with_from()
    {
        using var copy = TinyExperiment.Open();
        CopyFolder(Workspace.At(".osteon"), copy.At(".osteon"));
        CopyFolder(Workspace.At("experiments"), copy.At("experiments"));
        var output = copy.Expect(0, "--target=Report", "--experiment=tiny", "--from=Ensemble");
        Assert.Contains("Infer: 0 run", output, StringComparison.Ordinal);
        Assert.Contains("Ensemble: 1 run", output, StringComparison.Ordinal);
        Assert.Contains("Report: 1 run", output, StringComparison.Ordinal);
        Assert.Contains("Ensemble: forced", output, StringComparison.Ordinal);
    }

    private static string[] LockedOutputs(Workspace workspace, string stage)
    {
        using var locked = JsonDocument.Parse(File.ReadAllBytes(workspace.At("experiments", "tiny.lock.json")));
        return [.. locked.RootElement.EnumerateObject().Where(u => u.Name.StartsWith(stage, StringComparison.Ordinal)).Select(u => $"{u.Name} {u.Value.GetProperty("output")}")];
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    public sealed class FirstRun : IDisposable
    {
        public FirstRun()
        {
            Workspace = TinyExperiment.Open();
            Output = Workspace.Expect(0, "--target=Report", "--experiment=tiny");
        }

        public Workspace Workspace { get; }

        public string Output { get; }

        public void Dispose() => Workspace.Dispose();
    }
}
