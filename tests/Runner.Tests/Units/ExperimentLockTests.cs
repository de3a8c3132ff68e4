using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner;

namespace Osteon.Runner.Tests.Units;

public sealed class ExperimentLockTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-lock-").FullName;

    private string LockFile => Path.Combine(_root, "final.lock.json");

    private string Guard => Path.Combine(_root, "guard");

    [Fact]
    public void Keeps_an_entry_for_the_next_process()
    {
        new ExperimentLock(LockFile, Guard).Set("Train[fold=0]", Entry("k1"));
        var entry = new ExperimentLock(LockFile, Guard)["Train[fold=0]"]!;
        Assert.Equal("k1", entry.Key);
        Assert.Equal(0.9, entry.Metrics["dice"]);
        Assert.Equal("Train", (string?)entry.Facts["stage"]);
    }

    [Fact]
    public void Keeps_a_number_that_is_none()
    {
        new ExperimentLock(LockFile, Guard).Set("Train[fold=0]", Entry("k1") with { Metrics = new Dictionary<string, double> { ["dice"] = double.NaN } });
        Assert.Equal(double.NaN, new ExperimentLock(LockFile, Guard)["Train[fold=0]"]!.Metrics["dice"]);
    }

    [Fact]
    public void Merges_what_two_processes_record()
    {
        var (one, two) = (new ExperimentLock(LockFile, Guard), new ExperimentLock(LockFile, Guard));
        one.Set("b", Entry("kb"));
        two.Set("a", Entry("ka"));
        var after = new ExperimentLock(LockFile, Guard);
        Assert.Equal(("ka", "kb"), (after["a"]!.Key, after["b"]!.Key));
        var text = File.ReadAllText(LockFile);
        Assert.True(text.IndexOf("\"a\"", StringComparison.Ordinal) < text.IndexOf("\"b\"", StringComparison.Ordinal), "entries are sorted");
    }

    [Fact]
    public void Loses_nothing_when_many_write_at_once()
    {
        var locks = Enumerable.Range(0, 4).Select(_ => new ExperimentLock(LockFile, Guard)).ToArray();
        Parallel.For(0, 40, i => locks[i % 4].Set($"u{i}", Entry($"k{i}")));
        var after = new ExperimentLock(LockFile, Guard);
        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal($"k{i}", after[$"u{i}"]?.Key));
    }

    [Theory]
    [InlineData("{ torn")]
    [InlineData("[]")]
    [InlineData("{\"Train\":null}")]
    [InlineData("{\"Train\":{\"key\":\"k\",\"facts\":{},\"output\":\"o\",\"metrics\":{}}}")]
    [InlineData("{\"Train\":{\"key\":\"../../else\",\"facts\":{},\"output\":\"o\",\"metrics\":{}}}")]
    [InlineData("{\"Train\":{\"key\":\"k1\",\"output\":\"o\",\"metrics\":{}}}")]
    public void Names_a_file_that_is_no_lock(string text)
    {
        File.WriteAllText(LockFile, text);
        var e = Assert.Throws<DataException>(() => new ExperimentLock(LockFile, Guard));
        Assert.StartsWith(LockFile, e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static LockEntry Entry(string key) =>
        new(key, new JsonObject { ["stage"] = "Train" }, "output", new Dictionary<string, double> { ["dice"] = 0.9 });
}
