using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Checking;

/// <summary>Labels drawn on a picture of another size.</summary>
public sealed class SizeMismatch() : Rule("size-mismatch", Severity.Red,
    "A shape was drawn in a frame that is not the image's.",
    "Drawn unscaled, labels are misplaced or lost: 42 % of a published training set were empty for it.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) =>
        from c in data.Cases
        from g in c.Facts.Shapes.Where(s => s.Frame != c.Case.Original).GroupBy(s => s.Frame)
        select OfLabel(c, $"{Text.Shapes(g)} drawn in {g.Key}, the image is {c.Case.Original}.", [.. g.Select(s => s.Class).Distinct()]);
}

/// <summary>Pictures that the reader had to turn.</summary>
public sealed class ExifRotated() : Rule("exif-rotated", Severity.Amber,
    "EXIF turns or mirrors the image, and nothing shows that its labels were drawn on the turned picture.",
    "Some label tools show the picture as stored: their labels then lie elsewhere.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        // A label frame that only the turned picture has is the proof; a half turn, a mirrored or a square picture leaves it open, unless others of the set prove what its tool does.
        var turned = data.Cases.Where(c => c.Facts.Origin.Orientation != 1 && c.Facts.Shapes.Count > 0).ToLookup(c => c.Facts.Origin.Orientation >= 5 && c.Case.Original.Height != c.Case.Original.Width);
        return turned[true].Any() && turned[true].All(c => c.Facts.Shapes.All(s => s.Frame == c.Case.Original)) ? [] : turned[false].Select(c => Told(c, c.Facts.Origin.Orientation));
    }

    private Finding Told(CaseSummary c, int orientation) => OfImage(c, $"has EXIF orientation {orientation} and was turned by it; look whether the labels fit, and store it without EXIF.");
}

/// <summary>Points beyond the image.</summary>
public sealed class PolygonOutsideFrame() : Rule("polygon-outside-frame", Severity.Red,
    "A point of an outline lies outside its image.",
    "Label and image are of different frames, or the point is a slip.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) =>
        from c in data.Cases
        from s in c.Facts.Shapes
        where s.Outside > 0 && s.Frame == c.Case.Original               // the other mistake has its own rule
        select OfLabel(c, $"'{s.Class}' has {s.Outside} of {s.Vertices} points outside the image, which is {c.Case.Original}. Label and image are of different frames, or the point is a slip.", s.Class);
}

/// <summary>Outlines that pass through themselves.</summary>
public sealed class SelfCrossing() : Rule("self-crossing", Severity.Amber,
    "An outline crosses itself.",
    "Filled even-odd, the loop becomes a hole.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) =>
        from c in data.Cases
        from s in c.Facts.Shapes
        where s.Crossings > 0
        select OfLabel(c, $"'{s.Class}' crosses itself {(s.Crossings >= PolygonCrossings.Most ? $"{s.Crossings} times or more" : s.Crossings == 1 ? "once" : $"{s.Crossings} times")}. Draw it anew.", s.Class);
}

/// <summary>Outlines without an inside.</summary>
public sealed class DegenerateShape() : Rule("degenerate-shape", Severity.Amber,
    "An outline has fewer than three points, or a shape has no pixel.",
    "A click by mistake; it teaches a point.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) =>
        from c in data.Cases
        from s in c.Facts.Shapes
        where s.Frame == c.Case.Original && s.Outside == 0 && (s.Vertices is 1 or 2 || (s.IsPolygon && s.Area == 0))
        select OfLabel(c, s.Vertices is 1 or 2 ? $"'{s.Class}' is an outline of {s.Vertices} point(s)." : $"'{s.Class}' is an outline without a pixel.", s.Class);
}

