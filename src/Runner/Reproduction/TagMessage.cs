using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>A unit as a tag pins it.</summary>
/// <param name="Key">SHA-256 of its facts.</param>
/// <param name="Output">SHA-256 over its files.</param>
/// <param name="Metrics">Headline numbers.</param>
public sealed record TaggedUnit(string Key, string Output, IReadOnlyDictionary<string, double> Metrics);

/// <summary>What a tag's message says.</summary>
public sealed record TagRecord
{
    /// <summary>The message's layout.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The experiment's name.</summary>
    public required string Experiment { get; init; }

    /// <summary>Its file at the tagged commit, from the repository's root; the lock lies beside it.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the resolved plan.</summary>
    public required string Config { get; init; }

    /// <summary>The resolved plan.</summary>
    public required JsonObject Plan { get; init; }

    /// <summary>Digests of what Convert reads.</summary>
    public required IReadOnlyDictionary<string, string> Data { get; init; }

    /// <summary>Digests of plugins, by "kind name".</summary>
    public required IReadOnlyDictionary<string, string> Plugins { get; init; }

    /// <summary>Units up to the vote.</summary>
    public required IReadOnlyDictionary<string, TaggedUnit> Units { get; init; }

    /// <summary>The row of the leaderboard; null where no test case had truth.</summary>
    public ResultRecord? Result { get; init; }

    /// <summary>Where it was computed.</summary>
    public required Platform Platform { get; init; }

    /// <summary>How far a metric may be off on another platform.</summary>
    public required double Tolerance { get; init; }
}

/// <summary>An annotated tag's message: lines for people, and the same as JSON between two marks.</summary>
public static class TagMessage
{
    private const string Begin = "-----BEGIN OSTEON RESULT-----";
    private const string End = "-----END OSTEON RESULT-----";

    /// <summary>The whole message.</summary>
    public static string Write(TagRecord record)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{record.Experiment}: {(record.Result is { } row ? string.Create(CultureInfo.InvariantCulture, $"{(row.Metric is { } metric ? ClassAnalysis.TitleOf(metric) : "Dice")} {row.Dice.Mean:F4} [{row.Dice.Low:F4}, {row.Dice.High:F4}]") : "no test case had truth")}\n\n");
        if (record.Result is { } result)
        {
            text.Append(CultureInfo.InvariantCulture, $"{result.Members.Count} members, {result.Cases} test cases of {result.Patients} patients; the interval is a 95 % bootstrap over patients.\n");
            foreach (var member in result.Members)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {member.Name}: {member.Dice:F4}\n");
            }

            text.Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"config   {record.Config}\n");
        Digests(text, "data", record.Data);
        Digests(text, "plugin", record.Plugins);
        Digests(text, "output", record.Units.ToDictionary(u => u.Key, u => u.Value.Output));
        text.Append(CultureInfo.InvariantCulture, $"\nMade on {record.Platform.Processor} ({record.Platform.Runtime}, {record.Platform.Isa}), libtorch {record.Platform.Libtorch}, {record.Platform.Device}.\n");
        text.Append("Bring it back: dotnet cake --target=Reproduce --tag=THIS\n\n");
        return text.Append(CultureInfo.InvariantCulture, $"{Begin}\n{JsonSerializer.Serialize(record, ResultRecord.Layout)}\n{End}\n").ToString();
    }

    /// <summary>Reads a tag's message.</summary>
    /// <exception cref="ConfigurationException">There is no such tag, or Osteon did not make it.</exception>
    public static TagRecord Read(Git git, string tag)
    {
        if (git.TryAsk("for-each-ref", "--format=%(objecttype)", $"refs/tags/{tag}") is not { Length: > 0 } type)
        {
            var tags = git.Tags();
            throw new ConfigurationException($"--tag={tag}: there is no such tag{Nearest.Hint(tag, tags)}. Tags: {string.Join(", ", tags.DefaultIfEmpty("none"))}.");
        }

        return (type == "tag" ? Parse(git.Ask("for-each-ref", "--format=%(contents)", $"refs/tags/{tag}")) : null)
            ?? throw new ConfigurationException($"--tag={tag}: is no tag of --target=Tag: its message holds no result.");
    }

    /// <summary>The record in a message; null where there is none.</summary>
    public static TagRecord? Parse(string message)
    {
        var begin = message.IndexOf(Begin, StringComparison.Ordinal);
        var end = message.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<TagRecord>(message[(begin + Begin.Length)..end], ResultRecord.Layout);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Digests(StringBuilder text, string what, IReadOnlyDictionary<string, string> digests)
    {
        foreach (var (name, digest) in digests.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{what,-8} {digest} {name}\n");
        }
    }
}
