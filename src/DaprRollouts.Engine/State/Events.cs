using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace DaprRollouts.Engine.State;

/// <summary>History events that are born in the engine, not from an action; they have no number.</summary>
internal static class Events
{
    /// <summary>The app id under which everything here runs: an embedded engine serves one app.</summary>
    public const string AppId = "dapr-rollouts";

    public static HistoryEvent New(DateTime now) => new() { EventId = -1, Timestamp = Timestamp.FromDateTime(now) };

    public static HistoryEvent WorkflowStarted(DateTime now)
    {
        var value = New(now);
        value.WorkflowStarted = new WorkflowStartedEvent();
        return value;
    }

    public static HistoryEvent ExecutionStarted(DateTime now, string id, Guid executionId, string name, string? input)
    {
        var value = New(now);
        value.ExecutionStarted = new ExecutionStartedEvent
        {
            Name = name,
            Input = input,
            WorkflowInstance = new WorkflowInstance { InstanceId = id, ExecutionId = executionId.ToString() },
        };
        value.Router = Router();
        return value;
    }

    public static HistoryEvent Raised(DateTime now, string name, string? input)
    {
        var value = New(now);
        value.EventRaised = new EventRaisedEvent { Name = name, Input = input };
        return value;
    }

    public static HistoryEvent Suspended(DateTime now, string? reason)
    {
        var value = New(now);
        value.ExecutionSuspended = new ExecutionSuspendedEvent { Input = reason };
        return value;
    }

    public static HistoryEvent Resumed(DateTime now, string? reason)
    {
        var value = New(now);
        value.ExecutionResumed = new ExecutionResumedEvent { Input = reason };
        return value;
    }

    public static HistoryEvent Terminated(DateTime now, string? input, bool recurse)
    {
        var value = New(now);
        value.ExecutionTerminated = new ExecutionTerminatedEvent { Input = input, Recurse = recurse };
        return value;
    }

    public static HistoryEvent Stalled(DateTime now, StalledReason reason, string description)
    {
        var value = New(now);
        value.ExecutionStalled = new ExecutionStalledEvent { Reason = reason, Description = description };
        return value;
    }

    public static HistoryEvent TimerFired(DateTime now, HistoryEvent created)
    {
        var value = New(now);
        value.TimerFired = new TimerFiredEvent { FireAt = created.TimerCreated.FireAt, TimerId = created.EventId };
        return value;
    }

    /// <summary>What a finished activity tells its workflow.</summary>
    public static HistoryEvent TaskEnded(DateTime now, ActivityResponse response, HistoryEvent scheduled)
    {
        var value = New(now);
        value.Router = scheduled.Router;
        var (id, execution) = (scheduled.EventId, scheduled.TaskScheduled.TaskExecutionId);
        if (response.FailureDetails is { } failure)
        {
            value.TaskFailed = new TaskFailedEvent { TaskScheduledId = id, FailureDetails = failure, TaskExecutionId = execution };
        }
        else
        {
            value.TaskCompleted = new TaskCompletedEvent { TaskScheduledId = id, Result = response.Result, TaskExecutionId = execution };
        }

        return value;
    }

    /// <summary>What an ended child tells its parent.</summary>
    public static HistoryEvent ChildEnded(DateTime now, int taskScheduledId, ExecutionCompletedEvent end)
    {
        if (end.WorkflowStatus != OrchestrationStatus.Completed)
        {
            return ChildFailed(now, taskScheduledId, end.FailureDetails);
        }

        var value = New(now);
        value.ChildWorkflowInstanceCompleted = new ChildWorkflowInstanceCompletedEvent { TaskScheduledId = taskScheduledId, Result = end.Result };
        return value;
    }

    public static HistoryEvent ChildFailed(DateTime now, int taskScheduledId, TaskFailureDetails? failure)
    {
        var value = New(now);
        value.ChildWorkflowInstanceFailed = new ChildWorkflowInstanceFailedEvent { TaskScheduledId = taskScheduledId, FailureDetails = failure };
        return value;
    }

    public static TaskRouter Router() => new() { SourceAppID = AppId };
}
