using System.Text.Json.Nodes;

namespace Osteon.Masks.Tests;

/// <summary>One entry of a file of golden metrics: a mode and options, from which the labels follow, and what SMP counted and scored.</summary>
internal sealed class MetricCase(JsonObject golden)
{
    private const int Images = 3, MostClasses = 4, Pixels = 10 * 14;
    private static readonly double[] Weights = [0.1, 0.2, 0.3, 0.4];
    private static readonly string[] Counts = ["tp", "fp", "fn", "tn"];

    private readonly string _mode = (string)golden["mode"]!;
    private readonly JsonObject _options = golden["options"]!.AsObject();

    private int Classes => _mode == "binary" ? 1 : MostClasses;

    private bool Empty => Is("empty");

    private double ZeroDivision => (double?)_options["zero_division"] ?? 1;

    public override string ToString() => $"{_mode} {_options.ToJsonString()}";

    public static IEnumerable<MetricCase> In(string path) =>
        JsonNode.Parse(File.ReadAllText(path))!["cases"]!.AsArray().Select(c => new MetricCase(c!.AsObject()));

    /// <summary>What differs from the reference; nothing when all agrees.</summary>
    public IEnumerable<string> Differences()
    {
        var table = PixelTable.Of([.. Enumerable.Range(0, Images).Select(image => _mode == "multiclass" ? Labels(image) : Planes(image))]);
        foreach (var kind in Counts)
        {
            var found = Enumerable.Range(0, Images * Classes).Select(i => Count(kind, table[i / Classes, i % Classes]));
            if (!found.SequenceEqual(golden[kind]!.AsArray().SelectMany(row => row!.AsArray()).Select(v => (long)v!)))
            {
                yield return $"{this}: {kind} is {string.Join(", ", found)}";
            }
        }

        foreach (var (name, reductions) in golden["metrics"]!.AsObject())
        {
            var metric = name == "fbeta_score" ? PixelMetric.FBeta(2) : PixelMetric.ByName[name];
            foreach (var (reduction, values) in reductions!.AsObject())
            {
                var (found, expected) = (Scores(table, metric, reduction), values!.AsArray().Select(Number).ToArray());
                if (found.Length != expected.Length || !found.Zip(expected, Near).All(near => near))
                {
                    yield return $"{this}: {name} {reduction} is {string.Join(", ", found)}, expected {string.Join(", ", expected)}";
                }
            }
        }
    }

    private double[] Scores(PixelTable table, Func<PixelCounts, double> metric, string reduction)
    {
        var weights = reduction.Contains("weighted", StringComparison.Ordinal) || Is("weighted") ? Weights[..Classes] : null;
        return Enum.Parse<ScoreReduction>(reduction.Replace("-", "", StringComparison.Ordinal), ignoreCase: true) is var named && named != ScoreReduction.None
            ? [table.Score(metric, named, weights, ZeroDivision)]
            : table.Scores(metric, ZeroDivision);
    }

    // The reference divides in single precision, and likelihood ratios divide by one minus a rate.
    private static bool Near(double found, double expected) =>
        found.Equals(expected) || Math.Abs(found - expected) <= 2e-6 * Math.Max(1, Math.Abs(expected));

    private PixelCounts[] Labels(int image)
    {
        var (prediction, truth) = (new int[Pixels], new int[Pixels]);
        var ignored = (int?)_options["ign"];
        for (var p = 0; p < Pixels; p++)
        {
            var i = (image * Pixels) + p;
            truth[p] = (int)((Hash("metric.target", i) >> 8) % MostClasses);
            prediction[p] = Mixed(i) ? truth[p] : (int)((Hash("metric.pred", i) >> 8) % MostClasses);
            if (Empty)
            {
                truth[p] = truth[p] == 2 ? 0 : truth[p];
                prediction[p] = prediction[p] == 2 ? 0 : prediction[p];
            }

            truth[p] = ignored is { } value && (Hash("metric.ignore", i) & 7) == 0 ? value : truth[p];
        }

        return PixelTally.OfLabels<int>(prediction, truth, MostClasses, ignored);
    }

    private PixelCounts[] Planes(int image)
    {
        var (prediction, truth) = (new float[Classes * Pixels], new float[Classes * Pixels]);
        var threshold = (float?)_options["thr"];
        for (var p = 0; p < truth.Length; p++)
        {
            var i = (image * truth.Length) + p;
            truth[p] = Hash("metric.target", i) >> 31;
            prediction[p] = threshold is not null ? (((GoldenHash.Unit(i, GoldenHash.Seed("metric.pred")) + 1) / 2) + truth[p]) / 2
                : Mixed(i) ? truth[p] : Hash("metric.pred", i) >> 31;
            (prediction[p], truth[p]) = Empty && image == 0 ? (0, 0) : (prediction[p], truth[p]);
        }

        return threshold is { } limit
            ? PixelTally.OfPlanes(prediction, truth, Classes, limit)
            : PixelTally.OfPlanes([.. prediction.Select(v => (byte)v)], [.. truth.Select(v => (byte)v)], Classes);
    }

    private static bool Mixed(int i) => ((Hash("metric.mix", i) >> 5) & 1) == 1;

    private static uint Hash(string key, int i) => GoldenHash.Of(i, GoldenHash.Seed(key));

    private bool Is(string option) => (bool?)_options[option] ?? false;

    private static long Count(string kind, PixelCounts c) => kind switch
    {
        "tp" => c.TruePositive,
        "fp" => c.FalsePositive,
        "fn" => c.FalseNegative,
        _ => c.TrueNegative,
    };

    private static double Number(JsonNode? value) => value!.GetValueKind() == System.Text.Json.JsonValueKind.String
        ? (string)value! switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN }
        : (double)value!;
}
