using System.Globalization;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Coco;

/// <summary>An annotation's <c>area</c> and <c>bbox</c> against its own segmentation. Neither is learnt from, but where they differ one of the two is of another shape.</summary>
internal static class CocoClaims
{
    // Tools count pixels, pixel edges or outlines, and crowds of COCO itself are off by an eighth.
    private const double AreaShare = 0.25, BoxShare = 0.1, Pixels = 3;

    /// <summary>The shapes, the first of which says what the file claims and is not so.</summary>
    /// <param name="item">The annotation.</param>
    /// <param name="shapes">What its segmentation holds.</param>
    public static IReadOnlyList<Annotation> Judged(JsonElement item, IReadOnlyList<Annotation> shapes)
    {
        if (shapes.Count == 0 || Measure(shapes) is not { } own)
        {
            return shapes;
        }

        string?[] contradictions = [Area(item, own), Box(item, own)];
        var told = string.Join("; ", contradictions.OfType<string>());
        return told.Length == 0 ? shapes : [shapes[0] with { Contradiction = $"annotation {(item.TryGetProperty("id", out var id) ? id.GetRawText() : "without an id")}: {told}" }, .. shapes.Skip(1)];
    }

    private static string? Area(JsonElement item, Extent own)
    {
        if (!item.TryGetProperty("area", out var element) || Number(element) is not { } area || Math.Abs(area - own.Area) <= (AreaShare * own.Area) + own.Slack)
        {
            return null;
        }

        return string.Create(CultureInfo.InvariantCulture, $"'area' is {area:0.#}, its segmentation measures {own.Area:0.#}");
    }

    private static string? Box(JsonElement item, Extent own)
    {
        if (!item.TryGetProperty("bbox", out var element) || element.ValueKind != JsonValueKind.Array || element.GetArrayLength() != 4)
        {
            return null;
        }

        var told = element.EnumerateArray().Select(Number).ToArray();
        if (told is not [{ } x, { } y, { } width, { } height] || Same(own, x, y, x + width, y + height))
        {
            return null;
        }

        var hint = Same(own, x, y, width, height) ? "; these are two corners, and COCO has [x, y, width, height]" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"'bbox' is [{x:0.#}, {y:0.#}, {width:0.#}, {height:0.#}], its segmentation lies in [{own.Left:0.#}, {own.Top:0.#}, {own.Right - own.Left:0.#}, {own.Bottom - own.Top:0.#}]{hint}");
    }

    private static bool Same(Extent own, double left, double top, double right, double bottom)
    {
        var (across, down) = (Math.Max(Pixels, BoxShare * (own.Right - own.Left)), Math.Max(Pixels, BoxShare * (own.Bottom - own.Top)));
        return Math.Abs(left - own.Left) <= across && Math.Abs(right - own.Right) <= across && Math.Abs(top - own.Top) <= down && Math.Abs(bottom - own.Bottom) <= down;
    }

    private static double? Number(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    // An annotation is outlines, all in the file's coordinates, or one mask. Null where there is nothing to measure.
    private static Extent? Measure(IReadOnlyList<Annotation> shapes)
    {
        if (shapes is [MaskAnnotation { Mask: var mask }])
        {
            return mask.IsEmpty ? null : OfMask(mask);
        }

        Extent? all = null;
        foreach (var outline in shapes.OfType<PolygonAnnotation>())
        {
            var own = OfOutline(outline.Polygon.Vertices);
            all = all is { } known
                ? new Extent(known.Area + own.Area, known.Slack + own.Slack, Math.Min(known.Left, own.Left), Math.Min(known.Top, own.Top), Math.Max(known.Right, own.Right), Math.Max(known.Bottom, own.Bottom))
                : own;
        }

        return all;
    }

    private static Extent OfMask(Mask mask)
    {
        var (left, right) = (int.MaxValue, 0);
        foreach (var run in mask.Runs)
        {
            var (from, to) = (run.Start % mask.Frame.Width, (run.End - 1) % mask.Frame.Width);
            (left, right) = run.Start / mask.Frame.Width == (run.End - 1) / mask.Frame.Width ? (Math.Min(left, from), Math.Max(right, to)) : (0, mask.Frame.Width - 1);
        }

        return new Extent(mask.Area, Pixels, left, mask.Runs[0].Start / mask.Frame.Width, right + 1, ((mask.Runs[^1].End - 1) / mask.Frame.Width) + 1);
    }

    // Drawn, an outline wins about half a pixel all along.
    private static Extent OfOutline(IReadOnlyList<Vertex> points)
    {
        var (twice, length) = (0.0, 0.0);
        for (var i = 0; i < points.Count; i++)
        {
            var (a, b) = (points[i], points[(i + 1) % points.Count]);
            twice += (a.X * b.Y) - (b.X * a.Y);
            length += Math.Sqrt(((b.X - a.X) * (b.X - a.X)) + ((b.Y - a.Y) * (b.Y - a.Y)));
        }

        return new Extent(Math.Abs(twice) / 2, (length / 2) + Pixels, points.Min(p => p.X), points.Min(p => p.Y), points.Max(p => p.X), points.Max(p => p.Y));
    }

    private readonly record struct Extent(double Area, double Slack, double Left, double Top, double Right, double Bottom);
}
