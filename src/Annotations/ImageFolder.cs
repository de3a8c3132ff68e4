using Osteon.Abstractions;

namespace Osteon.Annotations;

/// <summary>
/// The image files below a folder, and how a label file's idea of a name finds one: by the path below the folder, else by the base
/// name, else by the base name without its ending, as tools rename .jpg to .png and keep paths of other machines.
/// </summary>
public sealed class ImageFolder
{
    private const int MaxDepth = 12;
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"];

    private readonly string _folder;
    private readonly Dictionary<string, string?> _byName = new(StringComparer.Ordinal);     // null: several files
    private readonly Dictionary<string, string?> _byStem = new(StringComparer.Ordinal);
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    /// <summary>Lists the folder; links that lead out of the root are findings and not followed, hidden files are no data.</summary>
    /// <param name="root">The data set's root.</param>
    /// <param name="folder">Below it.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <exception cref="ConfigurationException">There is no such folder.</exception>
    public ImageFolder(string root, string folder, ICollection<Finding> findings)
    {
        _folder = folder.Trim('/') is "" or "." ? string.Empty : folder.Trim('/') + "/";
        var top = _folder.Length == 0 ? Path.GetFullPath(root) : ConfinedPath.Of(root, _folder.TrimEnd('/'));
        if (!Directory.Exists(top))
        {
            throw new ConfigurationException($"{root}: has no folder '{folder}', where the images were expected; name the right one in the option images.");
        }

        Paths = [.. Below(root, new DirectoryInfo(top), _folder, 0, findings).Order(NaturalOrder.Instance)];
        foreach (var path in Paths)
        {
            _paths.Add(path);
            Learn(_byName, NameOf(path), path);
            Learn(_byStem, StemOf(path), path);
        }
    }

    /// <summary>Paths relative to the root, in natural order (2 before 10).</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The image that a label file means.</summary>
    /// <param name="name">As the label file has it; of a path with '..' or from a root only the base name counts.</param>
    /// <param name="several">True when more than one file has the name.</param>
    /// <returns>Relative to the root; null when there is none, or several.</returns>
    public string? Find(string name, out bool several)
    {
        several = false;
        var path = name.Replace('\\', '/');
        while (path.StartsWith("./", StringComparison.Ordinal))
        {
            path = path[2..];
        }

        if (_paths.TryGetValue(_folder + path, out var exact))
        {
            return exact;
        }

        if (_byName.TryGetValue(NameOf(path), out var found) || _byStem.TryGetValue(StemOf(path), out found))
        {
            several = found is null;
            return found;
        }

        return null;
    }

    /// <summary>A path below the folder, without ending and with '-' for '/': how cases are called.</summary>
    public string IdOf(string path) => Path.ChangeExtension(path[_folder.Length..], null).Replace('/', '-');

    /// <summary>What follows the last '/'.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The same without ending.</summary>
    public static string StemOf(string path) => Path.GetFileNameWithoutExtension(NameOf(path));

    private static void Learn(Dictionary<string, string?> names, string name, string path) => names[name] = names.ContainsKey(name) ? null : path;

    // A folder that is a link is not entered: it may lead out of the root, or around.
    private static IEnumerable<string> Below(string root, DirectoryInfo folder, string prefix, int depth, ICollection<Finding> findings)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().Where(e => e.Name[0] != '.'))
        {
            var path = prefix + entry.Name;
            if (entry.LinkTarget is not null && !ConfinedPath.IsBelow(entry.FullName, root))
            {
                findings.Add(new Finding(Severity.Red, "outside-root", path, "The link leads out of the data set's root (or nowhere) and is not followed; put the file itself here."));
            }
            else if (entry is DirectoryInfo inner)
            {
                foreach (var below in inner.LinkTarget is null && depth < MaxDepth ? Below(root, inner, path + "/", depth + 1, findings) : [])
                {
                    yield return below;
                }
            }
            else if (Endings.Contains(entry.Extension.ToLowerInvariant()))
            {
                yield return path;
            }
        }
    }
}
