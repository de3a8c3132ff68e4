using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Masks;

namespace Osteon.Plugins.Coco;

/// <summary>Instances files by their paths, each walked through once, and the labels that they hold for an image's path.</summary>
internal sealed class CocoReader(CategoryMap categories, PolygonRaster raster, bool crowds, bool swappedSize = false)
{
    private readonly ConcurrentDictionary<(string File, string Images), Lazy<CocoImages>> _open = [];

    /// <summary>A file and the images it names.</summary>
    public CocoImages Open(string root, string file, string images)
    {
        var path = ConfinedPath.Of(root, file);
        return _open.GetOrAdd((path, images), _ => new(() => new CocoImages(CocoFile.Open(path, file), root, file, images))).Value;
    }

    /// <summary>The classes of files: those that the options name, else the categories' names by their ids.</summary>
    public IReadOnlyList<string> Classes(IEnumerable<CocoFile> files) => !categories.TakesAll ? categories.Classes
        : [.. files.SelectMany(f => f.Categories).OrderBy(c => c.Key).Select(c => c.Value).Distinct()];

    /// <summary>Names of categories that the options have and no file has, a fault each.</summary>
    public IEnumerable<string> UnknownNames(IEnumerable<CocoFile> files)
    {
        var known = files.SelectMany(f => f.Categories.Values).Distinct().ToArray();
        return categories.Names.Where(n => !known.Contains(n)).Select(n => $"categories names '{n}', which the file does not have; it has {string.Join(", ", known.Take(40))}{(known.Length > 40 ? ", …" : string.Empty)}.");
    }

    /// <summary>An image's shapes, in the file's order.</summary>
    /// <exception cref="DataException">With all faults of its annotations.</exception>
    public IReadOnlyList<Annotation> Read(CocoFile file, CocoImage image, string name, Frame frame)
    {
        var (shapes, faults) = (new List<Annotation>(), new List<string>());
        foreach (var (index, json) in file.AnnotationsOf(image))
        {
            using (json)
            {
                var item = json.RootElement;
                var id = item.TryGetProperty("id", out var number) ? number.GetRawText() : "none";
                try
                {
                    shapes.AddRange(Shapes(file, item, image, frame, what => faults.Add(string.Create(CultureInfo.InvariantCulture, $"annotations[{index}] (id {Few.Quoted(id).Trim('\'')}) of {image.FileName}: {what}"))));
                }
                catch (InvalidOperationException e)                 // half a surrogate pair, or bytes that are no UTF-8, inside a text
                {
                    faults.Add($"annotations[{index}] of {image.FileName}: holds text that is not Unicode: {e.Message}");
                }
            }
        }

        Few.Throw(name, faults);
        return shapes;
    }

    private IEnumerable<Annotation> Shapes(CocoFile file, JsonElement item, CocoImage image, Frame frame, Action<string> fault)
    {
        if (!item.TryGetProperty("category_id", out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetDouble(out var id) || id != Math.Floor(id) || !file.Categories.TryGetValue((long)id, out var category))
        {
            fault($"'category_id' is {(number.ValueKind == JsonValueKind.Undefined ? "missing" : Few.Quoted(number.GetRawText()))}, which is no category's id");
            return [];
        }

        var crowd = item.TryGetProperty("iscrowd", out var flag) && flag.ValueKind switch
        {
            JsonValueKind.Number => flag.TryGetDouble(out var value) && value != 0,
            JsonValueKind.True => true,
            _ => false,
        };
        return categories.Of(category) is { } @class && (crowds || !crowd) ? CocoClaims.Judged(item, [.. CocoShapes.Read(item, @class, image.Frame ?? frame, frame, raster, fault, swappedSize)]) : [];
    }
}

/// <summary>A file, and where its images lie.</summary>
internal sealed class CocoImages
{
    private readonly Dictionary<string, CocoImage> _byPath = new(StringComparer.Ordinal);

    /// <summary>Looks every image up; what is wrong with them becomes findings.</summary>
    public CocoImages(CocoFile file, string root, string name, string images)
    {
        var (findings, missing) = (new List<Finding>(), new List<Finding>());
        var folder = FileTree.Images(root, images, findings);
        foreach (var image in file.Images)
        {
            if (folder.Find(image.FileName, out var several) is not { } path)
            {
                missing.Add(new Finding(Severity.Amber, "missing-image", image.FileName, several
                    ? $"{name} has an image of this name, and several files below {images} do; write its path below the folder into file_name."
                    : $"{name} has an image of this name, and no file below {images} does; it is left out."));
            }
            else if (_byPath.TryAdd(path, image))
            {
                Found.Add((path, image));
            }
            else
            {
                findings.Add(new Finding(Severity.Red, "duplicate-id", path, $"{name} lists it twice (ids {_byPath[path].Id} and {image.Id}); the second is left out."));
            }
        }

        findings.AddFew(missing, name);
        if (file.Strays.Count > 0)
        {
            findings.Add(new Finding(Severity.Amber, "stray-annotation", name, $"{file.Strays.Count} annotation(s) belong to no image of the file, one to image_id {file.Strays.Example}; they are left out."));
        }

        (File, Folder, Findings) = (file, folder, findings);
    }

    public CocoFile File { get; }

    public FileTree Folder { get; }

    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Images that lie there, in the file's order.</summary>
    public List<(string Path, CocoImage Image)> Found { get; } = [];

    /// <summary>What a case's label is called, as all of them are in one file: FILE#IMAGE.</summary>
    public static string? LabelPath(string? file, string image) => file is null ? null : $"{file}#{FileTree.NameOf(image)}";

    /// <summary>The entry of an image file; null where the JSON does not list it.</summary>
    public CocoImage? Of(string path) => _byPath.GetValueOrDefault(path);
}
