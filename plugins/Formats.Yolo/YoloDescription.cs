using System.Globalization;
using Osteon.Abstractions;
using Osteon.Annotations;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Osteon.Plugins.Yolo;

/// <summary>What data.yaml, or the folders where there is none, says: names by number, and where the images of each part lie.</summary>
/// <param name="Names">By number.</param>
/// <param name="Parts">train, val, test, and folders or lists of images, relative to the root.</param>
internal sealed record YoloDescription(IReadOnlyList<string> Names, IReadOnlyList<(string Part, string Place)> Parts)
{
    private const long MaxBytes = 4 << 20;
    private const int MaxNames = 10_000;
    private static readonly string[] PartNames = ["train", "val", "test"];

    // As Ultralytics, Roboflow and plain folders have them.
    private static readonly (string Part, string[] Places)[] Usual =
    [
        ("train", ["images/train", "train/images", "train"]),
        ("val", ["images/val", "valid/images", "val/images", "images/valid", "valid", "val"]),
        ("test", ["images/test", "test/images", "test"]),
    ];

    /// <summary>Reads the description of a root.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, tells no names, or none of the folders exists.</exception>
    public static YoloDescription Read(string root, YoloOptions options)
    {
        var file = options.Data.Length > 0 ? ConfinedPath.Of(root, options.Data) : null;
        var yaml = file is not null && File.Exists(file) ? Load(file, options.Data) : null;
        IReadOnlyList<string> names = options.Names.Count > 0 ? options.Names : yaml is not null ? NamesOf(yaml, options.Data) : [];
        if (names.Count == 0)
        {
            names = new[] { "classes.txt", "labels/classes.txt", $"{options.Labels}/classes.txt" }.Select(f => NameLists.Lines(root, f.TrimStart('/'), [])).FirstOrDefault(l => l.Count > 0) ?? [];
        }

        if (names.Count == 0)
        {
            throw new ConfigurationException($"{root}: neither {options.Data} nor classes.txt tells the names of the classes; write them into the option names, by number.");
        }

        var parts = yaml is null ? [] : PartsOf(yaml, root, options.Data);
        if (parts.Count == 0)
        {
            parts = [.. Usual.Select(u => (u.Part, u.Places.FirstOrDefault(p => Directory.Exists(Path.Combine(root, p))))).Where(p => p.Item2 is not null).Select(p => (p.Part, p.Item2!))];
        }

        // All images in one folder: nobody says who trains.
        return new YoloDescription(names, parts.Count > 0 ? parts : [(string.Empty, options.Images)]);
    }

    private static YamlMappingNode Load(string file, string name)
    {
        try
        {
            using var text = new StreamReader(file);
            if (text.BaseStream.Length > MaxBytes)
            {
                throw new DataException(name, $"has more than {MaxBytes:N0} bytes.");
            }

            var yaml = new YamlStream();
            yaml.Load(new BoundedParser(new YamlDotNet.Core.Parser(text)));
            return yaml.Documents is [{ RootNode: YamlMappingNode map }] ? map : throw new DataException(name, "is no mapping with names, train and val.");
        }
        catch (YamlException e)
        {
            throw new DataException($"{name}({e.Start.Line},{e.Start.Column})", $"is not YAML: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DataException(name, $"cannot be read: {e.Message}", e);
        }
    }

    private static string[] NamesOf(YamlMappingNode yaml, string file)
    {
        switch (yaml.Children.TryGetValue(new YamlScalarNode("names"), out var node) ? node : null)
        {
            case YamlSequenceNode list when list.Children.All(c => c is YamlScalarNode { Value: { Length: > 0 } }):
                return [.. list.Children.Select(c => ((YamlScalarNode)c).Value!)];
            case YamlMappingNode map:
                var names = new SortedDictionary<int, string>();
                foreach (var (key, value) in map.Children)
                {
                    if (key is not YamlScalarNode { Value: { } text } || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= MaxNames || value is not YamlScalarNode { Value: { Length: > 0 } } name)
                    {
                        throw new DataException($"{file}({key.Start.Line},{key.Start.Column})", "'names' maps numbers to names, as in {0: radius, 1: ulna}.");
                    }

                    names[number] = name.Value!;
                }

                // A number without a name is nothing that a label may have; it keeps its place.
                return names.Count == 0 ? [] : [.. Enumerable.Range(0, names.Keys.Last() + 1).Select(i => names.GetValueOrDefault(i, $"class {i}"))];
            case null:
                return [];
            case { } other:
                throw new DataException($"{file}({other.Start.Line},{other.Start.Column})", "'names' is neither a list of names nor a mapping of numbers to names.");
        }
    }

    private static List<(string Part, string Place)> PartsOf(YamlMappingNode yaml, string root, string file)
    {
        var parts = new List<(string, string)>();
        var below = yaml.Children.TryGetValue(new YamlScalarNode("path"), out var path) && path is YamlScalarNode { Value: { } prefix } ? prefix : string.Empty;
        foreach (var part in PartNames)
        {
            if (!yaml.Children.TryGetValue(new YamlScalarNode(part), out var node))
            {
                continue;
            }

            foreach (var entry in node is YamlSequenceNode list ? list.Children.AsEnumerable() : [node])
            {
                if (entry is YamlScalarNode { Value: { Length: > 0 } place })
                {
                    parts.Add((part, Find(root, below, place) ?? throw new DataException($"{file}({entry.Start.Line},{entry.Start.Column})",
                        $"'{part}' is {Few.Quoted(place)}, which is no folder and no list below {root}; paths of the machine that wrote it count only by their last parts.")));
                }
            }
        }

        return parts;
    }

    // Descriptions carry paths of the machine they were written on: what matters is how they end.
    private static string? Find(string root, string below, string place)
    {
        var whole = $"{below}/{place}".Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p is not ("." or "..")).ToArray();
        for (var skip = 0; skip < whole.Length; skip++)
        {
            var candidate = string.Join('/', whole[skip..]);
            if ((Directory.Exists(Path.Combine(root, candidate)) || File.Exists(Path.Combine(root, candidate))) && ConfinedPath.IsBelow(Path.Combine(root, candidate), root))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Refuses what grows without end: depth, and aliases, by which a few lines name billions of nodes.</summary>
    private sealed class BoundedParser(IParser inner) : IParser
    {
        private const int Deepest = 64;
        private int _depth;

        public YamlDotNet.Core.Events.ParsingEvent? Current => inner.Current;

        public bool MoveNext()
        {
            try
            {
                if (!inner.MoveNext())
                {
                    return false;
                }
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or FormatException)
            {
                var at = inner.Current?.End ?? default;              // the scanner's own words for text that it cannot place
                throw new YamlException(at, at, $"it breaks off here ({e.Message})", e);
            }

            _depth += inner.Current!.NestingIncrease;
            return inner.Current is YamlDotNet.Core.Events.AnchorAlias ? throw new YamlException(inner.Current.Start, inner.Current.End, "aliases are not read here")
                : _depth > Deepest ? throw new YamlException(inner.Current.Start, inner.Current.End, "it is nested too deep")
                : true;
        }
    }
}
