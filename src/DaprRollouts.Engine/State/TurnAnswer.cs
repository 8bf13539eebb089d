using DaprRollouts.Protocol;
using ActionKind = DaprRollouts.Protocol.WorkflowAction.WorkflowActionTypeOneofCase;

namespace DaprRollouts.Engine.State;

/// <summary>What surrounds a turn: the time, and where new identities come from.</summary>
/// <param name="Now">The time.</param>
/// <param name="NextKey">The next place in the order of arrival.</param>
/// <param name="NewExecution">A new execution id.</param>
internal sealed record Surroundings(DateTime Now, Func<long> NextKey, Func<Guid> NewExecution);

/// <summary>What a turn leads to beyond its instance.</summary>
/// <param name="Mail">For other instances.</param>
/// <param name="Tasks">The numbers of the activities that are to run.</param>
internal sealed record TurnOutcome(IReadOnlyList<Mail> Mail, IReadOnlyList<int> Tasks)
{
    public static TurnOutcome None { get; } = new([], []);
}

/// <summary>Turns a worker's answer to a turn into history, activities, timers and mail.</summary>
internal static class TurnAnswer
{
    /// <summary>Why an answer cannot be the answer to this turn; null if it can.</summary>
    public static string? Contradiction(Instance instance, WorkflowResponse response) =>
        response.Actions.Select(Fault).FirstOrDefault(f => f is not null) ?? Repetition(instance, response);

    /// <summary>What an answer repeats of earlier turns; null if nothing.</summary>
    public static string? Repetition(Instance instance, WorkflowResponse response)
    {
        var renews = response.Actions.Any(a => a.CompleteWorkflow?.WorkflowStatus == OrchestrationStatus.ContinuedAsNew);
        return !renews && response.Actions.FirstOrDefault(a => IsCall(a) && instance.Calls.WasMade(a.Id)) is { } repeated
            ? $"action {repeated.Id} repeats one that has been recorded"
            : null;
    }

    public static TurnOutcome Apply(Instance instance, Turn turn, WorkflowResponse response, Surroundings around)
    {
        if (Stalling.Reason(instance, response) is { } stalled)
        {
            Stalling.Stall(instance, stalled, around.Now);
            return TurnOutcome.None;
        }

        instance.CustomStatus = string.IsNullOrEmpty(response.CustomStatus) ? null : response.CustomStatus;
        var end = response.Actions.FirstOrDefault(a => a.WorkflowActionTypeCase == ActionKind.CompleteWorkflow)?.CompleteWorkflow;
        if (end?.WorkflowStatus == OrchestrationStatus.ContinuedAsNew)
        {
            instance.TakeFromInbox(turn.Taken);
            if (instance.StartEvent is null)
            {
                instance.Append(turn.Events.First(e => e.ExecutionStarted is not null));
            }

            Lifecycle.Renew(instance, end, around.NewExecution(), around.Now, around.NextKey);
            return TurnOutcome.None;
        }

        Patches.Record(instance, turn, response.Version);
        foreach (var value in turn.Events)
        {
            instance.Append(value);
        }

        instance.TakeFromInbox(turn.Taken);
        return Act(instance, response, around);
    }

    /// <summary>Ends an instance whose turn has been answered with something that makes no sense.</summary>
    public static IReadOnlyList<Mail> Fail(Instance instance, Turn turn, string reason, DateTime now)
    {
        foreach (var value in turn.Events)
        {
            instance.Append(value);
        }

        var failed = Events.New(now);
        failed.ExecutionCompleted = new ExecutionCompletedEvent
        {
            WorkflowStatus = OrchestrationStatus.Failed,
            FailureDetails = new TaskFailureDetails { ErrorType = "InvalidTurn", ErrorMessage = reason, IsNonRetriable = true },
        };
        return Lifecycle.End(instance, failed, now);
    }

    private static string? Fault(WorkflowAction action) => Problem(action) is { } problem ? $"action {action.Id} {problem}" : null;

    private static string? Problem(WorkflowAction action) => action.WorkflowActionTypeCase switch
    {
        ActionKind.None => "is of a kind that this engine does not know",
        ActionKind.CreateTimer when action.CreateTimer.FireAt is null || !Times.IsValid(action.CreateTimer.FireAt) => "is a timer without a time",
        ActionKind.ScheduleTask when action.ScheduleTask.Name.Length == 0 => "is an activity without a name",
        ActionKind.CreateChildWorkflow when action.CreateChildWorkflow.Name.Length == 0 => "is a child workflow without a name",
        ActionKind.CreateDetachedWorkflow when action.CreateDetachedWorkflow.Name.Length == 0 => "is a workflow without a name",
        ActionKind.CreateDetachedWorkflow when action.CreateDetachedWorkflow.InstanceId.Length == 0 => "is a detached workflow without an id",
        ActionKind.CreateDetachedWorkflow when !Times.IsValid(action.CreateDetachedWorkflow.ScheduledStartTimestamp) => "starts a workflow at no time",
        _ => null,
    };

    private static TurnOutcome Act(Instance instance, WorkflowResponse response, Surroundings around)
    {
        var actions = new ActionRecorder(instance, around);
        HistoryEvent? completed = null;
        foreach (var action in response.Actions)
        {
            if (action.WorkflowActionTypeCase == ActionKind.CompleteWorkflow)
            {
                completed ??= ActionRecorder.Completed(action, around.Now);
            }
            else
            {
                actions.Record(action);
            }
        }

        return completed is null
            ? new TurnOutcome(actions.Mail, actions.Tasks)
            : new TurnOutcome([.. actions.Mail, .. Lifecycle.End(instance, completed, around.Now)], actions.Tasks);
    }

    private static bool IsCall(WorkflowAction action) =>
        action.WorkflowActionTypeCase is ActionKind.ScheduleTask or ActionKind.CreateTimer or ActionKind.CreateChildWorkflow;
}
