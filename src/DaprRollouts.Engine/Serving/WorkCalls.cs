using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.Running;
using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Engine.Serving;

/// <summary>What workers ask: for work, and to take in its results.</summary>
internal sealed class WorkCalls(EmbeddedEngine engine, ILogger logger)
{
    public WorkerStream Connect(WorkflowEngineOptions options)
    {
        var stream = new WorkerStream(options);
        engine.Post(_ => engine.Core.Dispatcher.Connect(stream));
        return stream;
    }

    public void Disconnect(WorkerStream stream) => engine.Post(_ => engine.Core.Dispatcher.Disconnect(stream));

    /// <summary>Takes in the result of an activity. One that is not asked for, any more or twice, is dropped.</summary>
    public async Task<CompleteTaskResponse> CompleteAsync(ActivityResponse response)
    {
        await engine.AskAsync(session => Complete(session, response) || Dropped("activity", response.InstanceId, response.TaskId));
        return new CompleteTaskResponse();
    }

    /// <summary>
    /// Takes in the answer to a turn. One to a turn that is not under way is dropped. One that makes no sense ends the instance: the same turn would be answered the
    /// same way again.
    /// </summary>
    public async Task<CompleteTaskResponse> CompleteAsync(WorkflowResponse response)
    {
        var refusal = await engine.AskAsync(session => Complete(session, response));
        return refusal is null ? new CompleteTaskResponse() : throw EngineErrors.Of(StatusCode.InvalidArgument, refusal);
    }

    private bool Complete(Session session, ActivityResponse response)
    {
        var instance = session.Find(response.InstanceId);
        var task = engine.Core.Dispatcher.Tasks.Answered(
            response.InstanceId, response.TaskId, response.CompletionToken, instance?.ExecutionId ?? "");
        if (instance is null || task.Execution != instance.ExecutionId
            || instance.Calls.Unanswered(CallId.Task(task.Task)) is not { } scheduled)
        {
            return false;
        }

        if (instance.IsEnded)
        {
            // Nobody waits for it any more, but it need not be run again.
            instance.Calls.Close(CallId.Task(task.Task));
            session.Touch(instance);
            return true;
        }

        return session.Deliver(instance, Events.TaskEnded(session.Now, response, scheduled));
    }

    // Returns why the answer is refused; null if it is not.
    private string? Complete(Session session, WorkflowResponse response)
    {
        var turns = engine.Core.Dispatcher.Turns;
        if (turns.Find(response.InstanceId) is not { } turn || session.Find(response.InstanceId) is not { } instance
            || (response.CompletionToken.Length > 0 && response.CompletionToken != turn.Token))
        {
            Dropped("turn", response.InstanceId, null);
            return null;
        }

        // A worker that sends no token may answer late to an earlier turn, which then repeats what that one did.
        if (response.CompletionToken.Length == 0 && TurnAnswer.Repetition(instance, response) is not null)
        {
            Dropped("turn", response.InstanceId, null);
            return null;
        }

        session.Touch(instance);
        turns.End(instance.Id);
        if (TurnAnswer.Contradiction(instance, response) is { } contradiction)
        {
            logger.LogError("Workflow {InstanceId} has failed, as the answer to a turn makes no sense: {Reason}", instance.Id, contradiction);
            session.Post(TurnAnswer.Fail(instance, turn.Turn, contradiction, session.Now));
            return $"workflow '{instance.Id}': {contradiction}";
        }

        var outcome = TurnAnswer.Apply(instance, turn.Turn, response, session.Around);
        Lifecycle.SettleSuspension(instance);
        session.Post(outcome.Mail);
        session.Run(instance, outcome.Tasks);
        return null;
    }

    private bool Dropped(string kind, string instance, int? task)
    {
        EngineMetrics.Dropped.Inc();
        logger.LogDebug("Workflow {InstanceId}: the result of a {Kind} ({Task}) has come twice, or too late", instance, kind, task);
        return false;
    }
}
