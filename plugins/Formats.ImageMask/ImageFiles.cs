using Osteon.Abstractions;

namespace Osteon.Plugins.ImageMask;

/// <summary>Lists the image files of a folder. Nothing outside the data set's root is ever read.</summary>
internal static class ImageFiles
{
    private static readonly HashSet<string> Extensions = new([".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"], StringComparer.OrdinalIgnoreCase);

    /// <summary>True by the file's extension.</summary>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>True for the one kind that has pages.</summary>
    public static bool IsTiff(string path) => Path.GetExtension(path) is var e && (e.Equals(".tif", StringComparison.OrdinalIgnoreCase) || e.Equals(".tiff", StringComparison.OrdinalIgnoreCase));

    /// <summary>Paths relative to the root, by case name: the file's name without suffix and extension.</summary>
    /// <param name="root">The data set's root.</param>
    /// <param name="folder">Below the root.</param>
    /// <param name="suffix">What names end with; others are told and left out.</param>
    /// <param name="other">The suffix of the other kind when it lies in the same folder: those are passed over.</param>
    /// <param name="findings">Stray files and second files of a case are added.</param>
    /// <exception cref="ConfigurationException">The folder does not exist.</exception>
    public static Dictionary<string, string> List(string root, string folder, string suffix, string? other, List<Finding> findings)
    {
        var full = Path.Combine(root, folder);
        if (!Directory.Exists(full))
        {
            throw new ConfigurationException($"{root}: holds no folder '{folder}'; the image-mask format looks there. Name another by images, labels, test_images or test_labels.");
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(full).Select(p => Path.GetFileName(p)!).Where(f => f[0] != '.').Order(StringComparer.Ordinal))
        {
            var relative = folder is "." ? file : $"{folder}/{file}";
            var stem = Path.GetFileNameWithoutExtension(file);
            if (!IsImage(file))
            {
                findings.Add(new Finding(Severity.Info, "stray-file", relative, $"Not an image ({string.Join(" ", Extensions)}); it is left out."));
            }
            else if (IsOther(stem, suffix, other))
            {
                continue;
            }
            else if (!stem.EndsWith(suffix, StringComparison.Ordinal) || stem.Length == suffix.Length)
            {
                findings.Add(new Finding(Severity.Amber, "stray-file", relative, $"Names here end with '{suffix}'; this file is left out."));
            }
            else if (!found.TryAdd(stem[..^suffix.Length], relative))
            {
                findings.Add(new Finding(Severity.Red, "duplicate-id", relative, $"{found[stem[..^suffix.Length]]} has the same name; this file is left out. Keep one."));
            }
        }

        return found;
    }

    /// <summary>A file that options name instead of a folder, or null where they name a folder.</summary>
    public static string? FileAt(string root, string path) => path.Length > 0 && IsImage(path) && File.Exists(Path.Combine(root, path)) ? path : null;

    // Of two suffixes that both fit ("" and "_mask"), the longer one says what a file is.
    private static bool IsOther(string stem, string suffix, string? other) =>
        other is not null && stem.EndsWith(other, StringComparison.Ordinal) && (other.Length > suffix.Length || !stem.EndsWith(suffix, StringComparison.Ordinal));
}
