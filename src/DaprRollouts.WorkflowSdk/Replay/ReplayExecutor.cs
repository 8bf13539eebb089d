using Dapr.Common.Serialization;
using Dapr.Workflow.Worker;
using DaprRollouts.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Replay;

/// <summary>Turns the request for a turn into the answer to it: a pure function of the request and the workflow's code.</summary>
internal sealed class ReplayExecutor(
    IWorkflowsFactory factory, IDaprSerializer serializer, IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<ReplayExecutor>();

    public WorkflowResponse Execute(WorkflowRequest request, bool canSendEvents)
    {
        var setting = TurnSetting.Of(request, loggers) with { CanSendEvents = canSendEvents };
        // Continuations of workflow code must run inline; under a synchronization context they would not.
        var surroundings = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return Execute(setting);
        }
        catch (HistoryContradiction) when (!setting.Explains)
        {
            // Once more, to learn where in the workflow the contradicting call was made.
            return Execute(setting with { Explains = true });
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(surroundings);
        }
    }

    private WorkflowResponse Execute(TurnSetting setting)
    {
        using var scope = scopes.CreateScope();
        if (!TryPrepare(setting, scope.ServiceProvider, out var workflow, out var input, out var failure))
        {
            return Unprepared(setting, failure);
        }

        var thread = new TurnThread();
        var context = new ReplayContext(setting, serializer, thread);
        var turn = new WorkflowTurn(context, thread);
        TaskFailureDetails? contradiction = null;
        try
        {
            turn.Play(workflow, input, setting.Request);
        }
        catch (HistoryContradiction unfaithful) when (setting.Explains)
        {
            _logger.LogError("Workflow {Workflow} {InstanceId}: {Contradiction}", context.Name, context.InstanceId, unfaithful.Message);
            contradiction = Failures.Of(FailureTypes.NonDeterministicWorkflow, unfaithful.Message);
        }

        thread.End();
        return TurnAnswer.Of(turn, context, contradiction ?? Stray(turn, context, thread), serializer);
    }

    private TaskFailureDetails? Stray(WorkflowTurn turn, ReplayContext context, TurnThread thread)
    {
        if (turn.Termination is not null || turn.IsSuspended || !(thread.WasLeft || turn.IsStuck))
        {
            return null;
        }

        _logger.LogError(
            "Workflow {Workflow} {InstanceId}: {Reason}", context.Name, context.InstanceId, FailureTypes.NonDurableAwaitMessage);
        return Failures.Of(FailureTypes.NonDurableAwait, FailureTypes.NonDurableAwaitMessage);
    }

    private bool TryPrepare(
        TurnSetting setting, IServiceProvider services, out IWorkflow workflow, out object? input, out TaskFailureDetails failure)
    {
        (workflow, input, failure) = (null!, null, null!);
        var name = setting.WorkflowName;
        if (name.Length == 0)
        {
            failure = Failures.Of(FailureTypes.WorkflowNameMissing, "The history names no workflow.");
            return false;
        }

        if (!factory.TryCreateWorkflow(name, services, out var made, out var activation))
        {
            failure = activation is null
                ? Failures.Of(FailureTypes.WorkflowNotFound, $"Workflow '{name}' is not registered in this app.")
                : Failures.Of(activation, isNonRetriable: true);
            return false;
        }

        workflow = made;
        try
        {
            input = string.IsNullOrEmpty(setting.Input) ? null : serializer.Deserialize(setting.Input, made.InputType);
            return true;
        }
#pragma warning disable CA1031 // Whatever the serializer throws tells that the input does not fit.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            failure = Failures.Of(unreadable, isNonRetriable: true);
            return false;
        }
    }

    private WorkflowResponse Unprepared(TurnSetting setting, TaskFailureDetails failure)
    {
        if (setting.History.LastOrDefault(e => e.ExecutionTerminated is not null)?.ExecutionTerminated is { } termination)
        {
            return TurnAnswer.Ending(setting.Request.InstanceId, TurnAnswer.Terminated(termination));
        }

        _logger.LogError("Workflow instance {InstanceId} cannot run: {Failure}", setting.Request.InstanceId, failure.ErrorMessage);
        return TurnAnswer.Ending(setting.Request.InstanceId, TurnAnswer.Failed(failure));
    }
}
