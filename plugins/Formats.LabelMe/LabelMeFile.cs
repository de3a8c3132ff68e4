using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.LabelMe;

/// <summary>
/// A file of LabelMe, of any version: shapes, the image's name and size, and often the image itself as text, which is passed over unless
/// it is wanted.
/// </summary>
internal sealed class LabelMeFile
{
    private const long MaxBytes = 256L << 20;
    private const int MaxPoints = 1 << 22;

    private readonly string _name;
    private readonly List<string> _faults = [];

    private LabelMeFile(string name) => _name = name;

    /// <summary>What it calls its image, as it is written.</summary>
    public string? ImagePath { get; private set; }

    /// <summary>Whether the image is in it.</summary>
    public bool HasImage { get; private set; }

    /// <summary>In the file's order.</summary>
    public List<LabelMeShape> Shapes { get; } = [];

    /// <summary>The image's size by the file; null where it says none.</summary>
    public Frame? Frame { get; private set; }

    /// <summary>The image's own file, when it was wanted and is there.</summary>
    public byte[]? Image { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <param name="file">Where it lies.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="withImage">Whether the image in it is wanted.</param>
    /// <exception cref="DataException">It is no file of LabelMe; with all faults.</exception>
    public static LabelMeFile Read(string file, string name, bool withImage = false)
    {
        var read = new LabelMeFile(name);
        using (var json = new JsonTokens(file, name, MaxBytes))
        {
            read.Walk(json, withImage);
        }

        Few.Throw(name, read._faults);
        return read;
    }

    private void Walk(JsonTokens json, bool withImage)
    {
        json.Demand();
        if (json.Type != JsonTokenType.StartObject)
        {
            throw new DataException(_name, "is no object with 'shapes' and 'imagePath'.");
        }

        long? height = null, width = null;
        var hasShapes = false;
        foreach (var key in json.Keys())
        {
            switch (key)
            {
                case "shapes":
                    hasShapes = json.Type == JsonTokenType.StartArray;
                    if (hasShapes)
                    {
                        ReadShapes(json);
                    }

                    break;
                case "imagePath":
                    ImagePath = json.Text();
                    break;
                case "imageHeight":
                    height = json.Whole();
                    break;
                case "imageWidth":
                    width = json.Whole();
                    break;
                case "imageData":
                    HasImage = json.Type == JsonTokenType.String && json.End - json.Start > 2;
                    Image = HasImage && withImage ? Bytes(json.Text()!, "imageData") : null;
                    break;
            }
        }

        if (json.Read())
        {
            throw new DataException(_name, "goes on behind its end.");
        }

        if (!hasShapes)
        {
            _faults.Add("has no list 'shapes'");
        }

        if (height is { } h && width is { } w)
        {
            if (h < 1 || w < 1 || h > int.MaxValue || w > int.MaxValue || h * w > int.MaxValue)
            {
                _faults.Add($"says that its image is {h}×{w}; 1 to {int.MaxValue} pixels are read");
            }
            else
            {
                Frame = new Frame((int)h, (int)w);
            }
        }
    }

    private void ReadShapes(JsonTokens json)
    {
        foreach (var index in json.Items())
        {
            if (json.Type != JsonTokenType.StartObject)
            {
                _faults.Add($"shapes[{index}] is not an object");
                continue;
            }

            string? label = null, type = null, mask = null;
            List<Vertex>? points = null;
            foreach (var key in json.Keys())
            {
                switch (key)
                {
                    case "label":
                        label = json.Text();
                        break;
                    case "shape_type":
                        type = json.Text();
                        break;
                    case "mask":
                        mask = json.Text();
                        break;
                    case "points" when json.Type == JsonTokenType.StartArray:
                        points = Points(json, index);
                        break;
                }
            }

            if (string.IsNullOrEmpty(label))
            {
                _faults.Add($"shapes[{index}] has no 'label'");
            }
            else if (points is null)
            {
                _faults.Add($"shapes[{index}] ({Few.Quoted(label)}) has no list of 'points' [x, y]");
            }
            else
            {
                Shapes.Add(new LabelMeShape(index, label, type is null or "" ? "polygon" : type, points, mask is null ? null : Bytes(mask, $"shapes[{index}].mask")));
            }
        }
    }

    private List<Vertex>? Points(JsonTokens json, int shape)
    {
        var points = new List<Vertex>();
        var whole = true;
        foreach (var index in json.Items())
        {
            double? x = null, y = null;
            var count = 0;
            if (json.Type == JsonTokenType.StartArray)
            {
                foreach (var at in json.Items())
                {
                    (x, y) = at switch { 0 => (json.Number(), y), 1 => (x, json.Number()), _ => (x, y) };
                    count = at + 1;
                }
            }

            if (count == 2 && x is { } right && y is { } down && points.Count < MaxPoints)
            {
                points.Add(new Vertex(right, down));
            }
            else if (whole)
            {
                _faults.Add(points.Count == MaxPoints ? $"shapes[{shape}] has more than {MaxPoints} points" : $"shapes[{shape}].points[{index}] is not [x, y]");
                whole = false;
            }
        }

        return whole ? points : null;
    }

    private byte[]? Bytes(string text, string what)
    {
        try
        {
            return System.Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            _faults.Add($"{what} is not base64");
            return null;
        }
    }
}

/// <summary>A shape as it is written.</summary>
/// <param name="Index">Its place in the file.</param>
/// <param name="Label">Its name.</param>
/// <param name="Type">polygon, rectangle, circle, mask, line, linestrip, point, ….</param>
/// <param name="Points">In the image's pixels.</param>
/// <param name="Mask">A picture of the box between the two points of a mask.</param>
internal sealed record LabelMeShape(int Index, string Label, string Type, IReadOnlyList<Vertex> Points, byte[]? Mask)
{
    private const int MaxStrokePoints = 100_000;                    // each becomes a disc of its own

