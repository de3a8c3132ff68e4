using System.Globalization;
using System.Text.Json.Nodes;

namespace Osteon.Tracking;

/// <summary>Writes events to a tracking server over MLflow's REST API.</summary>
/// <param name="options">The server.</param>
/// <param name="spool">Where the journals of other runs lie: one of them may be the parent's.</param>
/// <param name="warn">Told of what the server refuses.</param>
internal sealed class RestSink(ServerOptions options, string spool, Action<string> warn) : IRunSink
{
    private const string Missing = "RESOURCE_DOES_NOT_EXIST", Exists = "RESOURCE_ALREADY_EXISTS";
    private const string ArtifactScheme = "mlflow-artifacts";
    private const int MostTagsAtCreation = 100;

    private readonly MlflowClient _client = new(options);
    private readonly RunLookup _lookup = new();
    private readonly Dictionary<string, string> _experiments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _chosen = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => options.Address;

    /// <inheritdoc/>
    public RetryPolicy Retries => options.Retries;

    /// <inheritdoc/>
    public DeliveryState? Begin(StartEvent start, DeliveryState state, Action<DeliveryState> keep, CancellationToken cancellation)
    {
        if (start.Existing.Length > 0 && Continue(start, state, cancellation) is { } existing)
        {
            return existing;
        }

        var experiment = Experiment(start, cancellation);
        var parent = string.Empty;
        if (start.Parent.Length > 0 && !TryParent(start, experiment, state.Destination, cancellation, out parent))
        {
            return null;
        }

        // An answer may have been lost on its way: the run is there, then, and known by its tag.
        if (state.Creations > 0 && RunLookup.Find(_client, experiment, start.RunId, cancellation).FirstOrDefault() is { } found)
        {
            return Known(state, found);
        }

        state = state with { Creations = state.Creations + 1 };
        keep(state);
        var tags = start.Tags.Select(t => new TagEvent(t.Key, t.Value)).Concat(parent.Length > 0 ? [new TagEvent(RunTags.ParentRunId, parent)] : []).ToArray();
        try
        {
            var answer = _client.Post("runs/create", new JsonObject
            {
                ["experiment_id"] = experiment,
                ["run_name"] = start.Name,
                ["user_id"] = start.User,
                ["start_time"] = start.Time,
                ["tags"] = new JsonArray([.. tags.Reverse().Take(MostTagsAtCreation).Select(t => LogBatch.Pair(t.Key, t.Value))]),
            }, cancellation);
            state = Known(state, Info(answer));
        }
        catch (MlflowException error)
        {
            // The experiment may have been deleted since it was found.
            _experiments.Remove(start.Experiment);
            _chosen.Remove(start.ExperimentId);
            throw new DeliveryException(DeliveryFailure.Later, $"run '{start.Name}' cannot be created ({error.Message})", inner: error);
        }

        Write(state, [.. tags.Reverse().Skip(MostTagsAtCreation)], cancellation);
        return state;
    }

    /// <inheritdoc/>
    public void Write(DeliveryState run, IReadOnlyList<RunEvent> events, CancellationToken cancellation)
    {
        var batch = new LogBatch();
        foreach (var item in events)
        {
            var alone = item is DatasetEvent or EndEvent or TagEvent { Key: RunTags.RunName };
            if (alone || !batch.TryAdd(item))
            {
                Send(run, batch.Items, cancellation);
                batch = new LogBatch();
                if (alone)
                {
                    Try(run, [item], () => SendAlone(run, item, cancellation), cancellation);
                }
                else
                {
                    batch.TryAdd(item);
                }
            }
        }

        Send(run, batch.Items, cancellation);
    }

