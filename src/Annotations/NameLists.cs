using Osteon.Abstractions;

namespace Osteon.Annotations;

/// <summary>An official split as lists of names: train.txt, val.txt, test.txt in a folder, a name a line.</summary>
public static class NameLists
{
    private const long MaxBytes = 64 << 20;

    /// <summary>train, val or test by a name without folders and ending; empty where there are no lists.</summary>
    /// <param name="root">The data set's root.</param>
    /// <param name="folder">Below it.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static IReadOnlyDictionary<string, string> Read(string root, string folder, ICollection<Finding> findings)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, part) in folder.Length == 0 ? [] : new[] { ("train.txt", "train"), ("val.txt", "val"), ("test.txt", "test") })
        {
            var path = $"{folder.TrimEnd('/')}/{file}";
            foreach (var line in Lines(root, path, findings))
            {
                // Lists of one class have a second column, 1 or -1.
                var name = FileTree.StemOf(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[0]);
                if (!parts.TryAdd(name, part) && parts[name] != part)
                {
                    findings.Add(new Finding(Severity.Red, "split-twice", path, $"{Few.Quoted(name)} is in {parts[name]}.txt too; it stays there."));
                }
            }
        }

        return parts;
    }

    /// <summary>The lines of a text, trimmed, without empty ones; none where there is no such file.</summary>
    public static IReadOnlyList<string> Lines(string root, string path, ICollection<Finding> findings)
    {
        try
        {
            var file = ConfinedPath.Of(root, path);
            return !File.Exists(file) ? []
                : new FileInfo(file).Length <= MaxBytes ? [.. File.ReadLines(file).Select(l => l.Trim().Trim('\uFEFF')).Where(l => l.Length > 0)]
                : throw new DataException(path, $"has more than {MaxBytes:N0} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataException)
        {
            findings.Add(new Finding(Severity.Red, "unreadable-split", path, $"The list cannot be read: {(e as DataException)?.What ?? e.Message}"));
            return [];
        }
    }
}
