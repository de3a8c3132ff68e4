using System.Globalization;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Masks;

namespace Osteon.Plugins.Coco;

/// <summary>An entry of a file's images.</summary>
/// <param name="Id">The file's own number.</param>
/// <param name="FileName">As it is written.</param>
/// <param name="Frame">What the file says of its size; null when it says nothing.</param>
internal sealed record CocoImage(long Id, string FileName, Frame? Frame);

/// <summary>
/// What a COCO instances file holds and where: images, categories, and for each image the places of its annotations in the file. The
/// file is walked through once; an annotation is parsed when its image is asked for, so that a file may be larger than memory.
/// </summary>
internal sealed class CocoFile
{
    private const long MaxBytes = 8L << 30;
    private const int MaxAnnotations = 64 << 20, MaxAnnotationBytes = 64 << 20;

    private readonly Dictionary<long, int> _imageOf = [];
    private readonly Dictionary<long, string> _categories = [];
    private readonly List<CocoImage> _images = [];
    private readonly List<string> _faults = [];
    private readonly string _file;
    private readonly string _name;
    private (long Image, long Start, int Length, int Index)[] _annotations = [];
    private int[] _first = [];

    private CocoFile(string file, string name) => (_file, _name) = (file, name);

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<CocoImage> Images => _images;

    /// <summary>Names by id, in the file's order.</summary>
    public IReadOnlyDictionary<long, string> Categories => _categories;

    /// <summary>Annotations whose image_id is no image's, and such an id.</summary>
    public (int Count, long Example) Strays { get; private set; }

    /// <summary>Walks through a file.</summary>
    /// <param name="file">Where it lies.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DataException">It is no COCO instances file; with all faults of images and categories.</exception>
    public static CocoFile Open(string file, string name)
    {
        var coco = new CocoFile(file, name);
        using (var json = new JsonTokens(file, name, MaxBytes))
        {
            coco.Walk(json);
        }

        Few.Throw(name, coco._faults);
        return coco;
    }

    /// <summary>How many annotations an image has.</summary>
    public int CountOf(CocoImage image) => _imageOf[image.Id] is var k ? _first[k + 1] - _first[k] : 0;

