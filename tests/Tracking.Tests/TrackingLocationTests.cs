using Osteon.Abstractions;

namespace Osteon.Tracking.Tests;

public sealed class TrackingLocationTests
{
    [Theory]
    [InlineData(null, "/default")]
    [InlineData(" ", "/default")]
    [InlineData("sqlite:////data/runs/mlflow.db", "/data/runs")]
    [InlineData("/data/runs", "/data/runs")]
    public void Resolves_to_a_folder(string? uri, string folder) => Assert.Equal(folder, TrackingLocation.Resolve(uri, "/default").Folder);

    [Fact]
    public void Three_slashes_are_a_relative_path() =>
        Assert.Equal(Path.GetFullPath("runs"), TrackingLocation.Resolve("sqlite:///runs/mlflow.db", "/default").Folder);

    [Theory]
    [InlineData("postgresql://u@h/db", "a kind of store")]
    [InlineData("file:///mlruns", "a kind of store")]
    [InlineData("databricks", "not a folder")]
    [InlineData("sqlite:////data/other.db", "'mlflow.db'")]
    public void Refuses_others_and_says_what_is_allowed(string uri, string what)
    {
        var error = Assert.Throws<ConfigurationException>(() => TrackingLocation.Resolve(uri, "/default"));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("allowed are http(s)://HOST[:PORT][/PATH], a folder", error.Message, StringComparison.Ordinal);
    }
}
