using System.Globalization;
using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>A tagged result that was made once more.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Key">The Ensemble unit's key in the tag.</param>
/// <param name="Config">The tag's SHA-256 of the resolved plan.</param>
/// <param name="When">When it ended.</param>
/// <param name="Host">On which machine.</param>
/// <param name="Verdict">bit-equal, within tolerance, or different.</param>
/// <param name="FromCache">Units that were still in the cache were not made again.</param>
public sealed record ReproductionRecord(string Tag, string Experiment, string Key, string Config, DateTimeOffset When, string Host, string Verdict, bool FromCache);

/// <summary>
/// Results of this checkout, one file each: <c>.osteon/results/EXPERIMENT.KEY.CONFIG.json</c>, for two plans may make the same vote. Not the locks, which know only what an
/// experiment is now; not the cache, which is cleaned; not MLflow, which may be a server elsewhere.
/// </summary>
/// <param name="folder">.osteon/results.</param>
public sealed class ResultStore(string folder)
{
    private const string Reproduced = ".reproduced-";

    /// <summary>The store of a repository.</summary>
    public static ResultStore In(string root) => new(Path.Combine(root, ".osteon", "results"));

    /// <summary>Whether a result is kept.</summary>
    public bool Has(string experiment, string key, string config) => File.Exists(FileOf(experiment, key, config));

    /// <summary>Keeps a result; one that is there already stays, with the commit and the time it was first made at.</summary>
    public void Add(ResultRecord result)
    {
        if (!Has(result.Experiment, result.Key, result.Config))
        {
            AtomicFile.WriteAllText(FileOf(result.Experiment, result.Key, result.Config), JsonSerializer.Serialize(result, ResultRecord.Layout) + "\n");
        }
    }

    /// <summary>Keeps a reproduction.</summary>
    public void Add(ReproductionRecord reproduction) => AtomicFile.WriteAllText(
        FileOf(reproduction.Experiment, reproduction.Key, reproduction.Config)[..^".json".Length] + string.Create(CultureInfo.InvariantCulture, $"{Reproduced}{reproduction.When.UtcDateTime:yyyyMMdd'T'HHmmss}.json"),
        JsonSerializer.Serialize(reproduction, ResultRecord.Layout) + "\n");

    /// <summary>All results, the newest first; a file that cannot be read is told of and left out.</summary>
    public IReadOnlyList<ResultRecord> Results(Action<string> warn) =>
        [.. Read<ResultRecord>(name => !name.Contains(Reproduced, StringComparison.Ordinal), warn).OrderByDescending(r => r.Made).ThenBy(r => r.Experiment, StringComparer.Ordinal)];

    /// <summary>All reproductions, the newest first.</summary>
    public IReadOnlyList<ReproductionRecord> Reproductions(Action<string> warn) =>
        [.. Read<ReproductionRecord>(name => name.Contains(Reproduced, StringComparison.Ordinal), warn).OrderByDescending(r => r.When)];

    private string FileOf(string experiment, string key, string config) => Path.Combine(folder, $"{experiment}.{key[..16]}.{config[..8]}.json");

    private IEnumerable<T> Read<T>(Func<string, bool> isOne, Action<string> warn)
        where T : class
    {
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Where(f => isOne(Path.GetFileName(f))).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            T? read = null;
            try
            {
                read = JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), ResultRecord.Layout);
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                warn($"{file}: is left out: {e.Message}");
            }

            if (read is not null)
            {
                yield return read;
            }
        }
    }
}