    /// <summary>Reads an image's annotations, each with its place in the file's list.</summary>
    /// <exception cref="DataException">The file was changed, or cannot be read.</exception>
    public IEnumerable<(int Index, JsonDocument Json)> AnnotationsOf(CocoImage image)
    {
        var k = _imageOf[image.Id];
        if (_first[k] == _first[k + 1])
        {
            yield break;
        }

        using var stream = Guarded(() => File.OpenHandle(_file));
        for (var i = _first[k]; i < _first[k + 1]; i++)
        {
            var (_, start, length, index) = _annotations[i];
            yield return (index, Guarded(() =>
            {
                var bytes = new byte[length];
                return RandomAccess.Read(stream, bytes, start) == length
                    ? JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 32 })
                    : throw new DataException(_name, "was changed while it was read; run again.");
            }));
        }
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DataException(_name, e is JsonException ? "was changed while it was read; run again." : $"cannot be read: {e.Message}", e);
        }
    }

    private void Walk(JsonTokens json)
    {
        var annotations = new List<(long Image, long Start, int Length, int Index)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        json.Demand();
        if (json.Type != JsonTokenType.StartObject)
        {
            throw new DataException(_name, json.Type == JsonTokenType.StartArray
                ? "is a list, as results of a detector are; a COCO instances file is an object with 'images', 'annotations' and 'categories'."
                : "is no object with 'images', 'annotations' and 'categories'.");
        }

        foreach (var key in json.Keys())
        {
            if (key is "images" or "annotations" or "categories")
            {
                if (json.Type != JsonTokenType.StartArray || !seen.Add(key))
                {
                    throw new DataException(_name, $"'{key}' is no list, or stands there twice.");
                }

                foreach (var index in json.Items())
                {
                    if (json.Type != JsonTokenType.StartObject)
                    {
                        Fault($"{key}[{index}] is not an object");
                    }
                    else if (key == "images")
                    {
                        AddImage(json, index);
                    }
                    else if (key == "categories")
                    {
                        AddCategory(json, index);
                    }
                    else
                    {
                        AddAnnotation(json, index, annotations);
                    }
                }
            }
        }

        if (json.Read())
        {
            throw new DataException(_name, "goes on behind its end.");
        }

        _faults.AddRange(new[] { "images", "annotations", "categories" }.Where(k => !seen.Contains(k)).Select(k => $"has no list '{k}'"));
        Sort(annotations);
    }

    private void AddImage(JsonTokens json, int index)
    {
        long? id = null, width = null, height = null;
        string? name = null;
        foreach (var key in json.Keys())
        {
            switch (key)
            {
                case "id":
                    id = json.Whole();
                    break;
                case "width":
                    width = json.Whole() ?? -1;
                    break;
                case "height":
                    height = json.Whole() ?? -1;
                    break;
                case "file_name":
                    name = json.Text();
                    break;
            }
        }

        if (id is null || string.IsNullOrWhiteSpace(name))
        {
            Fault($"images[{index}] lacks 'id' (a whole number) or 'file_name'");
        }
        else if ((width ?? 1) < 1 || (height ?? 1) < 1 || (width ?? 1) * (height ?? 1) > int.MaxValue || width > int.MaxValue || height > int.MaxValue)
        {
            Fault($"images[{index}] ({Few.Quoted(name)}) is {height}×{width}; 1 to {int.MaxValue} pixels are read");
        }
        else if (!_imageOf.TryAdd(id.Value, _images.Count))
        {
            Fault($"images[{index}] ({Few.Quoted(name)}) has the id {id}, which {Few.Quoted(_images[_imageOf[id.Value]].FileName)} has already");
        }
        else
        {
            _images.Add(new CocoImage(id.Value, name, width is { } w && height is { } h ? new Frame((int)h, (int)w) : null));
        }
    }

    private void AddCategory(JsonTokens json, int index)
    {
        long? id = null;
        string? name = null;
        foreach (var key in json.Keys())
        {
            id = key == "id" ? json.Whole() : id;
            name = key == "name" ? json.Text() : name;
        }

        if (id is null || string.IsNullOrWhiteSpace(name))
        {
            Fault($"categories[{index}] lacks 'id' (a whole number) or 'name'");
        }
        else if (!_categories.TryAdd(id.Value, name))
        {
            Fault($"categories[{index}] ({Few.Quoted(name)}) has the id {id}, which {Few.Quoted(_categories[id.Value])} has already");
        }
    }

    private void AddAnnotation(JsonTokens json, int index, List<(long Image, long Start, int Length, int Index)> annotations)
    {
        var start = json.Start;
        long? image = null;
        var panoptic = false;
        foreach (var key in json.Keys())
        {
            image = key == "image_id" ? json.Whole() : image;
            panoptic |= key == "segments_info";
        }

        if (panoptic)
        {
            throw new DataException(_name, "is a panoptic file ('segments_info'), whose labels are images; convert it to instances first.");
        }

        if (image is null)
        {
            Fault($"annotations[{index}] lacks 'image_id' (a whole number)");
        }
        else if (json.End - start > MaxAnnotationBytes || annotations.Count == MaxAnnotations)
        {
            throw new DataException(_name, string.Create(CultureInfo.InvariantCulture, $"annotations[{index}] has {json.End - start} bytes; {MaxAnnotations} annotations of at most {MaxAnnotationBytes} bytes are read."));
        }
        else
        {
            annotations.Add((image.Value, start, (int)(json.End - start), index));
        }
    }

    private void Sort(List<(long Image, long Start, int Length, int Index)> annotations)
    {
        var strays = annotations.Where(a => !_imageOf.ContainsKey(a.Image)).ToArray();
        Strays = (strays.Length, strays.FirstOrDefault().Image);
        _annotations = [.. annotations.Where(a => _imageOf.ContainsKey(a.Image)).OrderBy(a => _imageOf[a.Image])];      // stable: the file's order within an image
        _first = new int[_images.Count + 1];
        foreach (var a in _annotations)
        {
            _first[_imageOf[a.Image] + 1]++;
        }

        for (var k = 0; k < _images.Count; k++)
        {
            _first[k + 1] += _first[k];
        }
    }

    private void Fault(string what) => _faults.Add(what);
}
