using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>
/// All published weights that tables beside the plugins list: <c>FOLDER/NAME/NAME.weights.tsv</c>, which an encoder's plugin brings, and
/// <c>FOLDER/NAME.weights.tsv</c>, dropped in. They are no part of a plugin's digest: a new line trains nothing anew.
/// </summary>
public sealed class WeightCatalog
{
    private readonly Lazy<ILookup<string, PublishedWeights>> _sets;

    private WeightCatalog(IReadOnlyList<string> folders) => _sets = new(() => folders.Select(Path.GetFullPath).Distinct().Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Prepend(folder))
        .SelectMany(folder => Directory.EnumerateFiles(folder, $"*{Ending}").Order(StringComparer.Ordinal))
        .SelectMany(WeightTable.Read).ToLookup(set => set.Encoder, StringComparer.Ordinal));

    /// <summary>What the names of tables end in.</summary>
    public static string Ending => ".weights.tsv";

    /// <summary>Finds tables in the plugins' folders; they are read when first asked for.</summary>
    /// <param name="folders">Those that do not exist are passed over.</param>
    public static WeightCatalog Load(IReadOnlyList<string> folders) => new(folders);

    /// <summary>All sets, by encoder.</summary>
    /// <exception cref="ConfigurationException">A table is wrong.</exception>
    public IEnumerable<PublishedWeights> All => _sets.Value.OrderBy(sets => sets.Key, StringComparer.Ordinal).SelectMany(sets => sets);

    /// <summary>An encoder's sets, the usual one first; none where nothing is published.</summary>
    /// <exception cref="ConfigurationException">A table is wrong.</exception>
    public IReadOnlyList<PublishedWeights> Of(string encoder) => [.. _sets.Value[encoder]];

    /// <summary>A set by a name of it.</summary>
    /// <exception cref="ConfigurationException">The encoder has none of that name, or two tables say different things of it.</exception>
    public PublishedWeights Find(string encoder, string weights) => WhyNot(encoder, weights) is { } reason
        ? throw new ConfigurationException($"weights '{weights}' {reason}")
        : Of(encoder).First(set => set.Names.Contains(weights));

    /// <summary>Why a name cannot be used, to be put behind it in a message; null when it can.</summary>
    internal string? WhyNot(string encoder, string weights)
    {
        var sets = Of(encoder);
        PublishedWeights[] found = [.. sets.Where(set => set.Names.Contains(weights)).Distinct()];
        if (found.Length == 1)
        {
            return null;
        }

        string[] names = [.. sets.SelectMany(set => set.Names).Distinct()];
        return (found.Length, names.Length) switch
        {
            ( > 1, _) => $"of {encoder} is listed twice: as {found[0].Id}/{found[0].File} in {found[0].Table}, and as {found[1].Id}/{found[1].File} in {found[1].Table}. Remove or rename one.",
            (_, 0) => $"is unknown: no weights of {encoder} are published. Name a file, or leave it out.",
            _ => $"is unknown for {encoder}{Nearest.Hint(weights, names)}. There are {string.Join(", ", names)}; or name a file.",
        };
    }
}
