using System.Globalization;
using Microsoft.Data.Sqlite;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>A run of the embedded store as it stands: settings and the latest value of each metric.</summary>
/// <param name="RunId">32 hex digits.</param>
/// <param name="Name">As the page shows it.</param>
/// <param name="Started">When it began.</param>
/// <param name="Params">By key.</param>
/// <param name="Metrics">By key; what was NaN is NaN.</param>
public sealed record RunSummary(string RunId, string Name, DateTimeOffset Started, IReadOnlyDictionary<string, string> Params, IReadOnlyDictionary<string, double> Metrics)
{
    static RunSummary() => SQLitePCL.Batteries_V2.Init();

    /// <summary>The latest run that goes by a name, or the one of an id; null where there is none.</summary>
    /// <param name="folder">Holds mlflow.db.</param>
    /// <param name="nameOrId">A run's name, or the first eight or more digits of its id.</param>
    /// <exception cref="DataException">The store cannot be read.</exception>
    public static RunSummary? Find(string folder, string nameOrId)
    {
        var path = Path.Combine(folder, TrackingLocation.DatabaseName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var database = Open(path);
            var isId = nameOrId.Length >= 8 && nameOrId.All(char.IsAsciiHexDigitLower);
            var found = Rows(database, "SELECT run_uuid, name, start_time FROM runs WHERE lifecycle_stage = 'active' AND (name = $0 OR ($1 AND run_uuid LIKE $0 || '%')) ORDER BY start_time DESC, rowid DESC LIMIT 1", nameOrId, isId);
            return found is [[string id, var name, var started]]
                ? new RunSummary(id, name as string ?? id, DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(started, CultureInfo.InvariantCulture)),
                    Rows(database, "SELECT key, value FROM params WHERE run_uuid = $0", id).ToDictionary(r => (string)r[0]!, r => (string)r[1]!, StringComparer.Ordinal),
                    Rows(database, "SELECT key, CASE WHEN is_nan THEN NULL ELSE value END FROM latest_metrics WHERE run_uuid = $0", id)
                        .ToDictionary(r => (string)r[0]!, r => r[1] is null ? double.NaN : Convert.ToDouble(r[1], CultureInfo.InvariantCulture), StringComparer.Ordinal))
                : null;
        }
        catch (SqliteException e)
        {
            throw new DataException(path, $"cannot be read as MLflow's store: {e.Message}", e);
        }
    }

    /// <summary>What is wrong with the store, in SQLite's words; null when it is whole.</summary>
    /// <param name="folder">Holds mlflow.db.</param>
    public static string? Check(string folder)
    {
        try
        {
            using var database = Open(Path.Combine(folder, TrackingLocation.DatabaseName));
            return Rows(database, "PRAGMA quick_check(1)") is [["ok"]] ? null : "mlflow.db is damaged";
        }
        catch (SqliteException e)
        {
            return $"mlflow.db cannot be read: {e.Message}";
        }
    }

    private static SqliteConnection Open(string path)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        database.Open();
        return database;
    }

    private static List<object?[]> Rows(SqliteConnection database, string sql, params object[] values)
    {
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // every text here is our own
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i}"), values[i]);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }

        return rows;
    }
}
