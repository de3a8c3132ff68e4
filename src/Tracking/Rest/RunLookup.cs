using System.Text.Json.Nodes;

namespace Osteon.Tracking;

/// <summary>A run as a server describes it.</summary>
/// <param name="RunId">Its id there.</param>
/// <param name="ExperimentId">Its experiment's.</param>
/// <param name="ArtifactUri">Where its artifacts go.</param>
/// <param name="IsDeleted">Somebody deleted it.</param>
/// <param name="IsEmpty">It has neither params nor metrics.</param>
internal sealed record RemoteRun(string RunId, string ExperimentId, string ArtifactUri, bool IsDeleted, bool IsEmpty)
{
    /// <summary>Reads a run of an answer; null when it is none.</summary>
    public static RemoteRun? Read(JsonNode? run)
    {
        var info = (run as JsonObject)?["info"];
        var id = Text(info, "run_id") is { Length: > 0 } current ? current : Text(info, "run_uuid");
        return id.Length == 0 ? null : new RemoteRun(
            id,
            Text(info, "experiment_id"),
            Text(info, "artifact_uri"),
            Text(info, "lifecycle_stage") == "deleted",
            (run!["data"] as JsonObject)?.Where(p => p.Key is "metrics" or "params").All(p => p.Value is not JsonArray { Count: > 0 }) ?? true);
    }

    /// <summary>A string or a number of an object, as text; empty when it is neither.</summary>
    public static string Text(JsonNode? node, string name) => (node as JsonObject)?[name] is JsonValue value ? value.ToString() : string.Empty;
}

/// <summary>Finds runs by the tag <see cref="RunTags.Run"/>, and remembers what was found.</summary>
internal sealed class RunLookup
{
    private const int PageSize = 100, MostPages = 1000;

    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>The server's id for one of ours; null when it was not asked yet.</summary>
    public string? Known(string id) => _known.GetValueOrDefault(id);

    /// <summary>Keeps the server's id for one of ours.</summary>
    public void Remember(string id, string remote) => _known[id] = remote;

    /// <summary>All runs of an experiment that carry an id of ours; the same order whenever it is asked.</summary>
    public static List<RemoteRun> Find(MlflowClient client, string experiment, string id, CancellationToken cancellation)
    {
        var found = new List<RemoteRun>();
        var page = string.Empty;
        for (var i = 0; i < MostPages; i++)
        {
            var request = new JsonObject
            {
                ["experiment_ids"] = new JsonArray(experiment),
                ["filter"] = $"tags.`{RunTags.Run}` = '{id}'",
                ["run_view_type"] = "ACTIVE_ONLY",
                ["max_results"] = PageSize,
            };
            if (page.Length > 0)
            {
                request["page_token"] = page;
            }

            var answer = client.Post("runs/search", request, cancellation);
            found.AddRange((answer["runs"] as JsonArray ?? []).Select(RemoteRun.Read).OfType<RemoteRun>());
            page = RemoteRun.Text(answer, "next_page_token");
            if (page.Length == 0)
            {
                break;
            }
        }

        found.Sort((a, b) => string.CompareOrdinal(a.RunId, b.RunId));
        return found;
    }
}
