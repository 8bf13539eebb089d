using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace DaprRollouts.Engine.Storage;

/// <summary>A timer that is due.</summary>
internal sealed record DueTimer(string Instance, int Generation, int Timer, HistoryEvent Event);

/// <summary>An activity that a worker is to run.</summary>
internal sealed record PendingTask(string Instance, int Generation, int Task, ActivityRequest Request);

/// <summary>Reads and writes the engine's tables. Used by one thread; the caller opens and commits transactions.</summary>
internal sealed class EngineStore(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    public void Begin() => Run("BEGIN IMMEDIATE");

    public void Commit() => Run("COMMIT");

    public void Rollback() => Run("ROLLBACK");

    /// <summary>Loads an instance; null if there is none.</summary>
    public Instance? Load(string id)
    {
        Instance instance;
        using (var row = Query("SELECT generation, custom_status, created, updated, scheduled FROM instances WHERE id = $1", id))
        {
            if (!row.Read())
            {
                return null;
            }

            instance = new Instance(id)
            {
                Generation = row.GetInt32(0),
                CustomStatus = row.IsDBNull(1) ? null : row.GetString(1),
                Created = Time(row.GetInt64(2)),
                Updated = Time(row.GetInt64(3)),
                ScheduledStart = row.IsDBNull(4) ? null : Time(row.GetInt64(4)),
            };
        }

        using (var rows = Query("SELECT event FROM history WHERE instance = $1 ORDER BY sequence", id))
        {
            while (rows.Read())
            {
                instance.History.Add(HistoryEvent.Parser.ParseFrom((byte[])rows[0]));
            }
        }

        using (var rows = Query("SELECT key, event FROM inbox WHERE instance = $1 ORDER BY key", id))
        {
            while (rows.Read())
            {
                instance.Inbox.Add(new InboxEntry(rows.GetInt64(0), HistoryEvent.Parser.ParseFrom((byte[])rows[1])));
            }
        }

        return instance;
    }

    public void SaveInstance(Instance instance) => Run(
        "INSERT OR REPLACE INTO instances (id, status, generation, custom_status, created, updated, ended, scheduled) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        instance.Id, (int)instance.Status, instance.Generation, instance.CustomStatus, Number(instance.Created), Number(instance.Updated),
        instance.IsEnded ? Number(instance.Updated) : null, instance.ScheduledStart is { } scheduled ? Number(scheduled) : null);

    public void AppendHistory(string id, int sequence, HistoryEvent value) =>
        Run("INSERT INTO history (instance, sequence, event) VALUES ($1, $2, $3)", id, sequence, value.ToByteArray());

    public void ClearHistory(string id) => Run("DELETE FROM history WHERE instance = $1", id);

    public long AddToInbox(string id, HistoryEvent value)
    {
        Run("INSERT INTO inbox (instance, event) VALUES ($1, $2)", id, value.ToByteArray());
        return (long)Scalar("SELECT last_insert_rowid()")!;
    }

    public void RemoveFromInbox(long key) => Run("DELETE FROM inbox WHERE key = $1", key);

    public void AddTask(PendingTask task) => Run(
        "INSERT OR REPLACE INTO tasks (instance, generation, task, request) VALUES ($1, $2, $3, $4)",
        task.Instance, task.Generation, task.Task, task.Request.ToByteArray());

    /// <summary>Takes an activity off the list; null if it is not on it any more.</summary>
    public ActivityRequest? TakeTask(string id, int generation, int task)
    {
        if (Scalar("SELECT request FROM tasks WHERE instance = $1 AND generation = $2 AND task = $3", id, generation, task) is not byte[] request)
        {
            return null;
        }

        Run("DELETE FROM tasks WHERE instance = $1 AND generation = $2 AND task = $3", id, generation, task);
        return ActivityRequest.Parser.ParseFrom(request);
    }

    public void AddTimer(DueTimer timer, DateTime due) => Run(
        "INSERT OR REPLACE INTO timers (instance, generation, timer, due, event) VALUES ($1, $2, $3, $4, $5)",
        timer.Instance, timer.Generation, timer.Timer, Number(due), timer.Event.ToByteArray());

    /// <summary>When the next timer is due; null if there is none.</summary>
    public DateTime? NextTimer() => Scalar("SELECT min(due) FROM timers") is long due ? Time(due) : null;

    /// <summary>Takes due timers off the list.</summary>
    public IReadOnlyList<DueTimer> TakeTimers(DateTime now, int limit)
    {
        List<DueTimer> due = [];
        using (var rows = Query("SELECT instance, generation, timer, event FROM timers WHERE due <= $1 ORDER BY due LIMIT $2", Number(now), limit))
        {
            while (rows.Read())
            {
                due.Add(new DueTimer(rows.GetString(0), rows.GetInt32(1), rows.GetInt32(2), HistoryEvent.Parser.ParseFrom((byte[])rows[3])));
            }
        }

        foreach (var timer in due)
        {
            Run("DELETE FROM timers WHERE instance = $1 AND generation = $2 AND timer = $3", timer.Instance, timer.Generation, timer.Timer);
        }

        return due;
    }

    /// <summary>Drops what an instance waits for: its activities and timers.</summary>
    public void DropPending(string id)
    {
        Run("DELETE FROM tasks WHERE instance = $1", id);
        Run("DELETE FROM timers WHERE instance = $1", id);
    }

    public void Delete(string id)
    {
        DropPending(id);
        Run("DELETE FROM inbox WHERE instance = $1", id);
        ClearHistory(id);
        Run("DELETE FROM instances WHERE id = $1", id);
    }

    /// <summary>All activities that were under way when the engine last ended.</summary>
    public IReadOnlyList<PendingTask> Tasks()
    {
        List<PendingTask> tasks = [];
        using var rows = Query("SELECT instance, generation, task, request FROM tasks");
        while (rows.Read())
        {
            tasks.Add(new PendingTask(rows.GetString(0), rows.GetInt32(1), rows.GetInt32(2), ActivityRequest.Parser.ParseFrom((byte[])rows[3])));
        }

        return tasks;
    }

    /// <summary>The instances to which something has come that no turn has taken.</summary>
    public IReadOnlyList<string> InstancesWithInbox() => Texts("SELECT DISTINCT instance FROM inbox");

    /// <summary>Ids in order, after one, as many as given.</summary>
    public IReadOnlyList<string> Ids(string after, int limit) => Texts("SELECT id FROM instances WHERE id > $1 ORDER BY id LIMIT $2", after, limit);

    /// <summary>Instances that ended before a time, as many as given.</summary>
    public IReadOnlyList<string> EndedBefore(DateTime time, int limit) =>
        Texts("SELECT id FROM instances WHERE ended IS NOT NULL AND ended < $1 LIMIT $2", Number(time), limit);

    /// <summary>How many instances there are, by status.</summary>
    public IReadOnlyDictionary<OrchestrationStatus, long> CountByStatus()
    {
        Dictionary<OrchestrationStatus, long> counts = [];
        using var rows = Query("SELECT status, count(*) FROM instances GROUP BY status");
        while (rows.Read())
        {
            counts[(OrchestrationStatus)rows.GetInt32(0)] = rows.GetInt64(1);
        }

        return counts;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private static long Number(DateTime time) => time.Ticks;

    private static DateTime Time(long ticks) => new(ticks, DateTimeKind.Utc);

    private List<string> Texts(string sql, params ReadOnlySpan<object?> values)
    {
        List<string> texts = [];
        using var rows = Query(sql, values);
        while (rows.Read())
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }

    private void Run(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteNonQuery();

    private object? Scalar(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteScalar();

    private SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteReader();

    private SqliteCommand Prepared(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }

            _commands[sql] = command;
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
