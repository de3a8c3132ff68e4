using System.Globalization;
using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>Reads numbers said once for all stages, or for each.</summary>
internal static class StageNumbers
{
    /// <summary>A number above 0 for each stage.</summary>
    /// <exception cref="ConfigurationException">It is none, or a list of another length.</exception>
    public static int[] Of(string option, JsonNode? written, int stages)
    {
        if (written is JsonArray list)
        {
            return list.Count == stages ? [.. list.Select(item => Number(option, item, written))] : throw Refused(option, written, $"{stages} numbers, one a stage");
        }

        return [.. Enumerable.Repeat(Number(option, written, written), stages)];
    }

    /// <summary>A number above 0 for each stage and axis.</summary>
    /// <exception cref="ConfigurationException">It is none, or a list of another length.</exception>
    public static long[][] OfAxes(string option, JsonNode? written, int stages, int axes)
    {
        if (written is not JsonArray list)
        {
            list = [.. Enumerable.Range(0, stages).Select(_ => written?.DeepClone())];
        }

        return list.Count == stages
            ? [.. list.Select(item => Array.ConvertAll(Of(option, item, axes), n => (long)n))]
            : throw Refused(option, written, $"{stages} entries, one a stage, each a number or {axes} of them");
    }

    private static int Number(string option, JsonNode? item, JsonNode? written) =>
        int.TryParse(item?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw Refused(option, written, "whole numbers above 0");

    private static ConfigurationException Refused(string option, JsonNode? written, string expected) =>
        new($"{option} {written?.ToJsonString() ?? "null"} must be {expected}.");
}
