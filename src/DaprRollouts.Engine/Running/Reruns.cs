using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;
using Grpc.Core;

namespace DaprRollouts.Engine.Running;

/// <summary>
/// Runs an ended instance again from one of its calls: a new instance gets the history up to there, makes the call anew, and goes on from its answer. Calls that were open at
/// that point are made anew, too.
/// </summary>
internal static class Reruns
{
    public static Instance Rerun(Session session, RerunWorkflowFromEventRequest request, string id)
    {
        var source = session.Get(request.SourceInstanceID);
        if (!source.IsEnded)
        {
            throw EngineErrors.Of(StatusCode.InvalidArgument, $"'{source.Id}' is not in a terminal state");
        }

        if (source.Started?.ParentInstance is not null)
        {
            throw EngineErrors.Of(StatusCode.InvalidArgument, $"'{source.Id}': cannot rerun from child workflows");
        }

        if (session.Find(id) is not null)
        {
            throw EngineErrors.Of(StatusCode.AlreadyExists, $"workflow '{id}' has already been created");
        }

        var index = Position(source, request.EventID);
        var call = Anew(source, source.History[index], request, id);
        var rerun = session.Create(id);
        foreach (var past in source.History.Take(index))
        {
            rerun.Append(Adopt(past, id));
        }

        rerun.Append(call);
        foreach (var open in rerun.Calls.Unanswered(CallKind.Child).Where(c => !ReferenceEquals(c, call)))
        {
            open.ChildWorkflowInstanceCreated.InstanceId = $"{id}:{open.EventId & 0xffff:x4}";
        }

        MakeCalls(session, rerun);
        return rerun;
    }

    private static int Position(Instance source, uint number)
    {
        var index = source.History.ToList().FindIndex(e => e.EventId == (int)number && CallId.MadeBy(e) is not null);
        return index >= 0
            ? index
            : throw EngineErrors.Of(StatusCode.NotFound, $"'{source.Id}' has no activity, timer or child workflow with event ID '{number}'");
    }

    private static HistoryEvent Anew(Instance source, HistoryEvent made, RerunWorkflowFromEventRequest request, string id)
    {
        var call = made.Clone();
        var origin = new RerunParentInstanceInfo { InstanceID = source.Id };
        if (call.TimerCreated is { } timer)
        {
            if (request.OverwriteInput)
            {
                throw EngineErrors.Of(StatusCode.InvalidArgument, $"cannot write input to timer event '{request.EventID}'");
            }

            timer.RerunParentInstanceInfo = origin;
        }
        else if (call.TaskScheduled is { } task)
        {
            task.RerunParentInstanceInfo = origin;
            task.Input = request.OverwriteInput ? request.Input : task.Input;
        }
        else if (call.ChildWorkflowInstanceCreated is { } child)
        {
            child.RerunParentInstanceInfo = origin;
            child.Input = request.OverwriteInput ? request.Input : child.Input;
            child.InstanceId = request.HasNewChildWorkflowInstanceID
                ? request.NewChildWorkflowInstanceID
                : $"{id}:{call.EventId & 0xffff:x4}";
        }

        return request.HasNewChildWorkflowInstanceID && call.ChildWorkflowInstanceCreated is null
            ? throw EngineErrors.Of(StatusCode.InvalidArgument, $"event '{request.EventID}' makes no child workflow that could get an ID")
            : call;
    }

    private static HistoryEvent Adopt(HistoryEvent past, string id)
    {
        var adopted = past.Clone();
        if (adopted.ExecutionStarted?.WorkflowInstance is { } self)
        {
            self.InstanceId = id;
        }

        return adopted;
    }

    private static void MakeCalls(Session session, Instance rerun)
    {
        session.Run(rerun, rerun.Calls.Unanswered(CallKind.Task).Select(t => t.EventId));
        rerun.Changes.AddedTimers.AddRange(rerun.Calls.Unanswered(CallKind.Timer).Select(Due.Mark).OfType<TimerMark>());
        session.Post(rerun.Calls.Unanswered(CallKind.Child).Select(c => ActionRecorder.Child(rerun, c, session.Around)));
    }
}
