using Dapr.Workflow.Replay;
using Dapr.Workflow.Worker;
using DaprRollouts.Protocol;

namespace DaprRollouts.WorkflowSdk;

/// <summary>
/// Turns work items into the answers to them. A worker that is connected to an engine uses it, and so does an engine
/// in the same process that needs no connection.
/// </summary>
public sealed class WorkflowDispatcher
{
    private readonly ReplayExecutor _workflows;
    private readonly ActivityExecutor _activities;

    internal WorkflowDispatcher(ReplayExecutor workflows, ActivityExecutor activities)
    {
        _workflows = workflows;
        _activities = activities;
    }

    /// <summary>Runs one turn of a workflow on the calling thread: the same request gets the same answer.</summary>
    /// <param name="request">The history of the instance and what is new.</param>
    /// <param name="completionToken">The token of the work item, which the answer bears too.</param>
    /// <param name="canSendEvents">Whether the engine delivers events from workflow to workflow; a Dapr sidecar does not.</param>
    public WorkflowResponse Run(WorkflowRequest request, string completionToken = "", bool canSendEvents = true)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var turn = WorkflowTracing.StartTurn(request);
        var answer = _workflows.Execute(request, canSendEvents);
        answer.CompletionToken = completionToken;
        return answer;
    }

    /// <summary>Runs one attempt of an activity. Never throws what the activity throws: that is part of the answer.</summary>
    public async Task<ActivityResponse> RunAsync(ActivityRequest request, string completionToken = "")
    {
        ArgumentNullException.ThrowIfNull(request);
        var answer = await _activities.ExecuteAsync(request);
        answer.CompletionToken = completionToken;
        return answer;
    }
}
