using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Formats.Tests;

/// <summary>A small data set that lasts as long as one test.</summary>
public sealed class DataFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("osteon-format-").FullName;

    public DataFolder Image(string relative, int height = 8, int width = 10) => File(relative, ImageFile.EncodePng(new Image(new Frame(height, width))));

    public DataFolder Text(string relative, string text) => File(relative, System.Text.Encoding.UTF8.GetBytes(text));

    public DataFolder File(string relative, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Root, relative))!);
        System.IO.File.WriteAllBytes(Path.Combine(Root, relative), bytes);
        return this;
    }

    /// <summary>The labels of a case by its id, in the image's own frame.</summary>
    public IReadOnlyList<Annotation> Labels(DatasetFormat format, string id)
    {
        var source = format.Index(Root).Cases.Single(c => c.Id == id);
        return format.ReadLabels(Root, source, format.ReadImage(Root, source).Frame);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>What a shape is in pixels.</summary>
internal static class Drawn
{
    public static Mask Of(Annotation annotation, Frame frame) => annotation switch
    {
        MaskAnnotation m => m.Mask,
        PolygonAnnotation p => Polygons.Fill(p.Polygon, frame, p.Raster),
        _ => throw new InvalidOperationException(),
    };

    public static Mask Union(IEnumerable<Annotation> annotations, Frame frame) => annotations.Aggregate(Mask.Empty(frame), (all, a) => all.Union(Of(a, frame)));

    public static string Digest(Mask mask) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(mask.ToDense()));
}
