using Microsoft.Data.Sqlite;

namespace DaprRollouts.Engine.Storage;

/// <summary>Opens the engine's database file, and refuses one that is not the engine's own.</summary>
internal static class EngineDatabase
{
    // "DRwf": says in the file's header whose it is.
    private const long ApplicationId = 0x44527766;

    private const long SchemaVersion = 2;

    // Histories and inboxes lie in the order of their instances: a turn touches one page of each.
    private const string Schema = """
        CREATE TABLE instances (
          key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status INTEGER NOT NULL, generation INTEGER NOT NULL,
          custom_status TEXT, ended INTEGER, has_tasks INTEGER NOT NULL, awaits_start INTEGER);
        CREATE INDEX instances_ended ON instances (ended) WHERE ended IS NOT NULL;
        CREATE INDEX instances_with_tasks ON instances (key) WHERE has_tasks = 1;
        CREATE INDEX instances_stalled ON instances (key) WHERE status = 8;
        CREATE TABLE history (
          instance INTEGER NOT NULL, first INTEGER NOT NULL, events BLOB NOT NULL, PRIMARY KEY (instance, first)) WITHOUT ROWID;
        CREATE TABLE inbox (
          instance INTEGER NOT NULL, key INTEGER NOT NULL, event BLOB NOT NULL, PRIMARY KEY (instance, key)) WITHOUT ROWID;
        CREATE TABLE timers (
          due INTEGER NOT NULL, instance INTEGER NOT NULL, timer INTEGER NOT NULL, PRIMARY KEY (due, instance, timer)) WITHOUT ROWID;
        """;

    /// <summary>Opens the database in a directory, for this process alone.</summary>
    public static SqliteConnection Open(WorkflowEngineOptions options)
    {
        var path = Path.GetFullPath(Path.Combine(options.DataDirectory, "engine.db"));
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(options.DataDirectory);
            connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
            connection.Open();
            Prepare(connection, path, options);
            return connection;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw new EngineDataException(SqliteTrouble.Explain(path, e), e);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>Opens an empty database that lives as long as its connection.</summary>
    public static SqliteConnection OpenInMemory()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Execute(connection, Schema);
        return connection;
    }

    private static void Prepare(SqliteConnection connection, string path, WorkflowEngineOptions options)
    {
        // An exclusive lock keeps a second process out, and spares the shared-memory file.
        Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
        var isNew = Number(connection, "SELECT count(*) FROM sqlite_master") == 0;
        Accept(path, isNew, Number(connection, "PRAGMA application_id"), Number(connection, "PRAGMA user_version"));
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, $"PRAGMA synchronous = {(options.SurvivesPowerLoss ? "FULL" : "NORMAL")}");
        // A checkpoint holds up commits: few large ones cost less than many small ones.
        Execute(connection, "PRAGMA wal_autocheckpoint = 4000");
        // Takes the lock at once, so that a second process fails here and not at its first write.
        Execute(connection, "BEGIN EXCLUSIVE");
        if (isNew)
        {
            Execute(connection, Schema + $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion};");
        }

        Execute(connection, "COMMIT");
        if (options.MaxDatabaseBytes > 0)
        {
            Execute(connection, $"PRAGMA max_page_count = {Math.Max(1, options.MaxDatabaseBytes / Number(connection, "PRAGMA page_size"))}");
        }
    }

    private static void Accept(string path, bool isNew, long owner, long version)
    {
        if (owner != ApplicationId && !(isNew && owner == 0))
        {
            throw new EngineDataException($"{path} is a database of another program: choose another data directory");
        }

        if (!isNew && version != SchemaVersion)
        {
            throw new EngineDataException(
                $"{path} was written by another version of the engine (schema {version}, this one knows {SchemaVersion}): "
                + "run that version, or choose another data directory");
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
