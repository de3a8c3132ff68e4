using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>What one part of an ensemble is worth.</summary>
/// <param name="Name">A member, or a model with all of its folds.</param>
/// <param name="Weight">What it counts.</param>
/// <param name="Dice">Alone.</param>
/// <param name="Without">The ensemble's Dice without it; NaN where nothing is left.</param>
public sealed record PartValue(string Name, double Weight, double Dice, double Without)
{
    /// <summary>What it adds: the ensemble's Dice less the rest's.</summary>
    public double Value(double ensemble) => ensemble - Without;
}

/// <summary>An ensemble taken apart: analysis.json beside its scores.</summary>
public sealed record EnsembleAnalysis
{
    /// <summary>The rule in words.</summary>
    public required string Rule { get; init; }

    /// <summary>Members on the test cases, in plan order; empty where these have no truth.</summary>
    public IReadOnlyList<PartValue> Members { get; init; } = [];

    /// <summary>Each model with all of its folds, on the test cases; empty where there is one model or one fold.</summary>
    public IReadOnlyList<PartValue> FoldEnsembles { get; init; } = [];

    /// <summary>The ensemble's test Dice with its interval over patients; null without truth.</summary>
    public Estimate? Dice { get; init; }

    /// <summary>Patients of the scored test cases.</summary>
    public int Patients { get; init; }

    /// <summary>Its difference to the best member, paired by patients; null without truth or with one member.</summary>
    public Estimate? Difference { get; init; }

    /// <summary>Models on validation cases, each by networks that have not learned from them.</summary>
    public IReadOnlyList<PartValue> Models { get; init; } = [];

    /// <summary>All models together, by more than half, on validation cases; NaN without truth.</summary>
    public double ValidationDice { get; init; } = double.NaN;

    /// <summary>Validation cases.</summary>
    public int ValidationCases { get; init; }

    /// <summary>The greedy selection's steps.</summary>
    public IReadOnlyList<SelectionStep> Selection { get; init; } = [];

    /// <summary>What a person should know, a sentence each.</summary>
    /// <param name="classes">How many there are.</param>
    public IEnumerable<string> Sentences(int classes)
    {
        yield return $"{Rule}.";
        if (Dice is { } dice)
        {
            // Of one patient every resample is the same.
            yield return Patients == 1
                ? string.Create(CultureInfo.InvariantCulture, $"Dice {dice.Mean:F4} on the one test patient: no interval can be told ({classes} classes).")
                : string.Create(CultureInfo.InvariantCulture, $"Dice {dice.Mean:F4}, and from {dice.Low:F4} to {dice.High:F4} in 95 of 100 resamples of the {Patients} test patients ({classes} classes).");
        }

        if (Difference is { } difference)
        {
            yield return Patients == 1
                ? string.Create(CultureInfo.InvariantCulture, $"Against the best member {difference.Mean:+0.0000;-0.0000}.")
                : string.Create(CultureInfo.InvariantCulture, $"Against the best member {difference.Mean:+0.0000;-0.0000}, from {difference.Low:+0.0000;-0.0000} to {difference.High:+0.0000;-0.0000}{(difference.Low <= 0 && difference.High >= 0 ? ": these patients do not tell them apart" : "")}.");
        }

        if (Models.Count > 1)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Out of fold ({ValidationCases} validation cases): {string.Join(", ", Models.Select(m => $"{m.Name} {m.Dice.ToString("F4", CultureInfo.InvariantCulture)}"))}; all {ValidationDice:F4}; greedy selection: {Selected()}, {Selection[^1].Dice:F4}.");
        }
    }

    private string Selected() => string.Join(", ", Models.Where(m => m.Weight > 0).Select(m => m.Weight == 1 ? m.Name : $"{m.Name} ×{m.Weight.ToString("0", CultureInfo.InvariantCulture)}"));

    /// <summary>In the stage's folder.</summary>
    public const string FileName = "analysis.json";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes analysis.json.</summary>
    public void Save(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Layout));

    /// <summary>Reads it.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static EnsembleAnalysis Load(string folder) => UnitJson.Read<EnsembleAnalysis>(Path.Combine(folder, FileName), Layout);
}
