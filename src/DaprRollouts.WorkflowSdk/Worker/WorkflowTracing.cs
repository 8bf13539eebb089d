using System.Diagnostics;
using DaprRollouts.Protocol;

namespace Dapr.Workflow.Worker;

/// <summary>Makes workflow code and activities part of the trace that started them.</summary>
internal static class WorkflowTracing
{
    private static readonly ActivitySource Source = new("Dapr.Workflow");

    /// <summary>The surroundings of a turn: ambient only, since the engine itself reports the workflow's span.</summary>
    public static Activity StartTurn(WorkflowRequest request)
    {
        var start = request.NewEvents.Concat(request.PastEvents).FirstOrDefault(e => e.ExecutionStarted is not null);
        return Plain("WorkflowOrchestrationTurn", start?.ExecutionStarted.ParentTraceContext);
    }

    public static Activity StartActivity(ActivityRequest request)
    {
        var name = $"WorkflowActivity {request.Name}";
        return Parent(request.ParentTraceContext) is { } parent && Source.StartActivity(name, ActivityKind.Internal, parent) is { } span
            ? span
            : Source.StartActivity(name) ?? Plain(name, request.ParentTraceContext);
    }

    private static ActivityContext? Parent(TraceContext? trace) =>
        ActivityContext.TryParse(trace?.TraceParent, trace?.TraceState, isRemote: true, out var parent) ? parent : null;

    private static Activity Plain(string name, TraceContext? trace)
    {
        var activity = new Activity(name);
        if (Parent(trace) is { } parent)
        {
            activity.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
            activity.TraceStateString = parent.TraceState;
        }

        return activity.Start();
    }
}
