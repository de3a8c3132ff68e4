using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;

namespace Osteon.Tracking.Tests;

/// <summary>A run as the model keeps it.</summary>
internal sealed class ModelRun
{
    public required string Id { get; init; }

    public required string Experiment { get; init; }

    public string Name { get; set; } = "";

    public string Status { get; set; } = "RUNNING";

    public long Start { get; init; }

    public long? End { get; set; }

    public bool Deleted { get; set; }

    public Dictionary<string, string> Params { get; } = [];

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Key, value, timestamp, step: the primary key, so that the same point twice is one.</summary>
    public HashSet<(string Key, string Value, long Time, long Step)> Metrics { get; } = [];

    public HashSet<(string Name, string Digest, string Context)> Datasets { get; } = [];

    public string ArtifactUri => $"mlflow-artifacts:/{Experiment}/{Id}/artifacts";
}

/// <summary>What MLflow's tracking server does with each request, as observed on real ones: limits, refusals, and what is not idempotent.</summary>
internal sealed partial class MlflowModel
{
    private readonly Lock _gate = new();
    private int _next = 1;

    public Dictionary<string, (string Name, bool Deleted)> Experiments { get; } = [];

    public Dictionary<string, ModelRun> Runs { get; } = [];

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Runs somebody sees.</summary>
    public IReadOnlyList<ModelRun> Visible
    {
        get
        {
            lock (_gate)
            {
                return [.. Runs.Values.Where(r => !r.Deleted)];
            }
        }
    }

