using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>What a unit was made from and what came out.</summary>
/// <param name="Key">SHA-256 of the facts.</param>
/// <param name="Facts">What the key is made of.</param>
/// <param name="Output">SHA-256 over the unit's files.</param>
/// <param name="Metrics">Headline numbers, e.g. dice.</param>
public sealed record LockEntry(string Key, JsonObject Facts, string Output, IReadOnlyDictionary<string, double> Metrics);

/// <summary>experiments/NAME.lock.json: committed and sorted, so that a tag pins configuration and results.</summary>
/// <remarks>Several processes may record units of one experiment: each change reads, merges and writes under a file lock.</remarks>
public sealed class ExperimentLock
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly string _guard;
    private readonly string? _point;
    private readonly Lock _sync = new();
    private SortedDictionary<string, LockEntry> _entries;

    /// <summary>Opens the lock, or an empty one when the file does not exist.</summary>
    /// <param name="path">experiments/NAME.lock.json.</param>
    /// <param name="guard">A file that processes lock while they write; outside the committed tree.</param>
    /// <param name="point">The point of a sweep whose units are meant: what it shares with the experiment itself is not written twice. Null: the experiment itself.</param>
    /// <exception cref="DataException">The file is not a lock.</exception>
    public ExperimentLock(string path, string guard, string? point = null)
    {
        Path = path;
        _guard = guard;
        _point = point;
        _entries = Read();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>All entries, sorted.</summary>
    public IReadOnlyDictionary<string, LockEntry> Entries
    {
        get
        {
            lock (_sync)
            {
                return new SortedDictionary<string, LockEntry>(_entries, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>The entry of a unit, or null.</summary>
    public LockEntry? this[string id]
    {
        get
        {
            lock (_sync)
            {
                return (_point is null ? null : _entries.GetValueOrDefault(NameAt(_point, id))) ?? _entries.GetValueOrDefault(id);
            }
        }
    }

    /// <summary>Records a unit's result at once.</summary>
    public void Set(string id, LockEntry entry)
    {
        lock (_sync)
        {
            using var guard = FileLock.Take(_guard);
            _entries = Read();
            if (_point is not null && _entries.GetValueOrDefault(id) is { } shared && shared.Key == entry.Key && shared.Output == entry.Output)
            {
                return;
            }

            _entries[_point is null ? id : NameAt(_point, id)] = entry;
            AtomicFile.WriteAllText(Path, JsonSerializer.Serialize(_entries, Layout) + "\n");
        }
    }

    /// <summary>How a unit of a sweep's point is called: <c>Train[lr=0.01,model=unet,fold=0]</c>.</summary>
    public static string NameAt(string point, string id) =>
        id.IndexOf('[', StringComparison.Ordinal) is var open and >= 0 ? $"{id[..open]}[{point},{id[(open + 1)..]}" : $"{id}[{point}]";

    private SortedDictionary<string, LockEntry> Read()
    {
        if (!File.Exists(Path))
        {
            return new(StringComparer.Ordinal);
        }

        try
        {
            return Parse(File.ReadAllBytes(Path));
        }
        catch (JsonException e)
        {
            throw new DataException(Path, $"is not a lock file ({e.Message}). Restore it from git, or delete it: units are then found in the cache by key.", e);
        }
    }

    /// <summary>Reads a lock's text.</summary>
    /// <exception cref="JsonException">It is not a lock.</exception>
    public static SortedDictionary<string, LockEntry> Parse(ReadOnlySpan<byte> text)
    {
        var entries = JsonSerializer.Deserialize<Dictionary<string, LockEntry>>(text, Layout) ?? [];
        return entries.FirstOrDefault(e => !IsWhole(e.Value)) is { Key: { } torn }
            ? throw new JsonException($"the entry of {torn} lacks key, facts, output or metrics")
            : new(entries, StringComparer.Ordinal);
    }

    // A key becomes a folder's name.
    private static bool IsWhole(LockEntry? entry) =>
        entry is { Key.Length: >= 2, Facts: not null, Output: not null, Metrics: not null } && entry.Key.All(char.IsAsciiLetterOrDigit);
}
