using Osteon.Runner;

namespace Osteon.Runner.Tests.Units;

public sealed class UnitCacheTests : IDisposable
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-cache-").FullName;
    private readonly UnitCache _cache;

    public UnitCacheTests() => _cache = new UnitCache(_root);

    [Fact]
    public void Finds_nothing_while_a_unit_is_being_made()
    {
        Make("a.txt", "half");
        Assert.Null(_cache.Find("Train", Key));
    }

    [Fact]
    public void Finds_a_committed_unit_with_its_numbers()
    {
        Make("a.txt", "whole");
        var made = _cache.Commit("Train", Key, new Dictionary<string, double> { ["dice"] = 0.875 });
        var found = _cache.Find("Train", Key)!;
        Assert.Equal(made.Hash, found.Hash);
        Assert.Equal(0.875, found.Metrics["dice"]);
        Assert.False(Directory.Exists(_cache.Partial("Train", Key)));
    }

    [Fact]
    public void Keeps_a_number_that_is_none()
    {
        Make("a.txt", "whole");
        _cache.Commit("Train", Key, new Dictionary<string, double> { ["dice"] = double.NaN, ["loss"] = double.PositiveInfinity });
        var metrics = _cache.Find("Train", Key)!.Metrics;
        Assert.Equal(double.NaN, metrics["dice"]);
        Assert.Equal(double.PositiveInfinity, metrics["loss"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Hash\":\"ab")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"Hash\":\"ab\"}")]
    [InlineData("{\"Metrics\":{}}")]
    public void Finds_nothing_where_the_record_was_damaged(string record)
    {
        Make("a.txt", "whole");
        _cache.Commit("Train", Key, new Dictionary<string, double>());
        File.WriteAllText(Path.Combine(_cache.Folder("Train", Key), ".output.json"), record);
        Assert.Null(_cache.Find("Train", Key));
    }

    [Fact]
    public void Hashes_names_and_contents_as_a_list_of_lines()
    {
        Make("b.txt", "2");
        Make("a.txt", "1");
        // printf '%s %s\n' "$(printf 1 | sha256sum | cut -d' ' -f1)" a.txt "$(printf 2 | sha256sum | cut -d' ' -f1)" b.txt | sha256sum
        Assert.Equal("6e67bb076aa4634b92ed3a02f14e017f43a435a91da384887f95c9fba100e6ec", _cache.Commit("Train", Key, new Dictionary<string, double>()).Hash);
    }

    [Fact]
    public void Gives_the_same_hash_whatever_numbers_go_with_it()
    {
        Make("a.txt", "1");
        var first = _cache.Commit("Train", Key, new Dictionary<string, double> { ["dice"] = 1 }).Hash;
        Make("a.txt", "1");
        Assert.Equal(first, _cache.Commit("Train", Key, new Dictionary<string, double> { ["dice"] = 2 }).Hash);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Make(string name, string text)
    {
        Directory.CreateDirectory(_cache.Partial("Train", Key));
        File.WriteAllText(Path.Combine(_cache.Partial("Train", Key), name), text);
    }
}
