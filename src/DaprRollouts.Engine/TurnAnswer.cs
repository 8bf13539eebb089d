using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.State;
using DaprRollouts.Engine.Storage;
using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DaprRollouts.Engine;

/// <summary>Turns a worker's actions into history, activities, timers and messages to other instances.</summary>
internal static class TurnAnswer
{
    private static readonly DateTime Never = new(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc);

    public static void Apply(EngineTransaction tx, Instance instance, Turn turn, WorkflowResponse response)
    {
        instance.CustomStatus = string.IsNullOrEmpty(response.CustomStatus) ? null : response.CustomStatus;
        if (response.Actions.Any(a => a.WorkflowActionTypeCase == WorkflowAction.WorkflowActionTypeOneofCase.WorkflowVersionNotAvailable))
        {
            Stall(tx, instance, turn);
            return;
        }

        if (response.Version is { } version)
        {
            turn.Events[0].WorkflowStarted.Version = version;
        }

        var renewal = response.Actions.FirstOrDefault(a => a.CompleteWorkflow?.WorkflowStatus == OrchestrationStatus.ContinuedAsNew);
        if (renewal is not null && Lifecycle.PendingTermination(instance) is null)
        {
            Renew(tx, instance, turn, renewal.CompleteWorkflow);
            return;
        }

        foreach (var value in turn.Events)
        {
            tx.AppendHistory(instance, value);
        }

        foreach (var action in response.Actions.Where(a => a != renewal))
        {
            if (!instance.IsEnded)
            {
                Apply(tx, instance, action);
            }
        }
    }

    private static void Apply(EngineTransaction tx, Instance instance, WorkflowAction action)
    {
        var record = Events.New(tx.Now);
        record.EventId = action.Id;
        switch (action.WorkflowActionTypeCase)
        {
            case WorkflowAction.WorkflowActionTypeOneofCase.ScheduleTask:
                ScheduleTask(tx, instance, record, action.ScheduleTask);
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CreateTimer:
                CreateTimer(tx, instance, record, action.CreateTimer);
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CreateChildWorkflow:
                CreateChild(tx, instance, record, action.CreateChildWorkflow);
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CreateDetachedWorkflow:
                record.DetachedWorkflowInstanceCreated = new DetachedWorkflowInstanceCreatedEvent { InstanceId = action.CreateDetachedWorkflow.InstanceId };
                tx.AppendHistory(instance, record);
                var detached = action.CreateDetachedWorkflow;
                Lifecycle.Start(tx, detached.InstanceId, detached.Name, detached.Input, null, detached.ScheduledStartTimestamp?.ToDateTime());
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.SendEvent:
                var sent = action.SendEvent;
                record.EventSent = new EventSentEvent { InstanceId = sent.Instance?.InstanceId ?? "", Name = sent.Name, Input = sent.Data };
                tx.AppendHistory(instance, record);
                if (tx.Find(record.EventSent.InstanceId) is { IsEnded: false } target)
                {
                    tx.Deliver(target, Events.Raised(tx.Now, sent.Name, sent.Data));
                }

                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.TerminateWorkflow:
                if (tx.Find(action.TerminateWorkflow.InstanceId) is { IsEnded: false } condemned)
                {
                    tx.Deliver(condemned, Events.Terminated(tx.Now, action.TerminateWorkflow.Reason, action.TerminateWorkflow.Recurse));
                }

                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CompleteWorkflow:
                var end = action.CompleteWorkflow;
                record.ExecutionCompleted = new ExecutionCompletedEvent
                {
                    WorkflowStatus = end.WorkflowStatus, Result = end.Result, FailureDetails = end.FailureDetails,
                };
                Lifecycle.End(tx, instance, record);
                break;
            default:
                throw EngineErrors.Of(StatusCode.InvalidArgument, $"workflow '{instance.Id}': an action of an unknown kind");
        }
    }

    private static void ScheduleTask(EngineTransaction tx, Instance instance, HistoryEvent record, ScheduleTaskAction task)
    {
        record.TaskScheduled = new TaskScheduledEvent
        {
            Name = task.Name, Version = task.Version, Input = task.Input, TaskExecutionId = task.TaskExecutionId,
        };
        tx.AppendHistory(instance, record);
        var pending = new PendingTask(instance.Id, instance.Generation, record.EventId, new ActivityRequest
        {
            Name = task.Name,
            Version = task.Version,
            Input = task.Input,
            TaskId = record.EventId,
            TaskExecutionId = task.TaskExecutionId,
            WorkflowInstance = new WorkflowInstance { InstanceId = instance.Id, ExecutionId = instance.Started?.WorkflowInstance?.ExecutionId },
        });
        tx.Store.AddTask(pending);
        tx.Work.Add(WorkTicket.ForTask(pending));
    }

