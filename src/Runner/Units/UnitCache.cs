using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>What a finished unit left.</summary>
/// <param name="Hash">Over its files.</param>
/// <param name="Metrics">Headline numbers.</param>
/// <param name="Origin">Who made it; null for what an earlier version made.</param>
/// <param name="Files">Each file's own hash, so that damage can be named; null for what an earlier version made.</param>
public sealed record UnitOutput(string Hash, IReadOnlyDictionary<string, double> Metrics, UnitOrigin? Origin = null, IReadOnlyDictionary<string, string>? Files = null)
{
    /// <summary>What is wrong with a unit's files, a line each; none when every byte is as it was made.</summary>
    /// <param name="folder">The unit's folder.</param>
    public IReadOnlyList<string> Damage(string folder)
    {
        var now = TreeHash.FilesOf(folder);
        return TreeHash.Of(now) == Hash ? []
            : Files is null ? ["its files are not those that were made"]
            : DataManifest.Differences([.. Files.Select(f => (f.Key, f.Value))], now);
    }
}

/// <summary>Who made a unit, and what it cost.</summary>
/// <param name="Experiment">The experiment that ran it first.</param>
/// <param name="Made">When it was done.</param>
/// <param name="Seconds">Wall time, that of interrupted tries included.</param>
/// <param name="ProcessorSeconds">The process's processor time meanwhile; of units that ran beside others in it, theirs too.</param>
public sealed record UnitOrigin(string Experiment, DateTimeOffset Made, double Seconds, double ProcessorSeconds)
{
    /// <summary>As in "restored from experiment 'first', made 2026-11-29 04:44 UTC".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"from experiment '{Experiment}', made {Made.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
}

/// <summary>
/// Finished units by key: <c>STAGE/k2/KEY/</c>. A unit is made in <c>KEY.partial</c>, which a failure or a kill leaves behind
/// to be resumed, then synced and renamed, so that nothing half-written is ever found under a key.
/// </summary>
public sealed partial class UnitCache(string root)
{
    private const string Record = ".output.json";

    // A score can be NaN: a class that no case has.
    private static readonly JsonSerializerOptions Layout = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Where a unit's files are, or will be.</summary>
    public string Folder(string stage, string key) => Path.Combine(root, stage, key[..2], key);

    /// <summary>Where a unit is made.</summary>
    public string Partial(string stage, string key) => Folder(stage, key) + ".partial";

    /// <summary>The result of a finished unit, or null; what cannot be read as one is not there, and is made again.</summary>
    public UnitOutput? Find(string stage, string key)
    {
        var record = Path.Combine(Folder(stage, key), Record);
        try
        {
            return File.Exists(record) && JsonSerializer.Deserialize<UnitOutput>(File.ReadAllBytes(record), Layout) is { Hash.Length: > 0, Metrics: not null } output
                ? output
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Hashes, syncs and renames a unit's partial folder; an older result under the key is replaced.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="key">The unit's key.</param>
    /// <param name="metrics">Headline numbers.</param>
    /// <param name="origin">Who made it.</param>
    public UnitOutput Commit(string stage, string key, IReadOnlyDictionary<string, double> metrics, UnitOrigin? origin = null)
    {
        var partial = Partial(stage, key);
        File.Delete(Path.Combine(partial, UnitClock.FileName));
        var files = TreeHash.FilesOf(partial);
        var output = new UnitOutput(TreeHash.Of(files), metrics, origin, files.ToDictionary(f => f.Name, f => f.Hash, StringComparer.Ordinal));
        AtomicFile.WriteAllText(Path.Combine(partial, Record), JsonSerializer.Serialize(output, Layout));
        foreach (var file in Directory.EnumerateFiles(partial, "*", SearchOption.AllDirectories))
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }

        var home = Folder(stage, key);
        if (Directory.Exists(home))
        {
            Directory.Delete(home, recursive: true);
        }

        Directory.Move(partial, home);
        SyncFolder(Path.GetDirectoryName(home)!);
        return output;
    }

    // A rename reaches the disk when its folder does; .NET opens no folders, so libc does.
    private static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            var descriptor = Open(folder, 0);
            if (descriptor >= 0)
            {
                _ = Sync(descriptor);
                _ = Close(descriptor);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