/// <summary>Shapes that are not what their file says of them.</summary>
public sealed class ClaimMismatch() : Rule("claim-mismatch", Severity.Amber,
    "The area or the box that a file tells of a shape is not the shape's.",
    "One of the two belongs to another shape, or the labels were scaled or moved without the numbers beside them.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) =>
        from c in data.Cases
        let told = c.Facts.Shapes.Where(s => s.Contradiction is not null).ToArray()
        where told.Length > 0
        select OfLabel(c, $"{told[0].Contradiction}{(told.Length > 1 ? $"; so it is with {told.Length} of {c.Facts.Shapes.Count} shapes" : string.Empty)}.", [.. told.Select(s => s.Class).Distinct()]);
}

/// <summary>Two shapes where one is usual.</summary>
public sealed class RepeatedClass() : Rule("repeated-class", Severity.Amber,
    "A case has two shapes of a class of which almost every case has one.",
    "One of the two usually belongs to another class.", "rare_share")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var counts = data.Cases.SelectMany(c => c.Facts.Shapes.GroupBy(s => s.Class, StringComparer.Ordinal).Select(g => (Case: c, Class: g.Key, Count: g.Count())));
        foreach (var of in counts.GroupBy(c => c.Class, StringComparer.Ordinal))
        {
            var twice = of.Where(c => c.Count > 1).ToArray();
            if (of.Count() > 1 && twice.Length <= data.Thresholds.RareShare * of.Count())
            {
                foreach (var (summary, name, count) in twice)
                {
                    yield return OfLabel(summary, $"has {count} shapes of '{name}'; {of.Count() - twice.Length} of {of.Count()} cases have one. They are joined.", name);
                }
            }
        }
    }
}

/// <summary>Files that list the classes in another order than the rest.</summary>
public sealed class ClassOrderDrift() : Rule("class-order-drift", Severity.Amber,
    "A label file lists its classes in another order than almost all others do.",
    "Where a tool goes by position, a channel then means another class.", "rare_share", "min_cases")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var orders = data.Cases.Select(c => (Case: c, Order: string.Join('\u001f', c.Facts.Shapes.Select(s => s.Class).Distinct(StringComparer.Ordinal)))).Where(c => c.Order.Contains('\u001f', StringComparison.Ordinal)).ToArray();
        if (orders.Length < data.Thresholds.MinCases || orders.GroupBy(o => o.Order, StringComparer.Ordinal).MaxBy(g => g.Count()) is not { } usual)
        {
            yield break;
        }

        // A file that lacks classes has the order of the rest.
        var places = usual.Key.Split('\u001f').Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
        var drifted = orders.Where(o => !Ascends(o.Order.Split('\u001f').Where(places.ContainsKey).Select(name => places[name]))).ToArray();
        foreach (var (summary, order) in drifted.Length <= data.Thresholds.RareShare * orders.Length ? drifted : [])
        {
            yield return OfLabel(summary, $"lists its classes as {Text.Some([.. order.Split('\u001f')])}; {orders.Length - drifted.Length} of {orders.Length} files as {Text.Some([.. places.Keys])}.");
        }
    }

    private static bool Ascends(IEnumerable<int> places)
    {
        var last = -1;
        foreach (var place in places)
        {
            if (place < last)
            {
                return false;
            }

            last = place;
        }

        return true;
    }
}

/// <summary>Classes nobody asked for.</summary>
public sealed class UnknownClass() : Rule("unknown-class", Severity.Red,
    "A label names a class that neither format nor experiment knows.",
    "A spelling slip would silently become background.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        var known = data.Conversion.KnownClasses.ToHashSet(StringComparer.Ordinal);
        return
            from c in data.Cases
            from s in c.Facts.Shapes.Select(s => s.Class).Distinct(StringComparer.Ordinal)
            where !known.Contains(s)
            select OfLabel(c, $"class '{s}' is not among {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
    }
}

internal static class Text
{
    private const int Most = 4;

    /// <summary>A few names of many.</summary>
    public static string Some(IReadOnlyList<string> names) => names.Count <= Most
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(Most))}, … ({names.Count})";

    public static string Shapes(IEnumerable<ShapeFacts> shapes)
    {
        var names = shapes.Select(s => $"'{s.Class}'").Distinct().ToArray();
        return $"{Some(names)} {(names.Length == 1 ? "is" : "are")}";
    }
}
