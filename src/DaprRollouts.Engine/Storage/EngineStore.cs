using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;
using Microsoft.Data.Sqlite;

namespace DaprRollouts.Engine.Storage;

/// <summary>A timer that is due.</summary>
internal readonly record struct DueTimer(string Instance, TimerMark Mark);

/// <summary>Reads and writes the engine's tables. Used by one thread at a time.</summary>
internal sealed class EngineStore(SqliteConnection connection) : IDisposable
{
    private readonly StatementCache _sql = new(connection);

    /// <summary>The database file, to name in messages.</summary>
    public string Path => connection.DataSource;

    public StatementCache Sql => _sql;

    public void Begin() => _sql.Run("BEGIN IMMEDIATE");

    public void Commit() => _sql.Run("COMMIT");

    /// <summary>Writes something that changes nothing; an error if nothing can be written.</summary>
    public void Probe() => _sql.Run("UPDATE instances SET generation = generation WHERE key = (SELECT min(key) FROM instances)");

    /// <summary>Takes back what has not been committed; nothing if SQLite has done so itself.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            _sql.Run("ROLLBACK");
        }
    }

    /// <summary>Loads an instance; null if there is none.</summary>
    public Instance? Load(string id)
    {
        Instance instance;
        InstanceRow row;
        using (var found = _sql.Query("SELECT key, status, generation, custom_status, ended, has_tasks, awaits_start FROM instances WHERE id = $1", id))
        {
            if (!found.Read())
            {
                return null;
            }

            instance = new Instance(id, found.GetInt64(0));
            row = new InstanceRow(
                (OrchestrationStatus)found.GetInt32(1),
                found.GetInt32(2),
                found.IsDBNull(3) ? null : found.GetString(3),
                TimeIn(found, 4),
                found.GetBoolean(5),
                TimeIn(found, 6));
        }

        var (history, bytes) = History(instance.Key);
        instance.StoredBytes = bytes;
        instance.Restore(row, history, Inbox(instance.Key));
        return instance;
    }

    /// <summary>When the next timer is due; null if there is none.</summary>
    public DateTime? NextTimer() => _sql.Scalar("SELECT min(due) FROM timers") is long due ? Time(due) : null;

    /// <summary>The timers that are due, the oldest first, as many as given.</summary>
    public IReadOnlyList<DueTimer> DueTimers(DateTime now, int limit)
    {
        List<DueTimer> due = [];
        using var rows = _sql.Query(
            "SELECT i.id, t.due, t.timer FROM timers t JOIN instances i ON i.key = t.instance WHERE t.due <= $1 ORDER BY t.due, t.instance, t.timer LIMIT $2",
            now.Ticks, limit);
        while (rows.Read())
        {
            due.Add(new DueTimer(rows.GetString(0), new TimerMark(Time(rows.GetInt64(1)), rows.GetInt32(2))));
        }

        return due;
    }

    /// <summary>The instances for which a worker may have something to do: something has arrived, or activities are open.</summary>
    public IReadOnlyList<string> Unfinished() => Texts(
        "SELECT id FROM instances WHERE key IN (SELECT instance FROM inbox UNION SELECT key FROM instances WHERE has_tasks = 1) ORDER BY key");

    /// <summary>The instances that wait for a worker that fits.</summary>
    public IReadOnlyList<string> Stalled() => Texts("SELECT id FROM instances WHERE status = 8 ORDER BY key");

    /// <summary>Ids in order, after one, as many as given.</summary>
    public IReadOnlyList<string> Ids(string after, int limit) => Texts("SELECT id FROM instances WHERE id > $1 ORDER BY id LIMIT $2", after, limit);

    /// <summary>Instances of some outcomes that ended before a time, as many as given.</summary>
    public IReadOnlyList<string> EndedBefore(DateTime time, OrchestrationStatus status, int limit) => Texts(
        "SELECT id FROM instances WHERE ended IS NOT NULL AND ended < $1 AND status = $2 ORDER BY ended LIMIT $3", time.Ticks, (int)status, limit);

    /// <summary>How many instances there are, by status.</summary>
    public Dictionary<OrchestrationStatus, long> CountByStatus()
    {
        Dictionary<OrchestrationStatus, long> counts = [];
        using var rows = _sql.Query("SELECT status, count(*) FROM instances GROUP BY status");
        while (rows.Read())
        {
            counts[(OrchestrationStatus)rows.GetInt32(0)] = rows.GetInt64(1);
        }

        return counts;
    }

    /// <summary>The highest key of a kind that has been given out.</summary>
    public long LastInstanceKey() => _sql.Scalar("SELECT max(key) FROM instances") as long? ?? 0;

    /// <summary>The highest place in the order of arrival that has been given out.</summary>
    public long LastInboxKey() => _sql.Scalar("SELECT max(key) FROM inbox") as long? ?? 0;

    /// <summary>How large the database is.</summary>
    public long Bytes() => (long)_sql.Scalar("PRAGMA page_count")! * (long)_sql.Scalar("PRAGMA page_size")!;

    /// <summary>Lets go of the database without closing it, as a process does that ends in the middle of something.</summary>
    public void Abandon()
    {
        Rollback();
        _sql.Dispose();
    }

    public void Dispose()
    {
        _sql.Dispose();
        connection.Dispose();
    }

    private (List<HistoryEvent> Events, long Bytes) History(long key)
    {
        List<HistoryEvent> events = [];
        long bytes = 0;
        using var rows = _sql.Query("SELECT events FROM history WHERE instance = $1 ORDER BY first", key);
        while (rows.Read())
        {
            var batch = (byte[])rows[0];
            bytes += batch.Length;
            events.AddRange(GetInstanceHistoryResponse.Parser.ParseFrom(batch).Events);
        }

        return (events, bytes);
    }

    private List<InboxEntry> Inbox(long key)
    {
        List<InboxEntry> entries = [];
        using var rows = _sql.Query("SELECT key, event FROM inbox WHERE instance = $1 ORDER BY key", key);
        while (rows.Read())
        {
            entries.Add(new InboxEntry(rows.GetInt64(0), HistoryEvent.Parser.ParseFrom((byte[])rows[1])));
        }

        return entries;
    }

    private static DateTime? TimeIn(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetInt64(column));

    private static DateTime Time(long ticks) => new(ticks, DateTimeKind.Utc);

    private List<string> Texts(string sql, params ReadOnlySpan<object?> values)
    {
        List<string> texts = [];
        using var rows = _sql.Query(sql, values);
        while (rows.Read())
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }
}
