namespace Osteon.Acceptance.Tests;

/// <summary>What an experiment can be asked, tried at and cleaned of, on one that trains in seconds.</summary>
public sealed class ExperimentFileTests
{
    [Fact]
    public void Is_shown_swept_explained_shared_and_kept()
    {
        using var workspace = TinyExperiment.Open(models: 1, folds: 1);
        var shown = workspace.Expect(0, "--target=Show", "--experiment=tiny", "--set", "train.batch_size=1");
        Assert.Matches(@"batch_size: 1 +# --set train.batch_size=1", shown);
        Assert.Matches(@"threads: 1 +# experiments/tiny.yaml\(\d+,12\)", shown);
        Assert.Matches(@"gradient_clip_val: 0 +# default", shown);
        Assert.False(Directory.Exists(workspace.At(".osteon", "cache")), "nothing ran");

        string[] sweep = ["--target=Sweep", "--experiment=tiny", "--set", "sweep.over={train.epochs: [1, 2], train.loss: [[BCE], [Dice]]}"];
        Assert.Contains("tiny: 4 points would be tried", workspace.Expect(0, [.. sweep, "--dryrun"]), StringComparison.Ordinal);
        var refused = workspace.Expect(2, "--target=Sweep", "--experiment=tiny", "--set", "sweep.over={train.epochs: [1, -2], train.loss: [[BCE], [Dise]]}");
        Assert.Contains("train.epochs is -2", refused, StringComparison.Ordinal);
        Assert.Contains("'Dise' is unknown; nearest is 'Dice'", refused, StringComparison.Ordinal);
        var swept = workspace.Expect(0, sweep);
        Assert.Contains("Point 4: epochs=2,loss=Dice: 0.", swept, StringComparison.Ordinal);
        Assert.Contains("Best: --set train.epochs=", swept, StringComparison.Ordinal);
        Assert.Contains("Sweep: runs/tiny/sweep.html", swept, StringComparison.Ordinal);
        Assert.Equal(5, File.ReadAllLines(workspace.At("runs", "tiny", "sweep.csv")).Length);
        using (var database = Mlflow.Open(workspace))
        {
            Assert.Equal("4", Mlflow.Scalar(database, "SELECT COUNT(*) FROM metrics WHERE key = 'sweep/val_dice'"));
            Assert.Equal("4", Mlflow.Scalar(database, "SELECT COUNT(*) FROM runs WHERE name LIKE 'Train[epochs=%'"));
        }

        // All of it is there already: a point is found by its facts.
        Assert.DoesNotContain("Train: 1 run", workspace.Expect(0, sweep), StringComparison.Ordinal);

        var explained = workspace.Expect(0, "--target=Explain", "--experiment=tiny", "--set", "train.epochs=2");
        Assert.Contains("Convert: up to date (from experiment 'tiny', made 20", explained, StringComparison.Ordinal);
        Assert.Contains("  config.train.epochs 2  --set train.epochs=2", explained, StringComparison.Ordinal);
        Assert.Contains("Infer[model=unet,fold=0]: would run unless the same bytes come out of Train[model=unet,fold=0]", explained, StringComparison.Ordinal);

        File.Copy(workspace.At("experiments", "tiny.yaml"), workspace.At("experiments", "second.yaml"));
        Assert.Contains("Train[model=unet,fold=0]: restored from experiment 'tiny', made 20", workspace.Expect(0, "--target=Train", "--experiment=second", "--set", "train.epochs=2", "--set", "train.loss=[BCE]"), StringComparison.Ordinal);

        Assert.Contains("Nothing can go", workspace.Expect(0, "--target=Gc"), StringComparison.Ordinal);
        var doctor = workspace.Expect(0, "--target=Doctor");
        Assert.Matches(@"ok +libtorch +\d", doctor);
        Assert.Matches(@"ok +tracking +\.osteon/mlflow is whole", doctor);
        Assert.Matches(@"poor +git ", doctor);
        workspace.Write("plugins/Broken.dll", "no assembly");
        Assert.Matches(@"poor +plugins +Broken.dll is not loaded", workspace.Expect(0, "--target=Doctor"));
    }
}
