using System.Globalization;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>One key of a sweep, and what may stand there.</summary>
public abstract record SweepAxis(string Key);

/// <summary>A choice among values.</summary>
/// <param name="Key">As --set takes it.</param>
/// <param name="Values">Each in YAML's flow style.</param>
public sealed record ListedAxis(string Key, IReadOnlyList<string> Values) : SweepAxis(Key);

/// <summary>A range of numbers, ends included.</summary>
/// <param name="Key">As --set takes it.</param>
/// <param name="Low">The least.</param>
/// <param name="High">The greatest, above the least.</param>
public sealed record RangeAxis(string Key, double Low, double High) : SweepAxis(Key)
{
    /// <summary>Every order of magnitude is as likely as another.</summary>
    public bool Log { get; init; }

    /// <summary>Whole numbers only.</summary>
    public bool Whole { get; init; }

    /// <summary>Where the range begins and ends on the scale it is drawn on: orders of magnitude or amounts, whole numbers with half a step around.</summary>
    internal (double Low, double High) Ends => (Scaled(Whole && !Log ? Low - 0.5 : Low), Scaled(Whole ? High + 0.5 : High));

    /// <summary>A written number's place on that scale.</summary>
    internal double Place(string written) => Scaled(double.Parse(written, CultureInfo.InvariantCulture));

    /// <summary>What a written number stands for: itself, or, of whole ones, what is rounded to it.</summary>
    internal (double From, double To) Cell(string written)
    {
        var value = double.Parse(written, CultureInfo.InvariantCulture);
        return !Whole ? (Scaled(value), Scaled(value))
            : (value - 0.5 <= Low ? Ends.Low : Scaled(value - 0.5), Scaled(value + 0.5));
    }

    /// <summary>The number at a place, as a person would write it: four digits are more than a search resolves.</summary>
    internal string Write(double place)
    {
        var value = Log ? Math.Exp(place) : place;
        return Math.Clamp(Whole ? Math.Round(value) : double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), Low, High).ToString("R", CultureInfo.InvariantCulture);
    }

    private double Scaled(double value) => Log ? Math.Log(value) : value;
}

/// <summary>The keys of a sweep, in the order they are written.</summary>
/// <param name="Axes">At least one.</param>
public sealed record SweepSpace(IReadOnlyList<SweepAxis> Axes)
{
    /// <summary>What may be written for a range.</summary>
    private sealed record RangeOptions
    {
        /// <summary>The least.</summary>
        public required double Low { get; init; }

        /// <summary>The greatest.</summary>
        public required double High { get; init; }

        /// <summary>By orders of magnitude.</summary>
        public bool Log { get; init; }

        /// <summary>Whole numbers.</summary>
        public bool Whole { get; init; }
    }

    /// <summary>Reads <c>sweep.over</c>.</summary>
    /// <exception cref="ConfigurationException">It is missing or wrong; all faults at once.</exception>
    public static SweepSpace Of(LoadedPlan loaded)
    {
        if (loaded.Plan.Sweep is not { } sweep || sweep.Over.Count == 0)
        {
            throw new ConfigurationException($"{loaded.Files[^1]}: has no sweep.over. Name what is to be tried, as in 'sweep: {{over: {{train.optimizer.AdamW.lr: [0.001, 0.01]}}}}'.");
        }

        List<string> faults = [];
        List<SweepAxis> axes = [];
        foreach (var (key, written) in sweep.Over)
        {
            try
            {
                axes.Add(AxisOf(key, written));
            }
            catch (ConfigurationException e)
            {
                faults.AddRange(e.Faults.Select(fault => $"{loaded.MarkOf($"sweep.over.{key}")}: {fault}"));
            }
        }

        return faults.Count == 0 ? new SweepSpace(axes) : throw new ConfigurationException(faults);
    }

    private static SweepAxis AxisOf(string key, JsonNode written)
    {
        if (key.StartsWith("sweep", StringComparison.Ordinal) || key is "name" or "extends")
        {
            throw new ConfigurationException($"sweep.over.{key}: cannot be tried; name a setting of the experiment.");
        }

        switch (written)
        {
            case JsonArray { Count: > 0 } list:
                string[] values = [.. list.Select(v => CanonicalJson.Text(v))];
                return values.Distinct(StringComparer.Ordinal).Count() == values.Length ? new ListedAxis(key, values)
                    : throw new ConfigurationException($"sweep.over.{key}: has a value twice: {string.Join(", ", values)}.");
            case JsonObject range:
                var options = OptionsBinder.Bind<RangeOptions>($"sweep.over.{key}", range);
                return options.High > options.Low && (!options.Log || options.Low > 0) ? new RangeAxis(key, options.Low, options.High) { Log = options.Log, Whole = options.Whole }
                    : throw new ConfigurationException($"sweep.over.{key}: [{Text(options.Low)}, {Text(options.High)}] is no range; expected low < high{(options.Log ? ", and 0 < low for log" : string.Empty)}.");
            default:
                throw new ConfigurationException($"sweep.over.{key}: expected a list of values, as in [0.001, 0.01], or a range, as in {{low: 0.0001, high: 0.01, log: true}}.");
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One setting of all keys.</summary>
/// <param name="Values">What stands at each key, in YAML, in the space's order.</param>
public sealed record SweepPoint(IReadOnlyList<(string Key, string Value)> Values)
{
    /// <summary>What follows each --set.</summary>
    public IReadOnlyList<string> Set => [.. Values.Select(v => $"{v.Key}={v.Value}")];

    /// <summary>The point in units' names: the keys' last parts, unless two end alike.</summary>
    public string Label
    {
        get
        {
            var last = Values.Select(v => v.Key[(v.Key.LastIndexOf('.') + 1)..]).ToArray();
            var short_ = last.Distinct(StringComparer.Ordinal).Count() == last.Length;
            return string.Join(',', Values.Select((v, i) => $"{(short_ ? last[i] : v.Key)}={Plain(v.Value)}"));
        }
    }

    // A unit's name has brackets and commas of its own.
    private static string Plain(string value) => string.Concat(value.Where(c => c is not ('"' or '[' or ']' or '{' or '}')).Select(c => c == ',' ? '+' : c));

    /// <inheritdoc/>
    public bool Equals(SweepPoint? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(0, (hash, value) => HashCode.Combine(hash, value));
}

/// <summary>A point that was tried.</summary>
/// <param name="Point">The point.</param>
/// <param name="Score">The metric's mean over members; NaN when the point failed.</param>
public sealed record SweepTrial(SweepPoint Point, double Score);
