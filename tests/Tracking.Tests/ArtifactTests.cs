using Osteon.Abstractions;

namespace Osteon.Tracking.Tests;

public sealed class ArtifactTests : IDisposable
{
    private readonly TrackingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_artifact_is_the_file_as_it_was_when_logged()
    {
        var file = Path.Combine(_folder.Path, "report.html");
        File.WriteAllText(file, "before");
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Artifact(file, "reports/final");
        File.WriteAllText(file, "after");
        run.End(RunStatus.Finished);
        Assert.True(store.Flush(TimeSpan.FromSeconds(60)));

        var place = Path.Combine(_folder.Path, "mlartifacts", "1", run.RunId, "artifacts", "reports", "final", "report.html");
        Assert.Equal("before", File.ReadAllText(place));
    }

    [Theory]
    [InlineData("../other")]
    [InlineData("/etc")]
    [InlineData("a/../../b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    public void An_artifact_cannot_leave_its_run(string folder)
    {
        var file = Path.Combine(_folder.Path, "x.txt");
        File.WriteAllText(file, "x");
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Artifact(file, folder);
        run.End(RunStatus.Finished);

        Assert.Contains("cannot name an artifact", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
        Assert.True(store.Flush(TimeSpan.FromSeconds(60)));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "mlartifacts", "1")));
    }

    [Fact]
    public void A_missing_file_is_told_of_and_stops_nothing()
    {
        using var store = _folder.Open();
        using var run = _folder.Start(store);
        run.Artifact(Path.Combine(_folder.Path, "absent.txt"));

        Assert.Contains("absent.txt", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }
}
