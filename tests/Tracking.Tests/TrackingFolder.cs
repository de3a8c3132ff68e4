using Microsoft.Data.Sqlite;

namespace Osteon.Tracking.Tests;

/// <summary>A folder of its own for a test, with a clock that stands still and the warnings kept.</summary>
internal sealed class TrackingFolder : IDisposable
{
    private readonly List<string> _warnings = [];

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

    public TrackingStore Open() => Open(Path);

    public TrackingStore Open(string folder) => TrackingStore.Open(folder, Clock, Warn);

    public RunLog Start(TrackingStore store, string name = "run", string? parent = null) =>
        store.StartRun("hands", name, parent, new Dictionary<string, string>());

    /// <summary>The first column of all rows, joined by newlines; columns by '|'.</summary>
    public string Sql(string sql, string? database = null)
    {
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

    public void Dispose() => Directory.Delete(Path, recursive: true);

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
