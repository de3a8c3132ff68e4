using Osteon.Abstractions;

namespace Osteon.Annotations;

/// <summary>
/// The files of some endings below a folder, and how another file's idea of a name finds one: by the path below the folder, else by the
/// base name, else by the base name without its ending, as tools rename .jpg to .png and keep paths of other machines.
/// </summary>
public sealed class FileTree
{
    private const int MaxDepth = 12;
    private static readonly string[] ImageEndings = [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"];

    private readonly string _folder;
    private readonly Dictionary<string, string?> _byName = new(StringComparer.Ordinal);     // null: several files
    private readonly Dictionary<string, string?> _byStem = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _byPlace = new(StringComparer.Ordinal);
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    /// <summary>Lists images; links that lead out of the root are findings and not followed, hidden files are no data.</summary>
    /// <param name="root">The data set's root.</param>
    /// <param name="folder">Below it.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <exception cref="ConfigurationException">There is no such folder.</exception>
    public static FileTree Images(string root, string folder, ICollection<Finding> findings) => new(root, folder, ImageEndings, "images", findings);

    /// <summary>Lists files of other kinds.</summary>
    /// <param name="root">The data set's root.</param>
    /// <param name="folder">Below it.</param>
    /// <param name="endings">In lower case, with the dot.</param>
    /// <param name="what">What they are, for a message, and the option that names the folder.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <exception cref="ConfigurationException">There is no such folder.</exception>
    public FileTree(string root, string folder, IReadOnlyList<string> endings, string what, ICollection<Finding> findings)
    {
        _folder = folder.Trim('/') is "" or "." ? string.Empty : folder.Trim('/') + "/";
        var top = _folder.Length == 0 ? Path.GetFullPath(root) : ConfinedPath.Of(root, _folder.TrimEnd('/'));
        if (!Directory.Exists(top))
        {
            throw new ConfigurationException($"{root}: has no folder '{folder}', where the {what} were expected; name the right one in the option {what}.");
        }

        Paths = [.. Below(root, new DirectoryInfo(top), _folder, endings, 0, findings).Order(NaturalOrder.Instance)];
        foreach (var path in Paths)
        {
            _paths.Add(path);
            Learn(_byName, NameOf(path), path);
            Learn(_byStem, StemOf(path), path);
            Learn(_byPlace, PlaceOf(path), path);
        }
    }

    /// <summary>Paths relative to the root, in natural order (2 before 10).</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The file that another one means.</summary>
    /// <param name="name">As the other has it; of a path with '..' or from a root only the base name counts.</param>
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

    /// <summary>The file that belongs to one of another tree: in the same place below the folder and of the same name but for its ending, else the only one of that name.</summary>
    /// <param name="place">What <see cref="PlaceOf"/> says of the other.</param>
    public string? Twin(string place) => _byPlace.GetValueOrDefault(place) ?? _byStem.GetValueOrDefault(NameOf(place));

    /// <summary>A path below the folder, without ending.</summary>
    public string PlaceOf(string path) => Path.ChangeExtension(path[_folder.Length..], null);

    /// <summary>The same with '-' for '/': how cases are called.</summary>
    public string IdOf(string path) => PlaceOf(path).Replace('/', '-');

    /// <summary>What follows the last '/'.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The same without ending.</summary>
    public static string StemOf(string path) => Path.GetFileNameWithoutExtension(NameOf(path));

    private static void Learn(Dictionary<string, string?> names, string name, string path) => names[name] = names.ContainsKey(name) ? null : path;

    // A folder that is a link is not entered: it may lead out of the root, or around.
    private static IEnumerable<string> Below(string root, DirectoryInfo folder, string prefix, IReadOnlyList<string> endings, int depth, ICollection<Finding> findings)
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
                foreach (var below in inner.LinkTarget is null && depth < MaxDepth ? Below(root, inner, path + "/", endings, depth + 1, findings) : [])
                {
                    yield return below;
                }
            }
            else if (endings.Contains(entry.Extension.ToLowerInvariant()))
            {
                yield return path;
            }
        }
    }
}
