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

    public static HistoryEvent ExecutionStarted(
        DateTime now, string id, string executionId, string name, string? input, ParentInstanceInfo? parent)
    {
        var value = New(now);
        value.ExecutionStarted = new ExecutionStartedEvent
        {
            Name = name,
            Input = input,
            WorkflowInstance = new WorkflowInstance { InstanceId = id, ExecutionId = executionId },
            ParentInstance = parent,
        };
        value.Router = new TaskRouter { SourceAppID = AppId };
        return value;
    }

    public static HistoryEvent Raised(DateTime now, string name, string? input)
    {
        var value = New(now);
        value.EventRaised = new EventRaisedEvent { Name = name, Input = input };
        return value;
    }

    public static HistoryEvent Terminated(DateTime now, string? input, bool recurse)
    {
        var value = New(now);
        value.ExecutionTerminated = new ExecutionTerminatedEvent { Input = input, Recurse = recurse };
        return value;
    }

    public static HistoryEvent Completed(DateTime now, OrchestrationStatus status, string? result)
    {
        var value = New(now);
        value.ExecutionCompleted = new ExecutionCompletedEvent { WorkflowStatus = status, Result = result };
        return value;
    }

    /// <summary>What a finished activity tells its workflow.</summary>
    public static HistoryEvent TaskEnded(DateTime now, ActivityResponse response, string taskExecutionId)
    {
        var value = New(now);
        if (response.FailureDetails is { } failure)
        {
            value.TaskFailed = new TaskFailedEvent { TaskScheduledId = response.TaskId, FailureDetails = failure, TaskExecutionId = taskExecutionId };
        }
        else
        {
            value.TaskCompleted = new TaskCompletedEvent { TaskScheduledId = response.TaskId, Result = response.Result, TaskExecutionId = taskExecutionId };
        }

        return value;
    }

    /// <summary>What an ended child tells its parent.</summary>
    public static HistoryEvent ChildEnded(DateTime now, int taskScheduledId, ExecutionCompletedEvent end)
    {
        var value = New(now);
        if (end.WorkflowStatus == OrchestrationStatus.Completed)
        {
            value.ChildWorkflowInstanceCompleted = new ChildWorkflowInstanceCompletedEvent { TaskScheduledId = taskScheduledId, Result = end.Result };
        }
        else
        {
            value.ChildWorkflowInstanceFailed = new ChildWorkflowInstanceFailedEvent { TaskScheduledId = taskScheduledId, FailureDetails = end.FailureDetails };
        }

        return value;
    }
}