    /// <summary>Somebody starts with an empty database.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            Runs.Clear();
            Experiments.Clear();
            Files.Clear();
        }
    }

    public Answer Answer(Request request)
    {
        lock (_gate)
        {
            try
            {
                return Respond(request);
            }
            catch (Refusal refusal)
            {
                return new Answer(refusal.Status, "application/json", new JsonObject { ["error_code"] = refusal.Code, ["message"] = refusal.Message }.ToJsonString());
            }
        }
    }

    private Answer Respond(Request request)
    {
        const string Api = "/api/2.0/mlflow/", Artifacts = "/api/2.0/mlflow-artifacts/artifacts/";
        var path = request.Path.Split('?')[0];
        if (request.Method == "PUT" && path.StartsWith(Artifacts, StringComparison.Ordinal))
        {
            var name = Uri.UnescapeDataString(path[Artifacts.Length..]);
            if (name.Contains('#', StringComparison.Ordinal) || name.Split('/').Contains(".."))
            {
                throw new Refusal("INVALID_PARAMETER_VALUE", "Invalid path");
            }

            Files[name] = request.Body;
            return new Answer(200, "application/json", "{}");
        }

        if (!path.StartsWith(Api, StringComparison.Ordinal))
        {
            return new Answer(404, "text/html", "<html>Not Found</html>");
        }

        var query = HttpUtility.ParseQueryString(request.Path.Contains('?', StringComparison.Ordinal) ? request.Path.Split('?')[1] : "");
        var body = new JsonObject();
        if (request.Method == "POST")
        {
            if (!request.Headers.TryGetValue("Content-Type", out var type) || type != "application/json")
            {
                throw new Refusal("INVALID_PARAMETER_VALUE", "Bad Request. Content-Type should be 'application/json'.");
            }

            body = JsonNode.Parse(request.Body)!.AsObject();
        }

        var reply = (request.Method, path[Api.Length..]) switch
        {
            ("GET", "experiments/get-by-name") => GetExperiment(query["experiment_name"]!),
            ("GET", "experiments/get") => Experiments.TryGetValue(query["experiment_id"]!, out var own)
                ? GetExperiment(own.Name)
                : throw new Refusal("RESOURCE_DOES_NOT_EXIST", $"No Experiment with id={query["experiment_id"]} exists", 404),
            ("POST", "experiments/create") => CreateExperiment(Text(body, "name")),
            ("POST", "experiments/restore") => Restore(Text(body, "experiment_id")),
            ("POST", "runs/create") => CreateRun(body),
            ("GET", "runs/get") => new JsonObject { ["run"] = Describe(Run(query["run_id"]!)) },
            ("POST", "runs/search") => Search(body),
            ("POST", "runs/update") => Update(body),
            ("POST", "runs/delete") => Delete(Text(body, "run_id")),
            ("POST", "runs/log-batch") => LogBatch(body),
            ("POST", "runs/set-tag") => SetTag(body),
            ("POST", "runs/log-inputs") => LogInputs(body),
            _ => null,
        };
        return reply is null ? new Answer(404, "text/html", "<html>Not Found</html>") : new Answer(200, "application/json", reply.ToJsonString());
    }

    private JsonObject GetExperiment(string name)
    {
        var (id, found) = Experiments.FirstOrDefault(e => e.Value.Name == name);
        return id is null
            ? throw new Refusal("RESOURCE_DOES_NOT_EXIST", $"Could not find experiment with name '{name}'", 404)
            : new JsonObject { ["experiment"] = new JsonObject { ["experiment_id"] = id, ["name"] = name, ["lifecycle_stage"] = found.Deleted ? "deleted" : "active" } };
    }

    private JsonObject CreateExperiment(string name)
    {
        if (Experiments.Values.Any(e => e.Name == name))
        {
            throw new Refusal("RESOURCE_ALREADY_EXISTS", $"Experiment(name={name}) already exists.");
        }

        var id = $"{_next++}";
        Experiments[id] = (name, false);
        return new JsonObject { ["experiment_id"] = id };
    }

    private JsonObject Restore(string id)
    {
        Experiments[id] = (Experiments[id].Name, false);
        return [];
    }

    private JsonObject CreateRun(JsonObject body)
    {
        var experiment = Text(body, "experiment_id");
        if (!Experiments.TryGetValue(experiment, out var known))
        {
            throw new Refusal("RESOURCE_DOES_NOT_EXIST", $"No Experiment with id={experiment} exists", 404);
        }

        if (known.Deleted)
        {
            throw new Refusal("INVALID_PARAMETER_VALUE", "The experiment must be in the 'active' state.");
        }

        // Whatever id the client asks for, the server chooses; and asking twice makes two.
        var run = new ModelRun
        {
            Id = $"{_next++:x32}",
            Experiment = experiment,
            Name = Text(body, "run_name"),
            Start = body["start_time"]!.GetValue<long>(),
        };
        foreach (var tag in body["tags"]!.AsArray())
        {
            run.Tags[Name(tag!, "key")] = Text(tag!, "value");
        }

        Runs.Add(run.Id, run);
        return new JsonObject { ["run"] = Describe(run) };
    }

    private JsonObject Search(JsonObject body)
    {
        var filter = TagFilter().Match(Text(body, "filter"));
        Assert.True(filter.Success, "only filters on one tag are modelled");
        var experiments = body["experiment_ids"]!.AsArray().Select(e => e!.GetValue<string>()).ToHashSet();
        var found = Runs.Values.Where(r => !r.Deleted && experiments.Contains(r.Experiment) && r.Tags.GetValueOrDefault(filter.Groups[1].Value) == filter.Groups[2].Value).ToArray();

        // One a page, so that paging is walked.
        var page = body["page_token"] is { } token ? int.Parse(token.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture) : 0;
        var reply = new JsonObject();
        if (page < found.Length)
        {
            reply["runs"] = new JsonArray(Describe(found[page]));
        }

        if (page + 1 < found.Length)
        {
            reply["next_page_token"] = $"{page + 1}";
        }

        return reply;
    }

    private JsonObject Update(JsonObject body)
    {
        var run = Active(Text(body, "run_id"));
        run.Status = Text(body, "status");
        run.End = body["end_time"]?.GetValue<long>() ?? run.End;
        return [];
    }

    private JsonObject Delete(string id)
    {
        Run(id).Deleted = true;
        return [];
    }

    private JsonObject LogBatch(JsonObject body)
    {
        var run = Active(Text(body, "run_id"));
        var (metrics, parameters, tags) = (body["metrics"]!.AsArray(), body["params"]!.AsArray(), body["tags"]!.AsArray());
        if (metrics.Count > 1000 || parameters.Count > 100 || tags.Count > 100 || metrics.Count + parameters.Count + tags.Count > 1000)
        {
            throw new Refusal("INVALID_PARAMETER_VALUE", "A batch logging request can contain at most 1000 metrics, 100 params, 100 tags and 1000 in all.");
        }

        if (Encoding.UTF8.GetByteCount(body.ToJsonString()) > 1_000_000)
        {
            throw new Refusal("REQUEST_TOO_LARGE", "too large", 413);
        }

        if (parameters.Select(p => Text(p!, "key")).Distinct().Count() != parameters.Count)
        {
            throw new Refusal("INVALID_PARAMETER_VALUE", "Duplicate parameter keys have been submitted.");
        }

        foreach (var param in parameters)
        {
            if (run.Params.TryGetValue(Name(param!, "key"), out var old) && old != Text(param!, "value"))
            {
                throw new Refusal("INVALID_PARAMETER_VALUE", $"Changing param values is not allowed. Param with key='{Text(param!, "key")}' was already logged.");
            }
        }

        foreach (var metric in metrics)
        {
            run.Metrics.Add((Name(metric!, "key"), Number(metric!["value"]!), metric["timestamp"]!.GetValue<long>(), metric["step"]!.GetValue<long>()));
        }

        foreach (var param in parameters)
        {
            run.Params[Text(param!, "key")] = Text(param!, "value");
        }

        foreach (var tag in tags)
        {
            run.Tags[Name(tag!, "key")] = Text(tag!, "value");
        }

        return [];
    }

    private JsonObject SetTag(JsonObject body)
    {
        var run = Active(Text(body, "run_id"));
        run.Tags[Name(body, "key")] = Text(body, "value");
        run.Name = Text(body, "key") == "mlflow.runName" ? Text(body, "value") : run.Name;
        return [];
    }

    private JsonObject LogInputs(JsonObject body)
    {
        var run = Active(Text(body, "run_id"));
        foreach (var input in body["datasets"]!.AsArray())
        {
            var digest = Text(input!["dataset"]!, "digest");
            if (digest.Length > 36)
            {
                throw new Refusal("INVALID_PARAMETER_VALUE", "Dataset digest exceeds the maximum length of 36");
            }

            run.Datasets.Add((Text(input["dataset"]!, "name"), digest, Text(input["tags"]![0]!, "value")));
        }

        return [];
    }

    private ModelRun Run(string id) => Runs.GetValueOrDefault(id) ?? throw new Refusal("RESOURCE_DOES_NOT_EXIST", $"Run with id={id} not found", 404);

    private ModelRun Active(string id) => Run(id) is { Deleted: false } run ? run
        : throw new Refusal("INVALID_PARAMETER_VALUE", $"The run {id} must be in the 'active' state. Current state is deleted.");

    private static JsonObject Describe(ModelRun run) => new()
    {
        ["info"] = new JsonObject
        {
            ["run_id"] = run.Id,
            ["run_uuid"] = run.Id,
            ["experiment_id"] = run.Experiment,
            ["run_name"] = run.Name,
            ["status"] = run.Status,
            ["artifact_uri"] = run.ArtifactUri,
            ["lifecycle_stage"] = run.Deleted ? "deleted" : "active",
        },
        ["data"] = new JsonObject
        {
            ["metrics"] = new JsonArray([.. run.Metrics.Take(1).Select(m => (JsonNode)new JsonObject { ["key"] = m.Key })]),
            ["params"] = new JsonArray([.. run.Params.Take(1).Select(p => (JsonNode)new JsonObject { ["key"] = p.Key })]),
        },
    };

    private static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? throw new Refusal("INVALID_PARAMETER_VALUE", $"Missing value for required parameter '{name}'.");

    private static string Name(JsonNode node, string name) => Text(node, name) is { Length: > 0 and <= 250 } text && Legal().IsMatch(text) ? text
        : throw new Refusal("INVALID_PARAMETER_VALUE", $"Invalid name: '{Text(node, name)}'");

    private static string Number(JsonNode value) => value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>().ToString("R", System.Globalization.CultureInfo.InvariantCulture)
        : value.GetValue<string>() is "NaN" or "Infinity" or "-Infinity" ? value.GetValue<string>() : throw new Refusal("INVALID_PARAMETER_VALUE", "not a number");

    [GeneratedRegex(@"^[\w\-. :/]+$")]
    private static partial Regex Legal();

    [GeneratedRegex("^tags.`([^`]+)` = '([^']+)'$")]
    private static partial Regex TagFilter();

    private sealed class Refusal(string code, string message, int status = 400) : Exception(message)
    {
        public string Code { get; } = code;

        public int Status { get; } = status;
    }
}