    private static void CreateTimer(EngineTransaction tx, Instance instance, HistoryEvent record, CreateTimerAction timer)
    {
        record.TimerCreated = new TimerCreatedEvent { FireAt = timer.FireAt };
        switch (timer.OriginCase)
        {
            case CreateTimerAction.OriginOneofCase.CreateTimer:
                record.TimerCreated.CreateTimer = timer.CreateTimer;
                break;
            case CreateTimerAction.OriginOneofCase.ExternalEvent:
                record.TimerCreated.ExternalEvent = timer.ExternalEvent;
                break;
            case CreateTimerAction.OriginOneofCase.ActivityRetry:
                record.TimerCreated.ActivityRetry = timer.ActivityRetry;
                break;
            case CreateTimerAction.OriginOneofCase.ChildWorkflowRetry:
                record.TimerCreated.ChildWorkflowRetry = timer.ChildWorkflowRetry;
                break;
        }

        if (timer.HasName)
        {
            record.TimerCreated.Name = timer.Name;
        }

        tx.AppendHistory(instance, record);
        var due = Due(timer.FireAt);
        if (due < Never)
        {
            var fired = Events.New(tx.Now);
            fired.TimerFired = new TimerFiredEvent { FireAt = timer.FireAt, TimerId = record.EventId };
            tx.AddTimer(new DueTimer(instance.Id, instance.Generation, record.EventId, fired), due);
        }
    }

    // The end of the calendar stands for "never", and is more than a DateTime can hold.
    private static DateTime Due(Timestamp at) => at.Seconds >= Timestamp.FromDateTime(Never).Seconds ? Never : at.ToDateTime();

    private static void CreateChild(EngineTransaction tx, Instance instance, HistoryEvent record, CreateChildWorkflowAction child)
    {
        var id = child.InstanceId.Length > 0 ? child.InstanceId : $"{instance.Id}:{record.EventId & 0xffff:x4}";
        record.ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent { InstanceId = id, Name = child.Name, Version = child.Version, Input = child.Input };
        tx.AppendHistory(instance, record);
        var parent = new ParentInstanceInfo
        {
            TaskScheduledId = record.EventId,
            Name = instance.Started?.Name,
            WorkflowInstance = new WorkflowInstance { InstanceId = instance.Id, ExecutionId = instance.Started?.WorkflowInstance?.ExecutionId },
            AppID = Events.AppId,
        };
        if (tx.Find(id) is { IsEnded: false })
        {
            var refused = Events.New(tx.Now);
            refused.ChildWorkflowInstanceFailed = new ChildWorkflowInstanceFailedEvent
            {
                TaskScheduledId = record.EventId,
                FailureDetails = new TaskFailureDetails
                {
                    ErrorType = "WorkflowInstanceAlreadyExists", ErrorMessage = $"an active workflow with ID '{id}' already exists",
                },
            };
            tx.Deliver(instance, refused);
            return;
        }

        Lifecycle.Start(tx, id, child.Name, child.Input, parent, null);
    }

    private static void Renew(EngineTransaction tx, Instance instance, Turn turn, CompleteWorkflowAction renewal)
    {
        var started = instance.Started ?? turn.Events.Select(e => e.ExecutionStarted).OfType<ExecutionStartedEvent>().First();
        var arrived = instance.Inbox.Where(e => IsForAnyGeneration(e.Event)).Select(e => e.Event).ToList();
        Turns.ClearInbox(tx, instance);
        tx.Store.DropPending(instance.Id);
        tx.Store.ClearHistory(instance.Id);
        instance.History.Clear();
        instance.Generation++;
        var first = Events.ExecutionStarted(
            tx.Now, instance.Id, Guid.NewGuid().ToString(), started.Name, renewal.Result, started.ParentInstance);
        foreach (var value in (IEnumerable<HistoryEvent>)[first, .. renewal.CarryoverEvents, .. arrived])
        {
            instance.Inbox.Add(new InboxEntry(tx.Store.AddToInbox(instance.Id, value), value));
        }
    }

    private static bool IsForAnyGeneration(HistoryEvent e) =>
        e.EventRaised is not null || e.ExecutionTerminated is not null || e.ExecutionSuspended is not null || e.ExecutionResumed is not null;

    // Nothing of the turn is kept but the fact; the events wait in the inbox for a worker that knows the version.
    private static void Stall(EngineTransaction tx, Instance instance, Turn turn)
    {
        foreach (var entry in turn.Taken.Reverse())
        {
            instance.Inbox.Insert(0, new InboxEntry(tx.Store.AddToInbox(instance.Id, entry.Event), entry.Event));
        }

        var stalled = Events.New(tx.Now);
        stalled.ExecutionStalled = new ExecutionStalledEvent { Reason = StalledReason.VersionNotAvailable };
        tx.AppendHistory(instance, stalled);
    }
}
