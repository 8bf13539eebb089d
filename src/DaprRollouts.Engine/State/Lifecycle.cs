using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.State;

/// <summary>How instances end, continue as new, are held and are terminated, in terms of their history and inbox.</summary>
internal static class Lifecycle
{
    /// <summary>Ends an instance, and tells its parent.</summary>
    /// <returns>What others are to hear of it.</returns>
    public static IReadOnlyList<Mail> End(Instance instance, HistoryEvent completed, DateTime now)
    {
        instance.DropTimers();
        instance.Append(completed);
        instance.TakeFromInbox(instance.Inbox.Count);
        return instance.Started?.ParentInstance is { WorkflowInstance: { } waiting } parent
            ? [new Delivery(
                waiting.InstanceId, Events.ChildEnded(now, parent.TaskScheduledId, completed.ExecutionCompleted), waiting.ExecutionId)]
            : [];
    }

    /// <summary>
    /// Ends an instance from outside. No worker is asked: one that is stuck must not keep it alive. What it had asked for and nobody has begun is dropped.
    /// </summary>
    public static IReadOnlyList<Mail> Terminate(Instance instance, HistoryEvent terminated, DateTime now)
    {
        instance.Append(Events.WorkflowStarted(now));
        foreach (var entry in instance.Inbox)
        {
            instance.Append(entry.Event);
        }

        instance.Append(terminated);
        var completed = Events.New(now);
        completed.ExecutionCompleted = new ExecutionCompletedEvent
        {
            WorkflowStatus = OrchestrationStatus.Terminated, Result = terminated.ExecutionTerminated.Input,
        };
        List<Mail> mail = [.. End(instance, completed, now)];
        instance.Calls.Clear();
        instance.BeginNow();
        if (terminated.ExecutionTerminated.Recurse)
        {
            mail.AddRange(instance.Children.Select(
                child => new Delivery(child, Events.Terminated(now, terminated.ExecutionTerminated.Input, recurse: true))));
        }

        return mail;
    }

    /// <summary>
    /// Records a suspension that has arrived, between turns: what comes after it waits in the inbox. A suspension that has been taken back leaves no trace.
    /// </summary>
    public static void SettleSuspension(Instance instance)
    {
        var last = instance.Inbox.LastOrDefault(e => IsSuspensionOrResumption(e.Event))?.Event;
        if (last?.ExecutionSuspended is null || instance.Status == OrchestrationStatus.Pending || instance.History.Count == 0)
        {
            return;
        }

        instance.TakeFromInbox(IsSuspensionOrResumption);
        if (!instance.IsSuspended)
        {
            instance.Append(last);
        }
    }

    /// <summary>Whether an instance is suspended, or will be as soon as its turn ends.</summary>
    public static bool WillBeSuspended(Instance instance) =>
        (instance.Inbox.LastOrDefault(e => IsSuspensionOrResumption(e.Event))?.Event is { } last)
            ? last.ExecutionSuspended is not null
            : instance.IsSuspended;

    /// <summary>Begins a new execution with an empty history. What has arrived meanwhile for the instance, not for the old execution, is kept.</summary>
    public static void Renew(Instance instance, CompleteWorkflowAction renewal, Guid executionId, DateTime now, Func<long> nextKey)
    {
        var former = instance.StartEvent!;
        var started = Events.ExecutionStarted(now, instance.Id, executionId, former.ExecutionStarted.Name, renewal.Result);
        started.ExecutionStarted.ParentInstance = former.ExecutionStarted.ParentInstance;
        var arrived = instance.TakeFromInbox(_ => true).Where(e => CallId.AnsweredBy(e) is null && e.ExecutionStarted is null).ToList();
        instance.ClearHistory();
        instance.Generation++;
        foreach (var value in (IEnumerable<HistoryEvent>)[started, .. renewal.CarryoverEvents, .. arrived])
        {
            instance.Receive(value, nextKey());
        }
    }

    private static bool IsSuspensionOrResumption(HistoryEvent e) => e.ExecutionSuspended is not null || e.ExecutionResumed is not null;
}
