using DaprRollouts.Protocol;
using EventKind = DaprRollouts.Protocol.HistoryEvent.EventTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>
/// Runs a workflow through its history and the new events, one after the other, on the calling thread. What happens
/// while the instance is suspended is held back until it resumes.
/// </summary>
internal sealed class WorkflowTurn(ReplayContext context, TurnThread thread)
{
    private readonly Queue<HistoryEvent> _held = [];
    private Task<object?> _run = Task.FromResult<object?>(null);
    private bool _isSuspended;

    public Task<object?> Run => _run;

    public bool IsSuspended => _isSuspended;

    /// <summary>The event that has put an end to the workflow, unless it had ended by itself before.</summary>
    public ExecutionTerminatedEvent? Termination { get; private set; }

    public bool IsStuck =>
        !_run.IsCompleted && context.Continuation is null && !context.Ledger.HasOpenCalls && !context.Events.HasOpenWaits;

    public void Play(IWorkflow workflow, object? input, WorkflowRequest request)
    {
        var first = request.PastEvents.FirstOrDefault() ?? request.NewEvents.FirstOrDefault(e => e.WorkflowStarted is not null);
        context.Now = first?.Timestamp ?? context.Now;
        context.Replaying = request.PastEvents.Count > 0;

        // The code runs ahead of its history, up to the first wait; only then are the events told to it.
        _run = RunAsync(workflow, input);
        Feed(request.PastEvents, isReplaying: true);
        Feed(request.NewEvents, isReplaying: false);
    }

    private async Task<object?> RunAsync(IWorkflow workflow, object? input)
    {
        try
        {
            return await workflow.RunAsync(context, input);
        }
        finally
        {
            thread.IsHere();
        }
    }

    private void Feed(IEnumerable<HistoryEvent> events, bool isReplaying)
    {
        context.Replaying = isReplaying;
        foreach (var happened in events.TakeWhile(_ => Termination is null))
        {
            Take(happened);
        }
    }

    private void Take(HistoryEvent happened)
    {
        switch (happened.EventTypeCase)
        {
            case EventKind.ExecutionTerminated:
                Terminate(happened.ExecutionTerminated);
                break;
            case EventKind.ExecutionSuspended:
                _isSuspended = true;
                break;
            case EventKind.ExecutionResumed:
                _isSuspended = false;
                while (_held.TryDequeue(out var held))
                {
                    Apply(held);
                }

                break;
            case var _ when _isSuspended:
                _held.Enqueue(happened);
                break;
            default:
                Apply(happened);
                break;
        }
    }

    // A result that stands is not taken back; a wish to continue as new is.
    private void Terminate(ExecutionTerminatedEvent termination)
    {
        if (!_run.IsCompleted || context.Continuation is not null)
        {
            Termination = termination;
        }
    }

    private void Apply(HistoryEvent happened)
    {
        switch (happened.EventTypeCase)
        {
            case EventKind.WorkflowStarted:
                context.Now = happened.Timestamp ?? context.Now;
                break;
            case EventKind.TaskScheduled or EventKind.TimerCreated or EventKind.ChildWorkflowInstanceCreated or EventKind.EventSent:
                context.Ledger.Confirm(happened);
                break;
            case EventKind.TaskCompleted:
                context.Ledger.Resolve(happened.TaskCompleted.TaskScheduledId, happened);
                break;
            case EventKind.TaskFailed:
                context.Ledger.Resolve(happened.TaskFailed.TaskScheduledId, happened);
                break;
            case EventKind.ChildWorkflowInstanceCompleted:
                context.Ledger.Resolve(happened.ChildWorkflowInstanceCompleted.TaskScheduledId, happened);
                break;
            case EventKind.ChildWorkflowInstanceFailed:
                context.Ledger.Resolve(happened.ChildWorkflowInstanceFailed.TaskScheduledId, happened);
                break;
            case EventKind.TimerFired:
                context.Ledger.Resolve(happened.TimerFired.TimerId, happened);
                break;
            case EventKind.EventRaised:
                context.Events.Raise(happened);
                break;
        }
    }
}
