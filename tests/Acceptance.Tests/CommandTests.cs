namespace Osteon.Acceptance.Tests;

/// <summary>The command line itself: what it refuses, what it shows, what it leaves alone.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("Unknown argument --experimnt; did you mean --experiment?", "--experimnt=tiny")]
    [InlineData("--target=Trian is unknown; did you mean Train?", "--target=Trian")]
    [InlineData("--from=Inferr is unknown; did you mean Infer?", "--experiment=tiny", "--from=Inferr")]
    [InlineData("--jobs=0: expected a whole number", "--experiment=tiny", "--jobs=0")]
    [InlineData("--experiment=NAME is missing; experiments/ has: tiny.", "--target=Train")]
    [InlineData("--experiment=tyni is unknown; nearest is 'tiny'", "--target=Train", "--experiment", "tyni")]
    [InlineData("--filter=Nothing fits no project", "--target=Test", "--filter=Nothing")]
    public void Refuses_and_names_what_was_meant(string line, params string[] arguments)
    {
        using var workspace = TinyExperiment.Open();
        workspace.Write("tests/One.Tests/One.Tests.csproj", "<Project />");
        var output = workspace.Expect(2, arguments);
        Assert.Contains(line, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.At(".osteon", "cache")), "nothing ran");
    }

    [Fact]
    public void Shows_the_order_of_the_stages()
    {
        using var workspace = new Workspace();
        var tree = workspace.Expect(0, "--tree").Split('\n', StringSplitOptions.TrimEntries).Select(line => line.TrimStart('└', '─', '├', '│', ' ')).ToArray();
        string[] stages = ["Report", "Ensemble", "Infer", "Validate", "Train", "Augment", "Split", "Check", "Label", "Convert", "Synthesize"];
        Assert.Equal(stages, tree.Where(stages.Contains).Take(stages.Length));     // other targets show parts of it again
    }

    [Fact]
    public void Describes_targets_and_arguments()
    {
        using var workspace = new Workspace();
        var description = workspace.Expect(0, "--description");
        Assert.Contains("Trains each model on each fold", description, StringComparison.Ordinal);
        Assert.Contains("--keep-going", description, StringComparison.Ordinal);
    }

    [Fact]
    public void Starts_nothing_in_a_dry_run()
    {
        using var workspace = TinyExperiment.Open();
        var plan = workspace.Expect(0, "--target=Report", "--experiment=tiny", "--dryrun");
        Assert.Contains("Synthesize: never ran", plan, StringComparison.Ordinal);
        Assert.Contains("Report: 1 would run", plan, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.At(".osteon", "cache")));
        Assert.False(Directory.Exists(workspace.At("runs")));
    }

    [Fact]
    public void Copies_a_synthetic_data_set_where_it_is_asked_to_and_never_over_another()
    {
        using var workspace = TinyExperiment.Open();
        workspace.Expect(0, "--target=Synthesize", "--experiment=tiny", "--output=raw");
        Assert.NotEmpty(Directory.GetFiles(workspace.At("raw"), "*.png", SearchOption.AllDirectories));
        Assert.Contains("is there already", workspace.Expect(2, "--target=Synthesize", "--experiment=tiny", "--output=raw"), StringComparison.Ordinal);
    }

    [Fact]
    public void Synthesizes_hands_without_being_told_which_experiment()
    {
        using var workspace = TinyExperiment.Open();
        workspace.CopyExperiments();
        var output = workspace.Expect(0, "--target=Synthesize", "--set", "data.synthesize={hand-bone: {patients: 2, test_patients: 1, size: 128, seed: 3}}", "--output=hands");
        Assert.Contains("Data set: hands", output, StringComparison.Ordinal);
        Assert.Equal(4, Directory.GetFiles(workspace.At("hands", "train", "DCM"), "*.png", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Prints_nothing_when_quiet_and_well()
    {
        using var workspace = TinyExperiment.Open();
        Assert.Empty(workspace.Expect(0, "--target=Split", "--experiment=tiny", "--verbosity=quiet").Trim());
    }

    [Fact]
    public void Writes_no_escape_into_a_pipe()
    {
        using var workspace = TinyExperiment.Open();
        Assert.DoesNotContain('\u001b', workspace.Expect(0, "--target=Split", "--experiment=tiny"));
        Assert.DoesNotContain('\u001b', workspace.Expect(2, "--target=Nothing"));
    }
}
