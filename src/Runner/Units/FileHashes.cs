using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>SHA-256 of files, remembered by size and time of change, so that an unchanged data set is never read again.</summary>
public sealed class FileHashes
{
    private readonly string _memory;
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private int _changes;

    /// <summary>Reads what earlier runs remembered; a memory that cannot be read is forgotten, not an error.</summary>
    public FileHashes(string memory)
    {
        _memory = memory;
        if (!File.Exists(memory))
        {
            return;
        }

        foreach (var line in File.ReadLines(memory))
        {
            var parts = line.Split('\t', 4);
            if (parts.Length == 4 && parts[0].Length == 64
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var changed))
            {
                _known[parts[3]] = new Known(parts[0], size, changed);
            }
        }
    }

    /// <summary>
    /// A hash over names and contents of all files below a folder; hidden files and folders do not count, and a link counts as
    /// what it points to by name: followed, two that point upwards would never end.
    /// </summary>
    /// <exception cref="ConfigurationException">The folder does not exist, or a file in it cannot be read.</exception>
    public string OfFolder(string folder, CancellationToken cancellation) => TreeHash.Of(FilesOf(folder, cancellation));

    /// <summary>What <see cref="OfFolder"/> is made of: names relative to the folder, '/' between parts, in ordinal order, each with its hash.</summary>
    /// <exception cref="ConfigurationException">The folder does not exist, or a file in it cannot be read.</exception>
    public IReadOnlyList<(string Name, string Hash)> FilesOf(string folder, CancellationToken cancellation)
    {
        var root = new DirectoryInfo(folder);
        if (!root.Exists)
        {
            throw new ConfigurationException($"{folder}: there is no such folder. Set data.source.root to the folder that holds the data set.");
        }

        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden };
        var found = new FileSystemEnumerable<FileInfo>(root.FullName, (ref FileSystemEntry entry) => new FileInfo(entry.ToFullPath()), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory || IsLink(ref entry),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
        };
        var files = found
            .Select(file => (Name: Path.GetRelativePath(root.FullName, file.FullName).Replace('\\', '/'), File: file))
            .OrderBy(f => f.Name, StringComparer.Ordinal)
            .ToArray();
        var hashes = new string[files.Length];
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellation }, i => hashes[i] = Of(files[i].File));
        Save();
        return [.. files.Zip(hashes, (f, hash) => (f.Name, hash))];
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    /// <summary>A hash over one file's content.</summary>
    /// <exception cref="ConfigurationException">The file does not exist.</exception>
    public string OfFile(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new ConfigurationException($"{path}: there is no such file.");
        }

        var hash = OfContent(file);
        Save();
        return hash;
    }

    private string Of(FileInfo file)
    {
        if (file.LinkTarget is { } target)
        {
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"link to {target}")));
        }

        try
        {
            return OfContent(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(file.FullName, $"cannot be read: {e.Message}", e);
        }
    }

    private string OfContent(FileInfo file)
    {
        var changed = file.LastWriteTimeUtc.Ticks;
        if (_known.TryGetValue(file.FullName, out var known) && known.Size == file.Length && known.Changed == changed)
        {
            return known.Hash;
        }

        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        _known[file.FullName] = new Known(hash, file.Length, changed);
        Interlocked.Increment(ref _changes);
        return hash;
    }

    private void Save()
    {
        if (Interlocked.Exchange(ref _changes, 0) == 0)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (var (path, known) in _known.Where(k => !k.Key.Contains('\n', StringComparison.Ordinal)))     // a name must not forge a line
        {
            text.Append(CultureInfo.InvariantCulture, $"{known.Hash}\t{known.Size}\t{known.Changed}\t{path}\n");
        }

        AtomicFile.WriteAllText(_memory, text.ToString());
    }

    private sealed record Known(string Hash, long Size, long Changed);
}
