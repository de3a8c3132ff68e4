using System.Diagnostics;
using System.Globalization;

namespace Osteon.Acceptance.Tests;

/// <summary>Places that take no files end a command with a line that says so and exit code 2, and leave nothing half-written.</summary>
public sealed class StorageTests
{
    private const string Stack = "   at ";

    [Fact]
    public void An_output_that_cannot_be_written_is_told_before_anything_is_made()
    {
        using var workspace = TinyExperiment.Open();
        foreach (var (place, told) in new[] { ("/proc/osteon", "/proc/osteon: nothing can be made there."), ("experiments/tiny.yaml/x", "a file stands where a folder is needed.") })
        {
            var output = workspace.Expect(2, "--target=Export", "--experiment=tiny", "--format=coco", $"--output={place}");
            Assert.Contains($"--output={place}", output.Replace(workspace.Root + "/", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Contains(told, output, StringComparison.Ordinal);
            Assert.DoesNotContain(Stack, output, StringComparison.Ordinal);
            Assert.False(Path.Exists(workspace.At(".osteon", "cache")));
        }
    }

    [Fact]
    public void A_file_in_place_of_the_run_folder_or_the_cache_is_told()
    {
        using var workspace = TinyExperiment.Open();
        foreach (var place in new[] { ".osteon", "runs" })
        {
            workspace.Write(place, "in the way");
            var output = workspace.Expect(2, "--target=Convert", "--experiment=tiny");
            Assert.Contains($"{workspace.At(place)}", output, StringComparison.Ordinal);
            Assert.Contains("Name another place", output, StringComparison.Ordinal);
            Assert.DoesNotContain(Stack, output, StringComparison.Ordinal);
            File.Delete(workspace.At(place));
        }
    }

    // A limit on the size of files stands for a full disk: it needs no rights, and nobody else's disk.
    [Fact]
    public void A_disk_that_is_full_stops_training_with_a_line_and_the_same_command_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "prlimit is Linux's.");
        using var workspace = TinyExperiment.Open(epochs: 6, models: 1, folds: 1);
        string[] train = ["--target=Train", "--experiment=tiny"];
        var (code, output) = workspace.Run(process => Fill(process, workspace), train);
        Assert.True(code == 2, $"ended with {code}:\n{output}");
        Assert.Contains("Train[model=unet,fold=0]: ", output, StringComparison.Ordinal);
        Assert.Contains(".safetensors: the file would be larger than this process (ulimit -f)", output, StringComparison.Ordinal);
        Assert.Contains("the same command goes on where it was", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Stack, output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(workspace.Root, "*.tmp", SearchOption.AllDirectories));
        workspace.Expect(0, train);
    }

    private static void Fill(Process process, Workspace workspace)
    {
        var cache = workspace.At(".osteon", "cache", "Train");
        var watch = Stopwatch.StartNew();
        while (!process.HasExited && !Directory.Exists(cache) && watch.Elapsed < TimeSpan.FromMinutes(2))
        {
            Thread.Sleep(20);
        }

        using var limit = Process.Start("prlimit", [$"--pid={process.Id.ToString(CultureInfo.InvariantCulture)}", "--fsize=3000000"]);
        limit.WaitForExit();
    }
}
