using System.Diagnostics;

namespace Osteon.Acceptance.Tests;

/// <summary>A tag brings its numbers back, whatever has become of the working tree; and says so when it cannot.</summary>
public sealed class ReproductionTests
{
    [Fact]
    public void A_tag_is_reproduced_to_the_bit_after_everything_has_changed_and_damaged_files_are_named()
    {
        using var workspace = TinyExperiment.Open(models: 1, folds: 1);
        workspace.Write(".gitignore", ".osteon/\nruns/\ndata/\n");
        workspace.Expect(0, "--target=Synthesize", "--experiment=tiny", "--output=data/hands");
        workspace.Write("experiments/tiny.yaml", Small());
        workspace.Expect(0, "--target=Ensemble", "--experiment=tiny");
        Git(workspace, "init", "--quiet");
        Git(workspace, "config", "user.name", "Test");
        Git(workspace, "config", "user.email", "test@example.org");
        Git(workspace, "add", "experiments/tiny.yaml");
        Git(workspace, "commit", "--quiet", "-m", "An experiment");

        var dirty = workspace.Expect(2, "--target=Tag", "--name=lb/one", "--experiment=tiny");
        Assert.Contains("experiments/tiny.lock.json: differs from the commit, or is not in it.", dirty, StringComparison.Ordinal);
        Commit(workspace, "Its results");
        Assert.Contains("units are not up to date", StaleAfter(workspace, "seed: 3", "seed: 4"), StringComparison.Ordinal);
        workspace.Expect(0, "--target=Tag", "--name=lb/one", "--experiment=tiny");
        Assert.Contains("there is a tag of that name", workspace.Expect(2, "--target=Tag", "--name=lb/one", "--experiment=tiny"), StringComparison.Ordinal);
        var message = Git(workspace, "tag", "-l", "--format=%(contents)", "lb/one");
        foreach (var part in new[] { "tiny: Dice 0.", "config   ", "data     ", "plugin   ", "encoder resnet18", "output   ", "Train[model=unet,fold=0]", "BEGIN OSTEON RESULT" })
        {
            Assert.Contains(part, message, StringComparison.Ordinal);
        }

        // Another seed, another network, another file, and the lock of it all.
        workspace.Write("experiments/tiny.yaml", Small().Replace("seed: 3", "seed: 9", StringComparison.Ordinal).Replace("decoder_channels: [16, 8, 8]", "decoder_channels: [8, 8, 8]", StringComparison.Ordinal));
        workspace.Write("notes.txt", "later");
        Commit(workspace, "Something else");
        var before = Git(workspace, "status", "--porcelain") + File.ReadAllText(workspace.At("experiments", "tiny.lock.json"));

        var cached = workspace.Expect(0, "--target=Reproduce", "--tag=lb/one");
        Assert.Contains("every byte of them is as it was made", cached, StringComparison.Ordinal);
        var anew = workspace.Expect(0, "--target=Reproduce", "--tag=lb/one", "--from-cache=false");
        Assert.Contains("Train: 1 run", anew, StringComparison.Ordinal);
        Assert.Contains("lb/one: reproduced, 7 of 7 units bit-equal", anew, StringComparison.Ordinal);
        Assert.Equal(before, Git(workspace, "status", "--porcelain") + File.ReadAllText(workspace.At("experiments", "tiny.lock.json")));
        Assert.Contains("bit-equal, 20", workspace.Expect(0, "--target=Leaderboard"), StringComparison.Ordinal);
        Assert.Contains("  seed  3 → 9", workspace.Expect(0, "--target=Diff", "-a", "lb/one", "-b", "tiny"), StringComparison.Ordinal);
        using (var database = Mlflow.Open(workspace))
        {
            Assert.Equal("2", Mlflow.Scalar(database, "SELECT COUNT(*) FROM tags WHERE key = 'osteon.reproduced.verdict' AND value = 'bit-equal'"));
        }

        Damage(Directory.GetFiles(workspace.At(".osteon", "cache", "Infer"), "predictions.csv", SearchOption.AllDirectories).Order().First());
        Assert.Contains("predictions.csv was changed", workspace.Expect(2, "--target=Reproduce", "--tag=lb/one"), StringComparison.Ordinal);

        var image = Directory.GetFiles(workspace.At("data", "hands", "train", "DCM"), "*.png", SearchOption.AllDirectories).Order().First();
        Damage(image);
        var refused = workspace.Expect(2, "--target=Reproduce", "--tag=lb/one", "--from-cache=false");
        Assert.Contains($"data/hands/{Path.GetRelativePath(workspace.At("data", "hands"), image)} was changed", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("Train:", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Reproduce needs --tag=TAG", "--target=Reproduce")]
    [InlineData("--tag=nothing: there is no such tag. Tags: none.", "--target=Reproduce", "--tag=nothing")]
    [InlineData("Tag needs --name=TAG", "--target=Tag", "--experiment=tiny")]
    [InlineData("is in no git repository", "--target=Tag", "--name=a", "--experiment=tiny")]
    [InlineData("--from-cache=maybe: expected true or false.", "--target=Reproduce", "--tag=a", "--from-cache=maybe")]
    [InlineData("Diff needs -a NAME and -b NAME", "--target=Diff", "-a", "tiny")]
    [InlineData("-b tyni is no experiment, lock file, tag or run; nearest is 'tiny'", "--target=Diff", "-a=tiny", "-b=tyni")]
    [InlineData("--sort=beauty: expected dice, made, time, cost, experiment.", "--target=Leaderboard", "--sort=beauty")]
    public void Refuses_and_says_what_is_expected(string line, params string[] arguments)
    {
        using var workspace = TinyExperiment.Open();
        Assert.Contains(line, workspace.Expect(2, arguments), StringComparison.Ordinal);
    }

    private static string Small() => TinyExperiment.OnFolder("data/hands")
        .Replace("split: {folds: 2}", "split: {folds: 1}", StringComparison.Ordinal)
        .Replace("  plain: {architecture: {PlainUnet: {width: 4, depth: 2}}}\n", string.Empty, StringComparison.Ordinal);

    private static string StaleAfter(Workspace workspace, string was, string isNow)
    {
        workspace.Write("experiments/tiny.yaml", Small().Replace(was, isNow, StringComparison.Ordinal));
        Commit(workspace, "Not run yet");
        var output = workspace.Expect(2, "--target=Tag", "--name=lb/one", "--experiment=tiny");
        Git(workspace, "revert", "--no-edit", "HEAD");
        return output;
    }

    private static void Commit(Workspace workspace, string message)
    {
        Git(workspace, "add", "--all");
        Git(workspace, "commit", "--quiet", "-m", message);
    }

    // One bit, and the time it had.
    private static void Damage(string file)
    {
        var time = File.GetLastWriteTimeUtc(file);
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        File.SetLastWriteTimeUtc(file, time);
    }

    private static string Git(Workspace workspace, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "init.defaultBranch=main", .. arguments]) { WorkingDirectory = workspace.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        var error = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}: {error}");
        return output;
    }
}
