using Microsoft.Data.Sqlite;

namespace Osteon.Tracking.Tests;

/// <summary>A folder of its own for a test, with a clock that stands still and the warnings kept.</summary>
internal sealed class TrackingFolder : IDisposable
{
    private readonly List<string> _warnings = [];
    private readonly List<TrackingStore> _stores = [];

    public string Path { get; } = Directory.CreateTempSubdirectory("osteon-tracking-").FullName;

    public StandingClock Clock { get; } = new();

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_warnings)
            {
                return [.. _warnings];
            }
        }
    }

    public string Database => System.IO.Path.Combine(Path, "mlflow.db");

    public string Spool => System.IO.Path.Combine(Path, "spool");

    public TrackingStore Open() => Open(Path);

    public TrackingStore Open(string folder) => Open(TrackingLocation.OfFolder(folder));

    public TrackingStore Open(FaultyServer server, Func<ServerOptions, ServerOptions>? change = null) => Open(TrackingLocation.OfServer(Options(server, change)));

    public TrackingStore Open(TrackingLocation location, string? spool = null)
    {
        var store = TrackingStore.Open(location, spool ?? Spool, Clock, Warn);
        _stores.Add(store);
        return store;
    }

    /// <summary>What a person would set for this server, but for waits that a test has no time for.</summary>
    public static ServerOptions Options(FaultyServer server, Func<ServerOptions, ServerOptions>? change = null)
    {
        var options = ServerOptions.Read(server.Address, _ => null) with
        {
            Timeout = TimeSpan.FromSeconds(60),
            UploadTimeout = TimeSpan.FromSeconds(60),
            Retries = new RetryPolicy(Most: 20, Factor: 0, Jitter: 0.002, Longest: TimeSpan.FromSeconds(1)),
        };
        return change is null ? options : change(options);
    }

    /// <summary>What --target=SyncTracking does.</summary>
    public BacklogReport Sync(FaultyServer? server = null) => TrackingBacklog.Send(
        Spool, name => server is null ? null : Environment(server, name), Clock, _ => { }, Warn, CancellationToken.None);

    private static string? Environment(FaultyServer server, string name) => name switch
    {
        "MLFLOW_TRACKING_URI" => server.Address,
        "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR" or "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER" => "0",
        "MLFLOW_HTTP_REQUEST_TIMEOUT" or "MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT" => "1",
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES" => "20",
        _ => null,
    };

    public RunLog Start(TrackingStore store, string name = "run", string? parent = null) =>
        store.StartRun("hands", name, parent, new Dictionary<string, string>());

    /// <summary>The first column of all rows, joined by newlines; columns by '|'.</summary>
    /// <remarks>What the stores opened here were told before is there.</remarks>
    public string Sql(string sql, string? database = null)
    {
        foreach (var store in _stores)
        {
            store.Flush(TimeSpan.FromSeconds(60));
        }

        using var connection = new SqliteConnection($"Data Source={database ?? Database};Mode=ReadWrite;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(string.Join('|', values.Select(v => Convert.ToString(v, System.Globalization.CultureInfo.InvariantCulture))));
        }

        return string.Join('\n', rows);
    }

    public void Dispose()
    {
        _stores.ForEach(s => s.Dispose());
        Directory.Delete(Path, recursive: true);
    }

    private void Warn(string message)
    {
        lock (_warnings)
        {
            _warnings.Add(message);
        }
    }
}

internal sealed class StandingClock : TimeProvider
{
    /// <summary>Unix time in ms.</summary>
    public long Now { get; set; } = 1_700_000_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);
}
