using DaprRollouts.Protocol;
using ActionKind = DaprRollouts.Protocol.WorkflowAction.WorkflowActionTypeOneofCase;

namespace DaprRollouts.Engine.State;

/// <summary>Records the actions of a turn in the history of its instance, and collects what is to be done for them.</summary>
internal sealed class ActionRecorder(Instance instance, Surroundings around)
{
    /// <summary>For other instances, and answers to this one that come at once.</summary>
    public List<Mail> Mail { get; } = [];

    /// <summary>The numbers of the activities that are to run.</summary>
    public List<int> Tasks { get; } = [];

    public static HistoryEvent Completed(WorkflowAction action, DateTime now)
    {
        var record = Events.New(now);
        record.EventId = action.Id;
        var end = action.CompleteWorkflow;
        record.ExecutionCompleted = new ExecutionCompletedEvent
        {
            WorkflowStatus = end.WorkflowStatus, Result = end.Result, FailureDetails = end.FailureDetails,
        };
        return record;
    }

    public void Record(WorkflowAction action)
    {
        var record = Events.New(around.Now);
        record.EventId = action.Id;
        if (action.Router is { } router)
        {
            record.Router = router.Clone();
            record.Router.SourceAppID = Events.AppId;
        }

        switch (action.WorkflowActionTypeCase)
        {
            case ActionKind.ScheduleTask:
                Schedule(record, action.ScheduleTask);
                break;
            case ActionKind.CreateTimer:
                CreateTimer(record, action.CreateTimer);
                break;
            case ActionKind.CreateChildWorkflow:
                CreateChild(record, action.CreateChildWorkflow);
                break;
            case ActionKind.CreateDetachedWorkflow:
                CreateDetached(record, action.CreateDetachedWorkflow);
                break;
            case ActionKind.SendEvent:
                SendEvent(record, action.SendEvent);
                break;
            case ActionKind.TerminateWorkflow:
                var (target, reason, recurse) = (action.TerminateWorkflow.InstanceId, action.TerminateWorkflow.Reason, action.TerminateWorkflow.Recurse);
                Mail.Add(new Delivery(target, Events.Terminated(around.Now, reason, recurse)));
                break;
        }
    }

    private void Schedule(HistoryEvent record, ScheduleTaskAction task)
    {
        record.TaskScheduled = new TaskScheduledEvent
        {
            Name = task.Name,
            Version = task.Version,
            Input = task.Input,
            TaskExecutionId = task.TaskExecutionId,
            ParentTraceContext = instance.Started?.ParentTraceContext,
        };
        if (task.HasHistoryPropagationScope)
        {
            record.TaskScheduled.HistoryPropagationScope = task.HistoryPropagationScope;
        }

        instance.Append(record);
        if (ForeignApp(record) is { } app)
        {
            var answer = new ActivityResponse { FailureDetails = NotServed(app) };
            Mail.Add(new Delivery(instance.Id, Events.TaskEnded(around.Now, answer, record)));
        }
        else
        {
            Tasks.Add(record.EventId);
        }
    }

    private void CreateTimer(HistoryEvent record, CreateTimerAction timer)
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

        instance.Append(record);
        if (Due.Mark(record) is { } mark)
        {
            instance.Changes.AddedTimers.Add(mark);
        }
    }

    private void CreateChild(HistoryEvent record, CreateChildWorkflowAction child)
    {
        var id = child.InstanceId.Length > 0 ? child.InstanceId : $"{instance.Id}:{record.EventId & 0xffff:x4}";
        record.ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent
        {
            InstanceId = id,
            Name = child.Name,
            Version = child.Version,
            Input = child.Input,
            ParentTraceContext = instance.Started?.ParentTraceContext,
            RetryParentInstanceInfo = child.RetryParentInstanceInfo,
        };
        if (child.HasHistoryPropagationScope)
        {
            record.ChildWorkflowInstanceCreated.HistoryPropagationScope = child.HistoryPropagationScope;
        }

        instance.Append(record);
        Mail.Add(ForeignApp(record) is { } app
            ? new Delivery(instance.Id, Events.ChildFailed(around.Now, record.EventId, NotServed(app)))
            : Child(instance, record, around));
    }

    /// <summary>The start of a child whose making is on record.</summary>
    public static Launch Child(Instance parent, HistoryEvent record, Surroundings around)
    {
        var child = record.ChildWorkflowInstanceCreated;
        var started = Events.ExecutionStarted(around.Now, child.InstanceId, around.NewExecution(), child.Name, child.Input);
        started.ExecutionStarted.ParentTraceContext = child.ParentTraceContext;
        started.ExecutionStarted.ParentInstance = new ParentInstanceInfo
        {
            TaskScheduledId = record.EventId,
            Name = parent.Started?.Name,
            WorkflowInstance = new WorkflowInstance { InstanceId = parent.Id, ExecutionId = parent.ExecutionId },
            AppID = Events.AppId,
        };
        return new Launch(child.InstanceId, started);
    }

    private void CreateDetached(HistoryEvent record, CreateDetachedWorkflowAction detached)
    {
        record.DetachedWorkflowInstanceCreated = new DetachedWorkflowInstanceCreatedEvent { InstanceId = detached.InstanceId };
        instance.Append(record);
        var started = Events.ExecutionStarted(around.Now, detached.InstanceId, around.NewExecution(), detached.Name, detached.Input);
        started.ExecutionStarted.ScheduledStartTimestamp = detached.ScheduledStartTimestamp;
        started.ExecutionStarted.ParentTraceContext = detached.ParentTraceContext ?? instance.Started?.ParentTraceContext;
        started.ExecutionStarted.Tags.Add(detached.Tags);
        Mail.Add(new Launch(detached.InstanceId, started));
    }

    private void SendEvent(HistoryEvent record, SendEventAction sent)
    {
        var target = sent.Instance?.InstanceId ?? "";
        record.EventSent = new EventSentEvent { InstanceId = target, Name = sent.Name, Input = sent.Data };
        instance.Append(record);
        Mail.Add(new Delivery(target, Events.Raised(around.Now, sent.Name, sent.Data)));
    }

    private static string? ForeignApp(HistoryEvent record) =>
        record.Router is { HasTargetAppID: true, TargetAppID: { Length: > 0 } app } && app != Events.AppId ? app : null;

    private static TaskFailureDetails NotServed(string app) => new()
    {
        ErrorType = "AppNotFound", ErrorMessage = $"the embedded engine serves one app, '{Events.AppId}': it cannot reach '{app}'",
    };
}
