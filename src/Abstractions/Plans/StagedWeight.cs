using System.Globalization;
using System.Text.Json.Nodes;

namespace Osteon.Abstractions;

/// <summary>
/// A weight over epochs: one number, or numbers at some epochs with straight lines between them, constant before the first and
/// behind the last. Written in YAML as <c>0.5</c> or <c>{10: 0, 20: 1}</c>; a jump is two epochs in a row, <c>{9: 0, 10: 1}</c>.
/// </summary>
public sealed class StagedWeight
{
    private readonly (int Epoch, double Weight)[] _points;

    /// <summary>The same weight in every epoch.</summary>
    public StagedWeight(double weight) => _points = [(1, weight)];

    /// <summary>Weights at epochs, from 1, in any order; at least one.</summary>
    public StagedWeight(IEnumerable<KeyValuePair<int, double>> points) => _points = [.. points.Select(p => (p.Key, p.Value)).OrderBy(p => p.Key)];

    /// <summary>Whether it never changes.</summary>
    public bool IsConstant => _points.All(p => p.Weight == _points[0].Weight);

    /// <summary>The weight in an epoch, from 1.</summary>
    public double At(int epoch)
    {
        var next = Array.FindIndex(_points, p => p.Epoch > epoch);
        if (next <= 0)
        {
            return next == 0 ? _points[0].Weight : _points[^1].Weight;
        }

        var ((from, low), (to, high)) = (_points[next - 1], _points[next]);
        return low + ((high - low) * (epoch - from) / (to - from));
    }

    /// <summary>Reads what stands at the option <c>weight</c>.</summary>
    /// <returns>Null when it is neither a number of at least 0 nor a mapping of epochs, from 1, to such numbers.</returns>
    public static StagedWeight? Read(JsonNode written) => written switch
    {
        JsonValue value when Number(value) is { } weight => new StagedWeight(weight),
        JsonObject { Count: > 0 } map when map.All(p => Epoch(p.Key) is not null && p.Value is JsonValue v && Number(v) is not null)
            => new StagedWeight(map.Select(p => KeyValuePair.Create(Epoch(p.Key)!.Value, Number((JsonValue)p.Value!)!.Value))),
        _ => null,
    };

    private static double? Number(JsonValue value) => value.TryGetValue(out double number) && number >= 0 && double.IsFinite(number) ? number
        : value.TryGetValue(out long whole) && whole >= 0 ? whole : null;

    private static int? Epoch(string key) => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) && epoch >= 1 ? epoch : null;
}
