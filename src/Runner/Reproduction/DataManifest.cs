using System.Text;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>
/// experiments/NAME.data.sha256: every file of the data set with its hash, in the layout of <c>sha256sum</c>, beside the lock and committed
/// with it. The lock's one digest says that data differ; this file says which.
/// </summary>
public static class DataManifest
{
    /// <summary>Where an experiment's lies.</summary>
    /// <param name="lockPath">The experiment's lock.</param>
    public static string PathBeside(string lockPath) => lockPath[..^".lock.json".Length] + ".data.sha256";

    /// <summary>Writes it, unless it holds the same already.</summary>
    public static void Write(string path, IEnumerable<(string Name, string Hash)> files)
    {
        var text = new StringBuilder();
        foreach (var (name, hash) in files.Where(f => !f.Name.Contains('\n', StringComparison.Ordinal)))
        {
            text.Append(hash).Append("  ").Append(name).Append('\n');
        }

        if (!File.Exists(path) || File.ReadAllText(path) != text.ToString())
        {
            AtomicFile.WriteAllText(path, text.ToString());
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; lines that are none are left out.</summary>
    public static IReadOnlyList<(string Name, string Hash)> Parse(string text) =>
        [.. text.Split('\n').Where(line => line.Length > 66 && line[64..66] == "  " && line[..64].All(char.IsAsciiHexDigitLower)).Select(line => (line[66..], line[..64]))];

    /// <summary>Files that were changed, are missing or were added, a line each, at most <paramref name="most"/>.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<(string Name, string Hash)> then, IReadOnlyList<(string Name, string Hash)> now, int most = 20)
    {
        var before = then.ToDictionary(f => f.Name, f => f.Hash, StringComparer.Ordinal);
        var after = now.ToDictionary(f => f.Name, f => f.Hash, StringComparer.Ordinal);
        List<string> lines = [];
        foreach (var name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            var (was, isNow) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
            if (was != isNow)
            {
                lines.Add(isNow is null ? $"{name} is missing" : was is null ? $"{name} was added" : $"{name} was changed: {was[..8]} → {isNow[..8]}");
            }
        }

        return lines.Count <= most ? lines : [.. lines[..most], $"and {lines.Count - most} more"];
    }
}
