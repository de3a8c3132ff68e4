using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>A tag checked out beside the working tree, in <c>.osteon/reproduce/TAG</c>: a git worktree that shares data and, if wanted, the cache.</summary>
public sealed class TaggedTree : IDisposable
{
    private readonly string _root;
    private readonly FileLock _lock;

    private TaggedTree(string root, string folder, string commit, FileLock held) => (_root, Folder, Commit, _lock) = (root, folder, commit, held);

    /// <summary>The worktree's root.</summary>
    public string Folder { get; }

    /// <summary>The tagged commit.</summary>
    public string Commit { get; }

    /// <summary>Checks a tag out; one that is there is brought back to the tag's state. What it has compiled stays.</summary>
    /// <param name="root">The repository's root; its working tree and index are left alone.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellation">Ends the wait for another process that reproduces the same tag.</param>
    public static TaggedTree CheckOut(string root, string tag, CancellationToken cancellation)
    {
        var slug = tag.Replace('/', '+');
        var folder = Path.Combine(root, ".osteon", "reproduce", slug);
        var held = FileLock.Take(Path.Combine(root, ".osteon", "locks", $"reproduce.{slug}.lock"), cancellation: cancellation);
        try
        {
            var git = new Git(root);
            var commit = git.Ask("rev-list", "-n", "1", $"refs/tags/{tag}");
            if (Directory.Exists(folder) && new Git(folder).TryAsk("rev-parse", "--show-toplevel") is { } top && Path.GetFullPath(top) == Path.GetFullPath(folder))
            {
                new Git(folder).Ask("checkout", "--quiet", "--force", "--detach", commit);
                new Git(folder).Ask("clean", "-fdq");
            }
            else
            {
                git.Ask("worktree", "prune");
                git.Ask("worktree", "add", "--quiet", "--force", "--detach", folder, commit);
            }

            return new TaggedTree(root, folder, commit, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Gives the tree the main tree's cache, or an empty one of its own.</summary>
    public void UseCache(bool shared)
    {
        var cache = new DirectoryInfo(Path.Combine(Folder, ".osteon", "cache"));
        if (cache.LinkTarget is not null)
        {
            cache.Delete();                                         // the link alone
        }
        else if (cache.Exists)
        {
            cache.Delete(recursive: true);
        }

        if (shared)
        {
            var ours = OutputFolder.Create(Path.Combine(_root, ".osteon", "cache"));
            OutputFolder.Create(cache.Parent!.FullName);
            Directory.CreateSymbolicLink(cache.FullName, ours);
        }
    }

    /// <summary>Links data and weights that the plan names and git does not hold, and plugins dropped in by hand, to those of the main tree.</summary>
    public void LinkWhatGitLacks(JsonObject plan)
    {
        foreach (var (_, value) in Flatten.Of(plan))
        {
            if (value.Length is > 0 and < 1000 && !Path.IsPathRooted(value) && !value.Any(char.IsControl))
            {
                Link(value);
            }
        }

        Link(Path.Combine(".osteon", "weights"));
        var dropped = Path.Combine(_root, "plugins");
        foreach (var file in Directory.Exists(dropped) ? Directory.EnumerateFiles(dropped, "*.dll") : [])
        {
            Link(Path.Combine("plugins", Path.GetFileName(file)));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private void Link(string path)
    {
        var (from, to) = (Path.GetFullPath(path, _root), Path.GetFullPath(path, Folder));
        if (!from.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || File.Exists(to) || Directory.Exists(to))
        {
            return;
        }

        if (Directory.Exists(from))
        {
            OutputFolder.Create(Path.GetDirectoryName(to)!);
            Directory.CreateSymbolicLink(to, from);
        }
        else if (File.Exists(from))
        {
            OutputFolder.Create(Path.GetDirectoryName(to)!);
            File.CreateSymbolicLink(to, from);
        }
    }
}
