using System.Text;
using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>Something that can go.</summary>
/// <param name="Path">The folder.</param>
/// <param name="What">Why it can.</param>
/// <param name="Bytes">What its files take.</param>
public sealed record Removable(string Path, string What, long Bytes);

/// <summary>
/// Finds what of <c>.osteon</c> nobody needs: results that no lock in the working tree or at any tag names, interrupted units that were left
/// for a week, and trees of reproductions. What a process holds by its file lock is never touched.
/// </summary>
/// <param name="root">The repository's root.</param>
/// <param name="clock">Now.</param>
public sealed class CacheSweep(string root, TimeProvider clock)
{
    // An interrupted training of hours is worth a week's disk.
    private static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    // What was made just now may be about to be read by the command that made it.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private string State(params ReadOnlySpan<string> parts) => Path.Combine([root, ".osteon", .. parts]);

    /// <summary>Keys that locks name, in the working tree and at tags.</summary>
    /// <exception cref="DataException">A lock cannot be read: what it needs is not known, so nothing may go.</exception>
    public IReadOnlySet<string> Needed()
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var experiments = Path.Combine(root, "experiments");
        foreach (var file in Directory.Exists(experiments) ? Directory.EnumerateFiles(experiments, "*.lock.json", SearchOption.AllDirectories) : [])
        {
            needed.UnionWith(Keys(File.ReadAllBytes(file), file));
        }

        var git = new Git(root);
        foreach (var tag in git.Tags())
        {
            foreach (var file in (git.TryAsk("ls-tree", "-r", "--name-only", "-z", $"refs/tags/{tag}") ?? string.Empty).Split('\0').Where(f => f.EndsWith(".lock.json", StringComparison.Ordinal)))
            {
                needed.UnionWith(Keys(Encoding.UTF8.GetBytes(git.FileAt($"refs/tags/{tag}", file) ?? "{}"), $"{tag}:{file}"));
            }
        }

        return needed;
    }

    /// <summary>What can go, the largest first.</summary>
    public IReadOnlyList<Removable> Find()
    {
        var needed = Needed();
        var found = new List<Removable>();
        foreach (var folder in Units())
        {
            var key = Path.GetFileNameWithoutExtension(folder);
            var partial = folder.EndsWith(".partial", StringComparison.Ordinal);
            if (!needed.Contains(key) && clock.GetUtcNow() - LastChange(folder) > (partial ? Patience : Fresh) && !IsHeld($"{key}.lock"))
            {
                found.Add(new Removable(folder, partial ? "interrupted, and left for a week" : "no lock and no tag names it", Size(folder)));
            }
        }

        foreach (var tree in Folders(State("reproduce")).Where(tree => !IsHeld($"reproduce.{Path.GetFileName(tree)}.lock")))
        {
            found.Add(new Removable(tree, "the tree of a reproduction; the next one makes it again", Size(tree)));
        }

        return [.. found.OrderByDescending(f => f.Bytes).ThenBy(f => f.Path, StringComparer.Ordinal)];
    }

    /// <summary>Removes them; one that came into use meanwhile stays.</summary>
    /// <returns>Bytes that were freed.</returns>
    public long Remove(IEnumerable<Removable> removables)
    {
        var freed = 0L;
        var git = new Git(root);
        var needed = Needed();                                      // once more: a process may have recorded one since
        foreach (var removable in removables.Where(r => !needed.Contains(Path.GetFileNameWithoutExtension(r.Path))))
        {
            var isTree = Path.GetDirectoryName(removable.Path) == State("reproduce");
            var name = isTree ? $"reproduce.{Path.GetFileName(removable.Path)}.lock" : $"{Path.GetFileNameWithoutExtension(removable.Path)}.lock";
            if (TryHold(name) is not { } held)
            {
                continue;
            }

            using (held)
            {
                if (isTree)
                {
                    // A link to the cache, data or plugins must not be followed.
                    git.TryAsk("worktree", "remove", "--force", removable.Path);
                }

                if (Directory.Exists(removable.Path))
                {
                    Directory.Delete(removable.Path, recursive: true);
                }

                freed += removable.Bytes;
            }
        }

        git.TryAsk("worktree", "prune");
        return freed;
    }

    private static IEnumerable<string> Keys(ReadOnlySpan<byte> text, string place)
    {
        try
        {
            return ExperimentLock.Parse(text).Values.Select(e => e.Key);
        }
        catch (JsonException e)
        {
            throw new DataException(place, $"is not a lock file ({e.Message}), so what it needs is not known. Mend or remove it; nothing was removed from the cache.", e);
        }
    }

    private IEnumerable<string> Units() => Folders(State("cache")).SelectMany(Folders).SelectMany(Folders);

    private static IEnumerable<string> Folders(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    private bool IsHeld(string name)
    {
        using var held = TryHold(name);
        return held is null;
    }

    // Without creating one for each key that was ever made.
    private Stream? TryHold(string name)
    {
        var path = State("locks", name);
        try
        {
            return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None) : Stream.Null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static DateTimeOffset LastChange(string folder) =>
        Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder).Max(File.GetLastWriteTimeUtc);

    private static long Size(string folder)
    {
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        return new DirectoryInfo(folder).EnumerateFiles("*", all).Sum(f => f.Length);
    }
}
