using Microsoft.Data.Sqlite;

namespace Osteon.Acceptance.Tests;

/// <summary>Reads a workspace's MLflow store with plain SQL.</summary>
internal static class Mlflow
{
    static Mlflow() => SQLitePCL.Batteries_V2.Init();

    public static SqliteConnection Open(Workspace workspace)
    {
        var database = new SqliteConnection($"Data Source={workspace.At(".osteon", "mlflow", "mlflow.db")};Mode=ReadOnly;Pooling=false");
        database.Open();
        return database;
    }

    public static string? Scalar(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public static string[] Statuses(Workspace workspace, string where)
    {
        using var database = Open(workspace);
        using var command = database.CreateCommand();
        command.CommandText = $"SELECT status FROM runs WHERE {where}";
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            found.Add(reader.GetString(0));
        }

        return [.. found];
    }
}
