using System.Text.Json.Nodes;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>One cell of a stage's matrix, e.g. Train[model=unet-r18,fold=1], and everything its result depends on.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Cell">What tells it from its siblings; empty when the stage has one unit.</param>
/// <param name="Config">The slice of the plan it reads, and no more.</param>
/// <param name="Plugins">Digests of the DLLs whose code decides the result, by name.</param>
/// <param name="Inputs">Output hashes of what it reads, by unit id; <see cref="Pending"/> where a dry run cannot know.</param>
public sealed record Unit(
    string Stage,
    string Cell,
    JsonObject Config,
    IReadOnlyDictionary<string, string> Plugins,
    IReadOnlyDictionary<string, string> Inputs)
{
    /// <summary>Stands for an output that does not exist yet, in a dry run.</summary>
    public const string Pending = "?";

    /// <summary>The name in the lock, in logs and on the command line.</summary>
    public string Id => Cell.Length == 0 ? Stage : $"{Stage}[{Cell}]";

    /// <summary>The inputs that a dry run leaves open.</summary>
    public IEnumerable<string> PendingInputs => Inputs.Where(i => i.Value == Pending).Select(i => i.Key);

    /// <summary>Everything the key is made of, kept in the lock so that a later change can be explained.</summary>
    public JsonObject Facts(int version) => new()
    {
        ["stage"] = Stage,
        ["version"] = version,
        ["config"] = Config.DeepClone(),
        ["plugins"] = ToJson(Plugins),
        ["inputs"] = ToJson(Inputs),
    };

    /// <summary>SHA-256 of the facts' canonical JSON.</summary>
    public static string KeyOf(JsonObject facts) => CanonicalJson.Hash(facts);

    private static JsonObject ToJson(IReadOnlyDictionary<string, string> values) => new(values
        .OrderBy(p => p.Key, StringComparer.Ordinal)
        .Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
}
