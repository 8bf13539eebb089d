using Dapr.Common.Serialization;
using DaprRollouts.Protocol;

namespace Dapr.Workflow.Replay;

/// <summary>What a turn asks of the engine, once all its events have been told.</summary>
internal static class TurnAnswer
{
    public static WorkflowResponse Of(
        WorkflowTurn turn, ReplayContext context, TaskFailureDetails? failure, IDaprSerializer serializer)
    {
        // Every answer carries the status: an engine takes its absence for a wish to clear it.
        var answer = new WorkflowResponse { InstanceId = context.InstanceId, CustomStatus = context.CustomStatus, Version = context.Version };
        if (failure is not null)
        {
            answer.Actions.Add(Failed(failure));
        }
        else if (turn.Termination is { } termination)
        {
            answer.Actions.Add(Terminated(termination));
        }
        else if (!turn.IsSuspended)
        {
            answer.Actions.AddRange(context.Ledger.Pending);
            if (context.Continuation is { } continuation)
            {
                Continue(answer, continuation, context);
            }
            else if (turn.Run.IsCompleted)
            {
                answer.Actions.Add(Result(turn.Run, serializer));
            }
        }

        return answer;
    }

    public static WorkflowResponse Ending(string instanceId, WorkflowAction ending) =>
        new() { InstanceId = instanceId, Actions = { ending } };

    public static WorkflowAction Failed(TaskFailureDetails failure) =>
        Completed(new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Failed, FailureDetails = failure });

    public static WorkflowAction Terminated(ExecutionTerminatedEvent termination) =>
        Completed(new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Terminated, Result = termination.Input });

    // What else the turn asks for is void then; it is told all the same, in the order of the calls.
    private static void Continue(WorkflowResponse answer, WorkflowAction continuation, ReplayContext context)
    {
        if (context.CarriesEventsOver)
        {
            // As they came: an engine knows them again by name and timestamp.
            continuation.CompleteWorkflow.CarryoverEvents.AddRange(context.Events.Unclaimed);
        }

        answer.Actions.Insert(answer.Actions.Count(a => a.Id < continuation.Id), continuation);
    }

    private static WorkflowAction Result(Task<object?> run, IDaprSerializer serializer)
    {
        try
        {
            var result = run.GetAwaiter().GetResult();
            return Completed(new CompleteWorkflowAction
            {
                WorkflowStatus = OrchestrationStatus.Completed,
                Result = result is null ? "" : serializer.Serialize(result, result.GetType()),
            });
        }
#pragma warning disable CA1031 // Whatever a workflow throws becomes its failure.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            return Failed(Failures.Of(thrown, isNonRetriable: true));
        }
    }

    private static WorkflowAction Completed(CompleteWorkflowAction completion) => new() { CompleteWorkflow = completion };
}
