using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Osteon.Abstractions;

namespace Osteon.Plugins.ImageMask;

/// <summary>Finds the label files of each class of a case by patterns below a folder. The folder is listed once.</summary>
/// <param name="patterns">By class.</param>
internal sealed class ClassFiles(IReadOnlyDictionary<string, string> patterns)
{
    private const string Case = "{case}";
    private const int MaxDepth = 12;

    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = true };

    private readonly IReadOnlyList<(string Class, Regex Pattern)> _patterns = [.. patterns.OrderBy(p => p.Key, NaturalOrder.Instance).Select(p => (p.Key, PatternOf(p.Value)))];
    private readonly ConcurrentDictionary<string, Listing> _listings = [];

    /// <summary>Class and path, relative to the root, of the files of a case, in the classes' order and files' natural order.</summary>
    public IReadOnlyList<(string Class, string Path)> Of(string root, string folder, string name) =>
        _listings.GetOrAdd(Path.Combine(root, folder), _ => List(root, folder)).ByCase.GetValueOrDefault(name, []);

    /// <summary>Lists the folder again.</summary>
    /// <param name="root">The data set's root.</param>
    /// <param name="folder">Below it.</param>
    /// <returns>Cases that have files, and image files that no pattern fits.</returns>
    /// <exception cref="ConfigurationException">The folder does not exist.</exception>
    public Listing List(string root, string folder)
    {
        var full = Path.Combine(root, folder);
        if (!Directory.Exists(full))
        {
            throw new ConfigurationException($"{root}: holds no folder '{folder}'; class_files are looked for there. Name another by labels or test_labels.");
        }

        var listing = new Listing();
        var files = Directory.EnumerateFiles(full, "*", Below).Select(f => Path.GetRelativePath(full, f).Replace('\\', '/')).Where(f => ImageFiles.IsImage(f)).Order(NaturalOrder.Instance).ToList();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, pattern) in _patterns)
        {
            foreach (var file in files)
            {
                if (pattern.Match(Path.ChangeExtension(file, null)) is { Success: true } match)
                {
                    used.Add(file);
                    var of = match.Groups["case"].Value;
                    (listing.ByCase.TryGetValue(of, out var list) ? list : listing.ByCase[of] = []).Add((name, folder is "." ? file : $"{folder}/{file}"));
                }
            }
        }

        listing.Strays.AddRange(files.Where(f => !used.Contains(f)).Select(f => folder is "." ? f : $"{folder}/{f}"));
        _listings[full] = listing;
        return listing;
    }

    // A folder alone means files of the cases' names in it. A name that stands twice must be the same both times.
    private static Regex PatternOf(string pattern)
    {
        var path = (pattern.Contains(Case, StringComparison.Ordinal) || pattern.Contains('*', StringComparison.Ordinal) ? pattern : $"{pattern.TrimEnd('/')}/{Case}").TrimStart('.', '/');
        path = ImageFiles.IsImage(path) ? Path.ChangeExtension(path, null) : path;
        var (escaped, first) = (Regex.Escape(path).Replace("\\*", "[^/]*", StringComparison.Ordinal), true);
        var named = Regex.Replace(escaped, Regex.Escape(Regex.Escape(Case)), _ => (first, first = false).Item1 ? "(?<case>[^/]+?)" : "\\k<case>");
        return new Regex($"^{named}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    /// <summary>What a folder holds.</summary>
    internal sealed class Listing
    {
        public Dictionary<string, List<(string Class, string Path)>> ByCase { get; } = new(StringComparer.Ordinal);

        public List<string> Strays { get; } = [];
    }
}
