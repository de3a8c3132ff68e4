using System.Globalization;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Masks;

namespace Osteon.Plugins.Yolo;

/// <summary>A label text: a line a shape, a class number and coordinates as shares of width and height.</summary>
internal static class YoloLabels
{
    private const long MaxBytes = 64 << 20;

    /// <summary>Shapes in the image's own pixels.</summary>
    /// <param name="file">Where it lies.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="names">By number.</param>
    /// <param name="categories">Which of them mean what.</param>
    /// <param name="options">Whether boxes are taken, and how outlines are drawn.</param>
    /// <param name="frame">The image's frame.</param>
    /// <exception cref="DataException">With all faults of the file.</exception>
    public static IReadOnlyList<Annotation> Read(string file, string name, IReadOnlyList<string> names, CategoryMap categories, YoloOptions options, Frame frame)
    {
        var (shapes, faults, row) = (new List<Annotation>(), new List<string>(), 0);
        foreach (var line in Lines(file, name))
        {
            row++;
            if (line.AsSpan().Trim().IsEmpty)
            {
                continue;
            }

            if (Shape(line, names, options, frame, what => faults.Add($"line {row} {what}")) is var (number, vertices) && vertices is not null && categories.Of(names[number]) is { } @class)
            {
                shapes.Add(new PolygonAnnotation(@class, new Polygon(frame, vertices)) { Raster = options.Raster });
            }
        }

        Few.Throw(name, faults);
        return shapes;
    }

    private static (int Class, Vertex[]? Vertices) Shape(string line, IReadOnlyList<string> names, YoloOptions options, Frame frame, Action<string> fault)
    {
        var fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (!double.TryParse(fields[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number != Math.Floor(number) || number < 0 || number >= names.Count)
        {
            fault($"has the class {Few.Quoted(fields[0])}; the names are numbered 0 to {names.Count - 1}");
            return (0, null);
        }

        var shares = new double[fields.Length - 1];
        for (var i = 0; i < shares.Length; i++)
        {
            if (!double.TryParse(fields[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out shares[i]) || !double.IsFinite(shares[i]))
            {
                fault($"holds {Few.Quoted(fields[i + 1])} where a coordinate is expected");
                return (0, null);
            }
        }

        if (shares.Length == 4)
        {
            if (!options.Boxes)
            {
                fault("is a box, not an outline; boxes: true takes boxes as weak labels");
                return (0, null);
            }

            var (left, top, right, bottom) = (shares[0] - (shares[2] / 2), shares[1] - (shares[3] / 2), shares[0] + (shares[2] / 2), shares[1] + (shares[3] / 2));
            return ((int)number, [At(left, top), At(right, top), At(right, bottom), At(left, bottom)]);
        }

        if (shares.Length < 6 || shares.Length % 2 != 0)
        {
            fault($"has {shares.Length} numbers behind the class; an outline has pairs x y, three at least");
            return (0, null);
        }

        return ((int)number, [.. Enumerable.Range(0, shares.Length / 2).Select(i => At(shares[2 * i], shares[(2 * i) + 1]))]);

        Vertex At(double x, double y) => new(x * frame.Width, y * frame.Height);
    }

    private static string[] Lines(string file, string name)
    {
        try
        {
            return new FileInfo(file).Length <= MaxBytes ? File.ReadAllLines(file) : throw new DataException(name, $"has more than {MaxBytes:N0} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(name, $"cannot be read: {e.Message}", e);
        }
    }
}
