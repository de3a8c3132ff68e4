using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>export.json: where a written data set comes from, case by case, and what came back of it.</summary>
internal static class ExportRecord
{
    /// <summary>The file's name.</summary>
    public const string FileName = "export.json";

    private const string Made = "exported_by";
    private const long MostBytes = 256 << 20;

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the record.</summary>
    public static void Save(string folder, ExperimentSession session, JsonObject? labels, ExportOptions options, ExportedSet set, RoundTrip trip)
    {
        var plan = session.Plan;
        var facts = new JsonObject
        {
            [Made] = $"Osteon {typeof(ExportRecord).Assembly.GetName().Version!.ToString(3)}",
            ["made"] = session.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
            ["experiment"] = plan.Name,
            ["plan"] = PlanSlices.Digest(plan),
            ["inputs"] = new JsonObject(session.HashesOf("Convert", "Split").Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value))),
            ["read_as"] = PlanSlices.Json(plan.Data.Format),
            ["written_as"] = PlanSlices.Json(options.Writer),
            ["pseudo_labels"] = labels,
            ["round_trip"] = trip.ToJson(),
            ["cases"] = new JsonArray([.. set.Cases.Select(c => (JsonNode)new JsonObject
            {
                ["name"] = c.Name,
                ["id"] = c.Source.Id,
                ["patient"] = c.Source.Patient,
                ["image"] = c.Source.ImagePath,
                ["label"] = c.Source.LabelPath,
                ["part"] = c.IsTest ? "test" : "train",
                ["size"] = new JsonArray(c.Frame.Height, c.Frame.Width),
                ["metadata"] = new JsonObject(c.Source.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))),
            })]),
        };
        if (labels is null)
        {
            facts.Remove("pseudo_labels");
        }

        AtomicFile.WriteAllText(Path.Combine(folder, FileName), facts.ToJsonString(Layout) + "\n");
    }

    /// <summary>True when a folder holds a finished export.</summary>
    public static bool IsIn(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) && new FileInfo(path).Length <= MostBytes && JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject record && record.ContainsKey(Made);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
