using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;

namespace Osteon.Training;

/// <summary>How training ended.</summary>
/// <param name="BestEpoch">The epoch whose weights were kept, from 1.</param>
/// <param name="BestScore">Its mean validation Dice at the stored resolution; ROC AUC where images are classified.</param>
/// <param name="FinalWeights">SHA-256 over the last step's weights: equal for equal jobs, interrupted or not.</param>
public sealed record TrainResult(int BestEpoch, double BestScore, string FinalWeights)
{
    private const string FileName = "result.json";
    private static readonly JsonSerializerOptions Layout = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The result in a folder where training came to its end, or null; a damaged one is as good as none.</summary>
    public static TrainResult? Find(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<TrainResult>(File.ReadAllBytes(path), Layout) is { FinalWeights: not null } result ? result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes result.json.</summary>
    public void Save(string folder) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Layout));
}
