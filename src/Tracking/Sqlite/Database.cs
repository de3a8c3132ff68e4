using Microsoft.Data.Sqlite;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>One connection to an MLflow database, with its statements kept compiled. For one thread.</summary>
internal sealed class Database : IDisposable
{
    // WAL needs shared memory between the writers, which these do not give.
    private static readonly string[] NetworkFileSystems = ["nfs", "cifs", "smb", "fuse", "9p", "afs", "lustre", "gpfs", "ceph", "beegfs"];

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    static Database() => SQLitePCL.Batteries_V2.Init();

    private Database(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the database, creating it first where there is none.</summary>
    /// <param name="path">The file; its folder is created.</param>
    /// <exception cref="SqliteException">SQLite cannot open or write it.</exception>
    /// <exception cref="DataException">The file is a database, but not MLflow's.</exception>
    public static Database Open(string path)
    {
        if (!File.Exists(path))
        {
            Create(path);
        }

        var database = Connect(path, SqliteOpenMode.ReadWrite);
        try
        {
            if (database.Scalar("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'runs'") is null)
            {
                throw new DataException(path, "is not an MLflow database; move it away or track in another folder");
            }

            // What is committed here leaves the journal, so a power cut must not take it back.
            database.Execute("PRAGMA synchronous = FULL");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement; parameters are $0, $1, … in order.</summary>
    /// <returns>Rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>The first column of the first row; null when there is no row.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteScalar();

    /// <summary>All rows of a query.</summary>
    public List<object?[]> Rows(string sql, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Does the work in one transaction that takes the write lock at its start, so that it cannot fail half-way for a reader's lock.</summary>
    public void Transact(Action work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            Execute("COMMIT");
        }
        catch
        {
            try
            {
                Execute("ROLLBACK");
            }
            catch (SqliteException)
            {
                // SQLite has rolled back by itself, as it does when the disk is full.
            }

            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    /// <summary>Builds the database under another name and links it into place, so that nobody ever opens half a schema.</summary>
    private static void Create(string path)
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(path)!).FullName;
        var temporary = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            using (var database = Connect(temporary, SqliteOpenMode.ReadWriteCreate))
            {
                // Set once, here: switching under load fails with "database is locked".
                database.Scalar($"PRAGMA journal_mode = {(IsOnNetwork(folder) ? "DELETE" : "WAL")}");
                database.Transact(() =>
                {
                    using var reader = new StreamReader(typeof(Database).Assembly.GetManifestResourceStream("Schema.sql")!);
                    database.Execute(reader.ReadToEnd());
                    database.Execute(
                        "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage) VALUES (0, 'Default', $0, 'active')",
                        "mlflow-artifacts:/0");
                });
            }

            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster; its database is as good.
        }
        finally
        {
            foreach (var rest in new[] { temporary, temporary + "-wal", temporary + "-shm", temporary + "-journal" })
            {
                File.Delete(rest);
            }
        }
    }

    private static Database Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            // Seconds to wait for another writer. SQLite's own busy_timeout stays 0: this build of it sleeps whole seconds at a
            // time, while the provider asks again every 150 ms.
            DefaultTimeout = 60,
        }.ToString());
        try
        {
            connection.Open();
            return new Database(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static bool IsOnNetwork(string folder)
    {
        try
        {
            var format = new DriveInfo(folder).DriveFormat;
            return NetworkFileSystems.Any(n => format.StartsWith(n, StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter($"${i}", null));
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
