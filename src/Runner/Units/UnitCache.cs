using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>What a finished unit left: the hash over its files and its headline numbers.</summary>
public sealed record UnitOutput(string Hash, IReadOnlyDictionary<string, double> Metrics);

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
    public UnitOutput Commit(string stage, string key, IReadOnlyDictionary<string, double> metrics)
    {
        var partial = Partial(stage, key);
        var output = new UnitOutput(TreeHash.OfFolder(partial), metrics);
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
