using Osteon.Abstractions;

namespace Osteon.Runner.Tests;

public sealed class CacheSweepTests : IDisposable
{
    private static readonly string Kept = new('a', 64);
    private static readonly string Loose = new('b', 64);
    private static readonly string Half = new('c', 64);
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-gc-").FullName;
    private readonly TimeProvider _later = new Later(TimeSpan.FromHours(1));

    public CacheSweepTests()
    {
        var cache = new UnitCache(Path.Combine(_root, ".osteon", "cache"));
        foreach (var key in new[] { Kept, Loose })
        {
            Make(cache.Partial("Train", key));
            cache.Commit("Train", key, new Dictionary<string, double>());
        }

        Make(cache.Partial("Train", Half));
        new ExperimentLock(Path.Combine(_root, "experiments", "e.lock.json"), Path.Combine(_root, "guard")).Set("Train", new LockEntry(Kept, [], "o", new Dictionary<string, double>()));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_no_lock_names_goes_and_what_one_names_stays()
    {
        var sweep = new CacheSweep(_root, _later);
        var found = Assert.Single(sweep.Find());
        Assert.Equal(Loose, Path.GetFileName(found.Path));
        Assert.True(found.Bytes >= 1000);
        Assert.Equal(found.Bytes, sweep.Remove([found]));
        Assert.Equal([Kept, Half + ".partial"], Units());
        Assert.Empty(sweep.Find());
    }

    [Fact]
    public void What_was_made_just_now_stays() => Assert.Empty(new CacheSweep(_root, TimeProvider.System).Find());

    [Fact]
    public void An_interrupted_unit_stays_for_a_week()
    {
        Assert.DoesNotContain(new CacheSweep(_root, new Later(TimeSpan.FromDays(6))).Find(), r => r.Path.EndsWith(".partial", StringComparison.Ordinal));
        Assert.Contains(new CacheSweep(_root, new Later(TimeSpan.FromDays(8))).Find(), r => r.Path.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_process_holds_stays()
    {
        using var held = FileLock.Take(Path.Combine(_root, ".osteon", "locks", $"{Loose}.lock"), cancellation: TestContext.Current.CancellationToken);
        var sweep = new CacheSweep(_root, _later);
        Assert.Empty(sweep.Find());
        Assert.Equal(0, sweep.Remove([new Removable(Path.Combine(_root, ".osteon", "cache", "Train", "bb", Loose), "asked for", 1)]));
        Assert.Contains(Loose, Units());
    }

    [Fact]
    public void A_lock_that_cannot_be_read_stops_it()
    {
        File.WriteAllText(Path.Combine(_root, "experiments", "torn.lock.json"), "{");
        Assert.Contains("what it needs is not known", Assert.ThrowsAny<ConfigurationException>(() => new CacheSweep(_root, _later).Find()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_to_a_unit_is_named()
    {
        var cache = new UnitCache(Path.Combine(_root, ".osteon", "cache"));
        var output = cache.Find("Train", Kept)!;
        var folder = cache.Folder("Train", Kept);
        Assert.Empty(output.Damage(folder));
        File.AppendAllText(Path.Combine(folder, "weights"), "x");
        Assert.StartsWith("weights was changed: ", Assert.Single(output.Damage(folder)), StringComparison.Ordinal);
    }

    private IEnumerable<string> Units() => Directory.GetDirectories(Path.Combine(_root, ".osteon", "cache", "Train")).SelectMany(Directory.GetDirectories).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal);

    private static void Make(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "weights"), new byte[1000]);
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
