using System.Globalization;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Models;

/// <summary>The size of image that a transformer is made for.</summary>
public static class ImageSize
{
    /// <summary>Reads timm's <c>img_size</c>: a side, or height and width.</summary>
    /// <param name="encoder">The encoder's name, for the message.</param>
    /// <param name="written">The option; null for the nominal side.</param>
    /// <param name="nominal">The side that the encoder's name promises.</param>
    /// <param name="multiple">What both sides are multiples of.</param>
    /// <exception cref="ConfigurationException">It is neither, or a side is no multiple.</exception>
    public static Frame Of(string encoder, JsonNode? written, int nominal, int multiple)
    {
        int?[] sides = written switch
        {
            null => [nominal],
            JsonArray list => [.. list.Select(Whole)],
            _ => [Whole(written)],
        };
        // What is nearest to a side that was written; to the encoder's own where none can be read.
        var near = Math.Max(1, ((long)(sides.FirstOrDefault(side => side > 0 && side % multiple != 0) ?? nominal) + (multiple / 2)) / multiple) * multiple;
        return sides is [_] or [_, _] && sides.All(side => side > 0 && side % multiple == 0)
            ? new Frame(sides[0]!.Value, sides[^1]!.Value)
            : throw new ConfigurationException($"encoder {encoder}: img_size {written?.ToJsonString() ?? $"{nominal}"} must be a multiple of {multiple}, or [height, width] of such; nearest is {near}.");
    }

    private static int? Whole(JsonNode? node) => int.TryParse(node?.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var side) ? side : null;
}
