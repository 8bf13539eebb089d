using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;
using Google.Protobuf;

namespace DaprRollouts.Engine.Storage;

/// <summary>Writes what has changed of instances, and no more.</summary>
internal static class InstanceWriter
{
    /// <summary>Whether there is anything to write.</summary>
    public static bool IsDirty(Instance instance)
    {
        var changes = instance.Changes;
        return changes.SavedEvents != instance.History.Count
            || changes.IsHistoryCleared
            || changes.RemovedFromInbox.Count > 0
            || changes.AddedTimers.Count > 0
            || changes.RemovedTimers.Count > 0
            || instance.Inbox is [.., { IsSaved: false }]
            || changes.SavedRow != instance.Row;
    }

    public static void Write(StatementCache sql, Instance instance)
    {
        var (changes, row) = (instance.Changes, instance.Row);
        WriteRow(sql, instance, row);
        if (changes.IsHistoryCleared && changes.SavedRow is not null)
        {
            sql.Run("DELETE FROM history WHERE instance = $1", instance.Key);
        }

        if (instance.History.Count > changes.SavedEvents)
        {
            var batch = new GetInstanceHistoryResponse();
            batch.Events.AddRange(instance.History.Skip(changes.SavedEvents));
            var bytes = batch.ToByteArray();
            instance.StoredBytes += bytes.Length;
            sql.Run("INSERT INTO history (instance, first, events) VALUES ($1, $2, $3)", instance.Key, changes.SavedEvents, bytes);
        }

        WriteInbox(sql, instance);
        WriteTimers(sql, instance);
        changes.Saved(row, instance.History.Count);
    }

    /// <summary>Deletes all that there is of an instance.</summary>
    public static void Delete(StatementCache sql, Instance instance)
    {
        sql.Run("DELETE FROM history WHERE instance = $1", instance.Key);
        sql.Run("DELETE FROM inbox WHERE instance = $1", instance.Key);
        sql.Run("DELETE FROM instances WHERE key = $1", instance.Key);
        instance.DropTimers();
        instance.BeginNow();
        WriteTimers(sql, instance);
    }

    private static void WriteRow(StatementCache sql, Instance instance, InstanceRow row)
    {
        if (instance.Changes.SavedRow is null)
        {
            sql.Run(
                "INSERT INTO instances (key, id, status, generation, custom_status, ended, has_tasks, awaits_start) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                instance.Key, instance.Id, (int)row.Status, row.Generation, row.CustomStatus, row.Ended?.Ticks, row.HasTasks, row.AwaitsStart?.Ticks);
        }
        else if (instance.Changes.SavedRow != row)
        {
            sql.Run(
                "UPDATE instances SET status = $2, generation = $3, custom_status = $4, ended = $5, has_tasks = $6, awaits_start = $7 WHERE key = $1",
                instance.Key, (int)row.Status, row.Generation, row.CustomStatus, row.Ended?.Ticks, row.HasTasks, row.AwaitsStart?.Ticks);
        }
    }

    private static void WriteInbox(StatementCache sql, Instance instance)
    {
        foreach (var key in instance.Changes.RemovedFromInbox)
        {
            sql.Run("DELETE FROM inbox WHERE instance = $1 AND key = $2", instance.Key, key);
        }

        // What is new is at the end.
        var first = instance.Inbox.Count;
        while (first > 0 && !instance.Inbox[first - 1].IsSaved)
        {
            first--;
        }

        foreach (var entry in instance.Inbox.Skip(first))
        {
            sql.Run("INSERT INTO inbox (instance, key, event) VALUES ($1, $2, $3)", instance.Key, entry.Key, entry.Event.ToByteArray());
            entry.IsSaved = true;
        }
    }

    private static void WriteTimers(StatementCache sql, Instance instance)
    {
        foreach (var timer in instance.Changes.AddedTimers)
        {
            sql.Run("INSERT OR REPLACE INTO timers (due, instance, timer) VALUES ($1, $2, $3)", timer.Due.Ticks, instance.Key, timer.Timer);
        }

        foreach (var timer in instance.Changes.RemovedTimers)
        {
            sql.Run("DELETE FROM timers WHERE due = $1 AND instance = $2 AND timer = $3", timer.Due.Ticks, instance.Key, timer.Timer);
        }
    }
}
