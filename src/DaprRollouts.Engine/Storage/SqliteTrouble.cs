using Microsoft.Data.Sqlite;

namespace DaprRollouts.Engine.Storage;

/// <summary>Says what is wrong with a database file, and what helps.</summary>
internal static class SqliteTrouble
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static string Explain(string path, Exception e) => e switch
    {
        SqliteException { SqliteErrorCode: Busy or Locked } =>
            $"{path} is in use by another process: end that one, or choose another data directory",
        SqliteException { SqliteErrorCode: ReadOnly or CannotOpen } or UnauthorizedAccessException =>
            $"{path} cannot be written: check the permissions of the file and its directory",
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } =>
            $"{path} is damaged or not a database: restore it from a backup, or choose another data directory ({e.Message})",
        SqliteException { SqliteErrorCode: Full } => $"{path} cannot grow: the disk is full; make room on it",
        SqliteException { SqliteErrorCode: IoError } => $"{path} cannot be read or written: check the disk ({e.Message})",
        _ => $"{path} cannot be opened: {e.Message}",
    };
}