    /// <summary>What it covers.</summary>
    /// <param name="class">Its class.</param>
    /// <param name="frame">What points are counted in.</param>
    /// <param name="image">The image's frame.</param>
    /// <param name="options">How it is drawn.</param>
    /// <param name="name">What errors call the file.</param>
    /// <param name="fault">Told what is wrong.</param>
    public IEnumerable<Annotation> Cover(string @class, Frame frame, Frame image, LabelMeOptions options, string name, Action<string> fault)
    {
        string? wrong = (Type, Points.Count) switch
        {
            ("polygon", < 3) => "a polygon has at least 3",
            ("rectangle", not (2 or 4)) => "a rectangle has 2, or 4",
            ("circle" or "mask", not 2) => $"a {Type} has 2",
            ("line", not 2) or ("point", not 1) => $"a {Type} has {(Type == "line" ? 2 : 1)}",
            ("linestrip", < 2 or > MaxStrokePoints) => $"a linestrip has 2 to {MaxStrokePoints}",
            _ => null,
        };
        if (wrong is not null)
        {
            fault($"has {Points.Count} points; {wrong}");
            return [];
        }

        switch (Type)
        {
            case "polygon":
                return [Outline(Points)];
            case "rectangle":
                return [Outline(Points.Count == 4 ? Points : LabelMeShapes.Rectangle(Points[0], Points[1]))];
            case "circle":
                return [Outline(LabelMeShapes.Circle(Points[0], double.Hypot(Points[1].X - Points[0].X, Points[1].Y - Points[0].Y)))];
            case "line" or "linestrip" or "point" when options.LineWidth > 0:
                return LabelMeShapes.Stroke(Points, options.LineWidth).Select(Outline);
            case "line" or "linestrip" or "point":
                fault($"is a {Type}, which covers nothing; give line_width to draw it, or leave its name out by categories");
                return [];
            case "mask":
                return Pasted(@class, image, name, fault) is { } mask ? [new MaskAnnotation(@class, mask)] : [];
            default:
                fault($"is of the type {Few.Quoted(Type)}; polygon, rectangle, circle, mask, line, linestrip and point are read");
                return [];
        }

        Annotation Outline(IReadOnlyList<Vertex> vertices) => new PolygonAnnotation(@class, new Polygon(frame, vertices)) { Raster = options.Raster };
    }

    private Mask? Pasted(string @class, Frame image, string name, Action<string> fault)
    {
        if (Mask is null)
        {
            fault("is a mask without its picture in 'mask'");
            return null;
        }

        var picture = ImageFile.ReadGray($"{name} (shapes[{Index}].mask)", Mask);
        var (left, top) = ((long)Math.Clamp(Points[0].X, int.MinValue, int.MaxValue), (long)Math.Clamp(Points[0].Y, int.MinValue, int.MaxValue));
        if (left < 0 || top < 0 || left + picture.Frame.Width > image.Width || top + picture.Frame.Height > image.Height)
        {
            fault($"is a mask of {picture.Frame} at row {top}, column {left}, which leaves the image, {image}");
            return null;
        }

        var runs = new List<Run>();
        for (var y = 0; y < picture.Frame.Height; y++)
        {
            var row = picture.Bytes.Slice(y * picture.Frame.Width * picture.BytesPerPixel, picture.Frame.Width * picture.BytesPerPixel);
            var origin = (((int)top + y) * image.Width) + (int)left;
            for (var x = 0; x < picture.Frame.Width; x++)
            {
                if (row.Slice(x * picture.BytesPerPixel, picture.BytesPerPixel).ContainsAnyExcept((byte)0))
                {
                    if (runs.Count > 0 && runs[^1].End == origin + x)
                    {
                        runs[^1] = new Run(runs[^1].Start, runs[^1].Length + 1);
                    }
                    else
                    {
                        runs.Add(new Run(origin + x, 1));
                    }
                }
            }
        }

        return new Mask(image, [.. runs]);
    }
}
