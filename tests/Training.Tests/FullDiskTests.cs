using Osteon.Abstractions;

namespace Osteon.Training.Tests;

/// <summary>A checkpoint that cannot be written costs no more than what came after the one before it.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly Discs _discs = new();

    public void Dispose() => _discs.Dispose();

    // A folder in place of the last of a checkpoint's files refuses as a full disk would.
    [Fact]
    public void The_last_whole_checkpoint_stays_and_training_goes_on_from_it_to_the_same_bits()
    {
        var whole = _discs.Job();
        var expected = Fit(whole);

        var job = _discs.Job();
        var checkpoints = Path.Combine(job.Folder, "checkpoints");
        var full = job with { Progress = new Discs.Progress(4, () => Directory.CreateDirectory(Path.Combine(checkpoints, "epoch-00002-step-0000000.partial", "state.json"))) };
        var e = Assert.Throws<OutputException>(() => Fit(full));
        Assert.EndsWith("state.json: a folder stands where a file is needed. Move it away, or name another place.", StorageFault.Of(e)!.Message, StringComparison.Ordinal);
        Assert.Equal(["epoch-00001-step-0000000", "epoch-00002-step-0000000.partial"], Directory.GetDirectories(checkpoints).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Assert.Equal(expected, Fit(job));
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole.Folder, "model.safetensors")), File.ReadAllBytes(Path.Combine(job.Folder, "model.safetensors")));
    }

    private static TrainResult Fit(TrainJob job) => Trainer.Fit(job, TestContext.Current.CancellationToken);
}
