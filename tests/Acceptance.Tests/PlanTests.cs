namespace Osteon.Acceptance.Tests;

/// <summary>An experiment that names no network plans one from its data.</summary>
public sealed class PlanTests
{
    [Fact]
    public void Is_planned_read_and_edited_but_not_written_over()
    {
        using var workspace = new Workspace();
        var lines = TinyExperiment.Yaml(models: 1, folds: 1).Split('\n');
        var from = Array.FindIndex(lines, l => l.StartsWith("models:", StringComparison.Ordinal));
        workspace.Write("experiments/auto.yaml", string.Join('\n', lines.Take(from)) + "\nplan: {nnunet-2d: {epochs: 1, iterations_per_epoch: 2, folds: 1, gpu_memory_target_in_gb: 0.2}}\n");

        Assert.Contains("plan: nnunet-2d is still to be made", workspace.Expect(2, "--target=Train", "--experiment=auto"), StringComparison.Ordinal);
        Assert.Contains("would write experiments/auto-nnunet-2d.yaml", workspace.Expect(0, "--target=Plan", "--experiment=auto", "--dryrun"), StringComparison.Ordinal);
        Assert.Contains("Planned: experiments/auto-nnunet-2d.yaml.", workspace.Expect(0, "--target=Plan", "--experiment=auto"), StringComparison.Ordinal);
        Assert.Contains("is there already", workspace.Expect(2, "--target=Plan", "--experiment=auto"), StringComparison.Ordinal);

        var shown = workspace.Expect(0, "--target=Show", "--experiment=auto-nnunet-2d", "--set", "train.batch_size=2");
        Assert.Matches(@"n_stages: \d +# experiments/auto-nnunet-2d.yaml", shown);
        Assert.Matches(@"seed: 3 +# experiments/auto.yaml", shown);
        Assert.DoesNotContain("\nplan:", shown, StringComparison.Ordinal);
    }
}
