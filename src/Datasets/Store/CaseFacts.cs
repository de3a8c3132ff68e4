using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Datasets;

/// <summary>What only the raw files could tell of a case, kept so that they are read once: what its image is, and each shape of its label.</summary>
/// <param name="Origin">The image's.</param>
/// <param name="Shapes">In the label file's order; empty for an unlabelled case.</param>
public sealed record CaseFacts(ImageOrigin Origin, IReadOnlyList<ShapeFacts> Shapes)
{
    /// <summary>The part of the image that is stored; null: all of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Box? Crop { get; init; }

    /// <summary>Nothing is known.</summary>
    public static CaseFacts None { get; } = new(ImageOrigin.Unknown, []);
}

/// <summary>One labelled shape as it was drawn.</summary>
/// <param name="Class">As the file names it, whether the experiment uses it or not.</param>
/// <param name="Height">Of the frame it was drawn in, as the label file has it.</param>
/// <param name="Width">The same.</param>
/// <param name="Vertices">Of a polygon; 0 for pixels.</param>
/// <param name="Outside">Vertices that lie outside the image.</param>
/// <param name="Crossings">Pairs of edges that cross, counted up to 9.</param>
/// <param name="Area">Its pixels on the image, before shapes of a class are joined.</param>
public sealed record ShapeFacts(string Class, int Height, int Width, int Vertices, int Outside, int Crossings, long Area)
{
    /// <summary>What its file says of it that is not so, for people; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Contradiction { get; init; }

    /// <summary>True for an outline.</summary>
    [JsonIgnore]
    public bool IsPolygon => Vertices > 0;

    /// <summary>What it was drawn in; of no checked size, for it is the file's own claim.</summary>
    [JsonIgnore]
    public Frame Frame => new(Height, Width);
}
