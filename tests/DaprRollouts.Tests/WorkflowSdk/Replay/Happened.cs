using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace DaprRollouts.Tests.WorkflowSdk.Replay;

/// <summary>History events in the shortest words.</summary>
internal static class Happened
{
    public static HistoryEvent TurnStarted(params string[] patches) => Of(e => e.WorkflowStarted = new WorkflowStartedEvent
    {
        Version = patches.Length == 0 ? null : new WorkflowVersion { Patches = { patches } },
    });

    public static HistoryEvent Started(string workflow, string? input = null, string? app = "app") => Of(e =>
    {
        e.ExecutionStarted = new ExecutionStartedEvent { Name = workflow, Input = input };
        e.Router = app is null ? null : new TaskRouter { SourceAppID = app };
    });

    public static HistoryEvent Scheduled(int id, string activity) =>
        Of(e => e.TaskScheduled = new TaskScheduledEvent { Name = activity }, id);

    public static HistoryEvent Completed(int id, string? result = "") =>
        Of(e => e.TaskCompleted = new TaskCompletedEvent { TaskScheduledId = id, Result = result });

    public static HistoryEvent Failed(int id, string type = "System.Exception", string message = "broken") => Of(e =>
        e.TaskFailed = new TaskFailedEvent { TaskScheduledId = id, FailureDetails = Details(type, message) });

    public static HistoryEvent TimerSet(int id) => Of(
        e => e.TimerCreated = new TimerCreatedEvent { FireAt = new Timestamp(), CreateTimer = new TimerOriginCreateTimer() }, id);

    public static HistoryEvent TimerFired(int id) => Of(e => e.TimerFired = new TimerFiredEvent { TimerId = id });

    public static HistoryEvent ChildCreated(int id, string instance, string workflow = "Child") =>
        Of(e => e.ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent { InstanceId = instance, Name = workflow }, id);

    public static HistoryEvent ChildCompleted(int id, string? result = "") => Of(e =>
        e.ChildWorkflowInstanceCompleted = new ChildWorkflowInstanceCompletedEvent { TaskScheduledId = id, Result = result });

    public static HistoryEvent ChildFailed(int id, TaskFailureDetails? details) => Of(e =>
        e.ChildWorkflowInstanceFailed = new ChildWorkflowInstanceFailedEvent { TaskScheduledId = id, FailureDetails = details });

    public static HistoryEvent Raised(string name, string? payload = null) =>
        Of(e => e.EventRaised = new EventRaisedEvent { Name = name, Input = payload });

    public static HistoryEvent Sent(int id, string name) => Of(e => e.EventSent = new EventSentEvent { Name = name }, id);

    public static HistoryEvent Suspended() => Of(e => e.ExecutionSuspended = new ExecutionSuspendedEvent());

    public static HistoryEvent Resumed() => Of(e => e.ExecutionResumed = new ExecutionResumedEvent());

    public static HistoryEvent Terminated(string? output = null) =>
        Of(e => e.ExecutionTerminated = new ExecutionTerminatedEvent { Input = output });

    public static TaskFailureDetails Details(string type, string message) => new() { ErrorType = type, ErrorMessage = message };

    private static HistoryEvent Of(Action<HistoryEvent> fill, int id = -1)
    {
        var happened = new HistoryEvent { EventId = id };
        fill(happened);
        return happened;
    }
}
