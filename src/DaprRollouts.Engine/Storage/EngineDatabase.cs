using Microsoft.Data.Sqlite;

namespace DaprRollouts.Engine.Storage;

/// <summary>Opens the engine's database file, and refuses one that is not the engine's own.</summary>
internal static class EngineDatabase
{
    // "DRwf": says in the file's header whose it is.
    private const int ApplicationId = 0x44527766;

    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE instances (
          id TEXT PRIMARY KEY, status INTEGER NOT NULL, generation INTEGER NOT NULL, custom_status TEXT,
          created INTEGER NOT NULL, updated INTEGER NOT NULL, ended INTEGER, scheduled INTEGER) WITHOUT ROWID;
        CREATE INDEX instances_ended ON instances (ended) WHERE ended IS NOT NULL;
        CREATE TABLE history (instance TEXT NOT NULL, sequence INTEGER NOT NULL, event BLOB NOT NULL, PRIMARY KEY (instance, sequence)) WITHOUT ROWID;
        CREATE TABLE inbox (key INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, event BLOB NOT NULL);
        CREATE INDEX inbox_instance ON inbox (instance);
        CREATE TABLE tasks (
          instance TEXT NOT NULL, generation INTEGER NOT NULL, task INTEGER NOT NULL, request BLOB NOT NULL,
          PRIMARY KEY (instance, generation, task)) WITHOUT ROWID;
        CREATE TABLE timers (
          instance TEXT NOT NULL, generation INTEGER NOT NULL, timer INTEGER NOT NULL, due INTEGER NOT NULL, event BLOB NOT NULL,
          PRIMARY KEY (instance, generation, timer)) WITHOUT ROWID;
        CREATE INDEX timers_due ON timers (due);
        """;

    /// <summary>Opens the database in a directory, for this process alone.</summary>
    public static SqliteConnection Open(WorkflowEngineOptions options)
    {
        var path = Path.Combine(options.DataDirectory, "engine.db");
        SqliteConnection? connection = null;
        try
        {
            Directory.CreateDirectory(options.DataDirectory);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
            connection.Open();
            Prepare(connection, path, options.SurvivesPowerLoss);
            return connection;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw new EngineDataException(Explain(path, e), e);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    private static void Prepare(SqliteConnection connection, string path, bool survivesPowerLoss)
    {
        // An exclusive lock keeps a second process out, and spares the shared-memory file.
        Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
        var owner = (long)Scalar(connection, "PRAGMA application_id")!;
        var version = (long)Scalar(connection, "PRAGMA user_version")!;
        var tables = (long)Scalar(connection, "SELECT count(*) FROM sqlite_master")!;
        if (tables > 0 && owner != ApplicationId)
        {
            throw new EngineDataException($"{path} is a database of another program: choose another data directory");
        }

        if (version > SchemaVersion)
        {
            throw new EngineDataException($"{path} was written by a newer version (schema {version}, this one knows {SchemaVersion}): run that version, or choose another data directory");
        }

        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, $"PRAGMA synchronous = {(survivesPowerLoss ? "FULL" : "NORMAL")}");
        Execute(connection, "BEGIN IMMEDIATE");
        if (tables == 0)
        {
            Execute(connection, Schema + $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion};");
        }

        Execute(connection, "COMMIT");
    }

    private static string Explain(string path, Exception e) => e switch
    {
        SqliteException { SqliteErrorCode: 5 or 6 } => $"{path} is in use by another process: end that one, or choose another data directory",
        SqliteException { SqliteErrorCode: 8 } or UnauthorizedAccessException => $"{path} cannot be written: check the permissions of the directory",
        SqliteException { SqliteErrorCode: 11 or 26 } => $"{path} is damaged or not a database: restore it from a backup, or choose another data directory ({e.Message})",
        SqliteException { SqliteErrorCode: 13 } => $"{path}: the disk is full: make room",
        _ => $"{path} cannot be opened: {e.Message}",
    };

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