    /// <inheritdoc/>
    public void Place(DeliveryState run, ArtifactEvent artifact, string file, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(run.ArtifactUri, UriKind.Absolute, out var root) || root.Scheme != ArtifactScheme || (root.Host.Length > 0 && !options.Address.Contains(root.Host, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DeliveryException(DeliveryFailure.Refused,
                $"the server keeps artifacts at '{run.ArtifactUri}', which it does not serve; 'mlflow server --serve-artifacts' does");
        }

        try
        {
            _client.Put($"{Uri.UnescapeDataString(root.AbsolutePath).Trim('/')}/{artifact.Target}", file, cancellation);
        }
        catch (MlflowException error)
        {
            throw new DeliveryException(DeliveryFailure.Refused, error.Message, inner: error);
        }
        catch (IOException error)
        {
            throw new DeliveryException(DeliveryFailure.Refused, $"its copy cannot be read ({error.Message})", inner: error);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A creation whose answer was lost or late, or that a proxy sent twice, may have left a second run. It is known by the tag that only
    /// this run has, and by having nothing in it.
    /// </remarks>
    public void Conclude(StartEvent start, DeliveryState run, CancellationToken cancellation)
    {
        try
        {
            foreach (var stray in RunLookup.Find(_client, run.ExperimentId, start.RunId, cancellation).Where(r => r.RunId != run.RunId && r.IsEmpty))
            {
                _client.Post("runs/delete", new JsonObject { ["run_id"] = stray.RunId }, cancellation);
            }
        }
        catch (MlflowException error)
        {
            warn($"tracking: {options.Address} cannot be searched for copies of run '{start.Name}' ({error.Message})");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static DeliveryState Known(DeliveryState state, RemoteRun run) =>
        state with { RunId = run.RunId, ExperimentId = run.ExperimentId, ArtifactUri = run.ArtifactUri };

    private static RemoteRun Info(JsonObject answer) => RemoteRun.Read(answer["run"])
        ?? throw new DeliveryException(DeliveryFailure.Later, "it answers with a run that has no run_id");

    private DeliveryState? Continue(StartEvent start, DeliveryState state, CancellationToken cancellation)
    {
        try
        {
            var run = Info(_client.Get("runs/get", cancellation, ("run_id", start.Existing)));
            _client.Post("runs/update", new JsonObject { ["run_id"] = run.RunId, ["status"] = "RUNNING" }, cancellation);
            var known = Known(state, run);
            Write(known, [.. start.Tags.Where(t => t.Key != RunTags.RunName).Select(t => new TagEvent(t.Key, t.Value))], cancellation);
            return known;
        }
        catch (MlflowException error)
        {
            warn($"tracking: run {start.Existing} cannot be continued ({error.Message}); a new one is begun");
            return null;
        }
    }

    private string Experiment(StartEvent start, CancellationToken cancellation)
    {
        if (start.ExperimentId.Length == 0)
        {
            return Experiment(start.Experiment, cancellation);
        }

        if (!_chosen.TryGetValue(start.ExperimentId, out var there))
        {
            there = _chosen[start.ExperimentId] = Ask(start.ExperimentId, "experiments/get", "experiment_id", start.ExperimentId, cancellation) is not null;
            if (!there)
            {
                warn($"tracking: {options.Address} has no experiment {start.ExperimentId} (MLFLOW_EXPERIMENT_ID); runs go to '{start.Experiment}'");
            }
        }

        return there ? start.ExperimentId : Experiment(start.Experiment, cancellation);
    }

    private string Experiment(string name, CancellationToken cancellation)
    {
        if (_experiments.TryGetValue(name, out var known))
        {
            return known;
        }

        var id = FindExperiment(name, cancellation) ?? CreateExperiment(name, cancellation) ?? FindExperiment(name, cancellation)
            ?? throw new DeliveryException(DeliveryFailure.Later, $"experiment '{name}' is neither there nor can it be created");
        return _experiments[name] = id;
    }

    private string? FindExperiment(string name, CancellationToken cancellation) => Ask(name, "experiments/get-by-name", "experiment_name", name, cancellation);

    // Its id; null where there is none.
    private string? Ask(string name, string path, string key, string value, CancellationToken cancellation)
    {
        try
        {
            var experiment = _client.Get(path, cancellation, (key, value))["experiment"];
            var id = RemoteRun.Text(experiment, "experiment_id");
            if (id.Length > 0 && RemoteRun.Text(experiment, "lifecycle_stage") == "deleted")
            {
                // MLflow hides the runs of a deleted experiment; who writes to it wants to see them.
                _client.Post("experiments/restore", new JsonObject { ["experiment_id"] = id }, cancellation);
            }

            return id.Length > 0 ? id : null;
        }
        catch (MlflowException error) when (error.Code == Missing || (key == "experiment_id" && error.Code == "INVALID_PARAMETER_VALUE"))
        {
            return null;
        }
        catch (MlflowException error)
        {
            throw new DeliveryException(DeliveryFailure.Later, $"experiment '{name}' cannot be asked for ({error.Message})", inner: error);
        }
    }

    private string? CreateExperiment(string name, CancellationToken cancellation)
    {
        try
        {
            return RemoteRun.Text(_client.Post("experiments/create", new JsonObject { ["name"] = name }, cancellation), "experiment_id") is { Length: > 0 } id ? id : null;
        }
        catch (MlflowException error) when (error.Code == Exists)
        {
            // Another process was faster, or the answer to an earlier attempt was lost.
            return null;
        }
        catch (MlflowException error)
        {
            throw new DeliveryException(DeliveryFailure.Later, $"experiment '{name}' cannot be created ({error.Message})", inner: error);
        }
    }

    private bool TryParent(StartEvent start, string experiment, string destination, CancellationToken cancellation, out string parent)
    {
        if (_lookup.Known(start.Parent) is { } known)
        {
            parent = known;
            return true;
        }

        var folder = new RunFolder(Path.Combine(spool, start.Parent));
        parent = Guid.TryParseExact(start.Parent, "N", out _) ? DeliveryState.Load(folder.Delivered, destination).RunId : string.Empty;
        if (parent.Length == 0)
        {
            if (folder.HasJournal)
            {
                return false;
            }

            parent = RunLookup.Find(_client, experiment, start.Parent, cancellation).FirstOrDefault()?.RunId ?? string.Empty;
            if (parent.Length == 0)
            {
                warn($"tracking: run '{start.Name}' stands alone: {options.Address} does not know the run {start.Parent} that it belongs to");
                return true;
            }
        }

        _lookup.Remember(start.Parent, parent);
        return true;
    }

    private void SendAlone(DeliveryState run, RunEvent item, CancellationToken cancellation)
    {
        switch (item)
        {
            case EndEvent end:
                _client.Post("runs/update", new JsonObject
                {
                    ["run_id"] = run.RunId,
                    ["status"] = end.Status.ToString().ToUpperInvariant(),
                    ["end_time"] = end.Time,
                }, cancellation);
                break;
            case TagEvent tag:
                _client.Post("runs/set-tag", new JsonObject { ["run_id"] = run.RunId, ["key"] = tag.Key, ["value"] = tag.Value }, cancellation);
                break;
            case DatasetEvent dataset:
                _client.Post("runs/log-inputs", new JsonObject
                {
                    ["run_id"] = run.RunId,
                    ["datasets"] = new JsonArray(new JsonObject
                    {
                        ["dataset"] = new JsonObject
                        {
                            ["name"] = dataset.Name,
                            ["digest"] = dataset.Digest,
                            ["source_type"] = "local",
                            ["source"] = dataset.SourceJson,
                        },
                        ["tags"] = new JsonArray(LogBatch.Pair("mlflow.data.context", dataset.Context)),
                    }),
                }, cancellation);
                break;
        }
    }

    private void Send(DeliveryState run, IReadOnlyList<RunEvent> items, CancellationToken cancellation)
    {
        if (items.Count > 0)
        {
            Try(run, items, () => _client.Post("runs/log-batch", LogBatch.Body(run.RunId, items), cancellation), cancellation);
        }
    }

    /// <summary>A batch is taken whole or not at all: what the server refuses is looked for by halves, so that the rest arrives.</summary>
    private void Try(DeliveryState run, IReadOnlyList<RunEvent> items, Action send, CancellationToken cancellation)
    {
        try
        {
            send();
        }
        catch (MlflowException error)
        {
            CheckRun(run, cancellation);
            if (items.Count == 1)
            {
                warn($"tracking: {Describe(items[0])} of run {run.RunId} is left out; {options.Address} refuses it ({error.Message})");
                return;
            }

            var half = items.Count / 2;
            Send(run, [.. items.Take(half)], cancellation);
            Send(run, [.. items.Skip(half)], cancellation);
        }
    }

    private void CheckRun(DeliveryState run, CancellationToken cancellation)
    {
        try
        {
            if (Info(_client.Get("runs/get", cancellation, ("run_id", run.RunId))).IsDeleted)
            {
                throw new DeliveryException(DeliveryFailure.Refused, $"it was deleted on {options.Address}");
            }
        }
        catch (MlflowException error)
        {
            throw new DeliveryException(error.Code == Missing ? DeliveryFailure.Lost : DeliveryFailure.Later, $"{options.Address} says {error.Message}", inner: error);
        }
    }

    private static string Describe(RunEvent item) => item switch
    {
        ParamEvent param => $"parameter '{param.Key}' = '{Limits.Cut(param.Value, 80)}'",
        MetricEvent metric => string.Create(CultureInfo.InvariantCulture, $"metric '{metric.Key}' of step {metric.Step}"),
        TagEvent tag => $"tag '{tag.Key}'",
        DatasetEvent dataset => $"data set '{dataset.Name}'",
        _ => "the end",
    };
}
