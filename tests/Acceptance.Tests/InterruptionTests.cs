using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Acceptance.Tests;

/// <summary>Killed at any moment, the same command goes on and ends with the same bits.</summary>
public sealed class InterruptionTests
{
    private const int Epochs = 6;

    [Fact]
    public void Ends_with_the_same_weights_when_killed_at_random_moments()
    {
        using var whole = TinyExperiment.Open(Epochs, models: 1, folds: 1);
        var watch = Stopwatch.StartNew();
        whole.Expect(0, "--target=Train", "--experiment=tiny");
        var seconds = watch.Elapsed.TotalSeconds;

        using var broken = TinyExperiment.Open(Epochs, models: 1, folds: 1);
        var random = RandomStream.For(Environment.ProcessId, "kill");
        for (var kill = 0; kill < 5; kill++)
        {
            var moment = TimeSpan.FromSeconds(random.NextDouble(0.2, 0.9) * seconds);
            broken.Run(process => Kill(process, moment), "--target=Train", "--experiment=tiny");
        }

        broken.Expect(0, "--target=Train", "--experiment=tiny");
        Assert.Equal(FinalWeights(whole), FinalWeights(broken));
        Assert.Equal(BestWeights(whole), BestWeights(broken));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void Checkpoints_and_marks_the_run_killed_on_a_signal(string signal)
    {
        using var workspace = TinyExperiment.Open(epochs: 200, models: 1, folds: 1);
        var (code, output) = workspace.Run(process => Signal(process, signal, workspace), "--target=Train", "--experiment=tiny");
        Assert.True(code == 130, $"ended with {code}:\n{output}");
        Assert.NotEmpty(Directory.GetDirectories(workspace.At(".osteon", "cache", "Train"), "epoch-*", SearchOption.AllDirectories));
        Assert.Equal(["KILLED", "KILLED", "KILLED"], Mlflow.Statuses(workspace, "status <> 'FINISHED'"));
        var plan = workspace.Expect(0, "--target=Train", "--experiment=tiny", "--dryrun");
        Assert.Contains("Train[model=unet,fold=0]: resumed", plan, StringComparison.Ordinal);
    }

    private static void Kill(Process process, TimeSpan moment)
    {
        if (!process.WaitForExit(moment))
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static void Signal(Process process, string signal, Workspace workspace)
    {
        var cache = workspace.At(".osteon", "cache", "Train");
        var watch = Stopwatch.StartNew();
        while (!process.HasExited && watch.Elapsed < TimeSpan.FromMinutes(2)
            && !(Directory.Exists(cache) && Directory.EnumerateDirectories(cache, "epoch-*", SearchOption.AllDirectories).Any()))
        {
            Thread.Sleep(50);
        }

        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string FinalWeights(Workspace workspace)
    {
        using var result = JsonDocument.Parse(File.ReadAllBytes(OneFile(workspace, "result.json")));
        return result.RootElement.GetProperty("FinalWeights").GetString()!;
    }

    private static byte[] BestWeights(Workspace workspace) => File.ReadAllBytes(OneFile(workspace, "model.safetensors"));

    private static string OneFile(Workspace workspace, string name) =>
        Assert.Single(Directory.GetFiles(workspace.At(".osteon", "cache", "Train"), name, SearchOption.AllDirectories));
}
