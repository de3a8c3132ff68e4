using Osteon.Abstractions;
using Osteon.Annotations;

namespace Osteon.Plugins.Coco;

/// <summary>What FracAtlas tells of an image: the columns of dataset.csv, and the part that the official split puts it in.</summary>
internal sealed class FracAtlasFiles
{
    private const int MaxDepth = 4;

    private readonly string _root;
    private readonly FracAtlasOptions _options;

    public FracAtlasFiles(string root, FracAtlasOptions options)
    {
        (_root, _options) = (root, options);
        Annotations = options.Annotations.Length > 0 ? options.Annotations : Find("COCO_fracture_masks.json")
            ?? throw new ConfigurationException($"{root}: holds no FracAtlas; COCO_fracture_masks.json is nowhere in it. Published is it in 'Annotations/COCO JSON'; the option annotations names another place.");
    }

    /// <summary>The outlines, relative to the root.</summary>
    public string Annotations { get; }

    /// <summary>Facts by image name.</summary>
    public Dictionary<string, Dictionary<string, string>> Facts(List<Finding> findings)
    {
        var facts = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        if ((_options.Table.Length > 0 ? _options.Table : Find("dataset.csv")) is not { } path)
        {
            findings.Add(new Finding(Severity.Amber, "unreadable-metadata", "dataset.csv", "There is no dataset.csv; which bones an image shows, and whether one is broken, is unknown."));
            return facts;
        }

        foreach (var (name, row) in Rows(path, findings))
        {
            if (!facts.TryAdd(name, row))
            {
                findings.Add(new Finding(Severity.Amber, "duplicate-metadata", path, $"Image {Few.Quoted(name)} has two rows; the first stands."));
            }
        }

        return facts;
    }

    /// <summary>train, validation or test by image name.</summary>
    public Dictionary<string, string> Parts(List<Finding> findings)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        var folder = _options.Splits.Length > 0 ? _options.Splits.TrimEnd('/') : Find("valid.csv") is { } valid ? Path.GetDirectoryName(valid)! : null;
        if (folder is null)
        {
            return parts;
        }

        foreach (var (file, part) in new[] { ("train.csv", "train"), ("valid.csv", "validation"), ("test.csv", "test") })
        {
            var path = folder.Length == 0 ? file : $"{folder}/{file}";
            foreach (var (name, _) in Rows(path, findings))
            {
                if (!parts.TryAdd(name, part) && parts[name] != part)
                {
                    findings.Add(new Finding(Severity.Red, "split-twice", path, $"Image {Few.Quoted(name)} is in {parts[name]} too; it stays there."));
                }
            }
        }

        return parts;
    }

    private IEnumerable<(string Image, Dictionary<string, string> Row)> Rows(string path, List<Finding> findings)
    {
        IReadOnlyList<string[]> rows;
        try
        {
            rows = Csv.Read(ConfinedPath.Of(_root, path), path);
        }
        catch (DataException e)
        {
            findings.Add(new Finding(Severity.Amber, "unreadable-metadata", path, $"{e.What} What it tells is unknown."));
            yield break;
        }

        var header = rows.Count > 0 ? rows[0].Select(h => h.Trim().Trim('\uFEFF')).ToArray() : [];
        var image = Array.IndexOf(header, "image_id");
        if (image < 0)
        {
            findings.Add(new Finding(Severity.Amber, "unreadable-metadata", path, $"The first row has no column image_id (it has {Few.Quoted(string.Join(", ", header))}). What the file tells is unknown."));
            yield break;
        }

        foreach (var row in rows.Skip(1).Where(r => r.Length > image && r[image].Length > 0))
        {
            var facts = new Dictionary<string, string>();
            for (var c = 0; c < Math.Min(row.Length, header.Length); c++)
            {
                if (c != image && header[c].Length > 0 && row[c].Length > 0)
                {
                    facts[header[c]] = row[c].Trim();
                }
            }

            yield return (row[image].Trim(), facts);
        }
    }

    /// <summary>The first file of a name, breadth first; relative to the root.</summary>
    private string? Find(string name)
    {
        var folders = new Queue<(DirectoryInfo Folder, string Prefix, int Depth)>([(new DirectoryInfo(Path.GetFullPath(_root)), string.Empty, 0)]);
        while (folders.TryDequeue(out var at))
        {
            if (!at.Folder.Exists)
            {
                throw new ConfigurationException($"{_root}: there is no such folder.");
            }

            if (File.Exists(Path.Combine(at.Folder.FullName, name)))
            {
                return at.Prefix + name;
            }

            foreach (var inner in at.Folder.EnumerateDirectories().Where(d => at.Depth < MaxDepth && d.LinkTarget is null && d.Name[0] != '.').OrderBy(d => d.Name, StringComparer.Ordinal))
            {
                folders.Enqueue((inner, $"{at.Prefix}{inner.Name}/", at.Depth + 1));
            }
        }

        return null;
    }
}
