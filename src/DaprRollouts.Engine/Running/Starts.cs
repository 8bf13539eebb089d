using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.Running;

/// <summary>How instances begin: asked for by a client, or launched by another instance.</summary>
internal static class Starts
{
    /// <summary>Starts an instance as a client asks, in place of one of the same id that has ended.</summary>
    public static Instance Start(Session session, string id, CreateInstanceRequest request)
    {
        if (session.Find(id) is { } former && (request.EnforceUniqueInstanceId || !IsOver(session, former)))
        {
            throw EngineErrors.AlreadyExists(id);
        }

        var started = Events.ExecutionStarted(session.Now, id, session.Around.NewExecution(), request.Name, request.Input);
        started.ExecutionStarted.ScheduledStartTimestamp = request.ScheduledStartTimestamp;
        started.ExecutionStarted.ParentTraceContext = request.ParentTraceContext;
        started.ExecutionStarted.Tags.Add(request.Tags);
        return Begin(session, id, started);
    }

    /// <summary>Starts what another instance launches. If the id is taken, a parent hears of it as a failure of the child.</summary>
    public static void Launch(Session session, Launch launch)
    {
        if (session.Find(launch.To) is not { } former || former.IsEnded)
        {
            Begin(session, launch.To, launch.Started);
        }
        else if (launch.Started.ExecutionStarted.ParentInstance is { } parent)
        {
            var failure = new TaskFailureDetails
            {
                ErrorType = "AlreadyExists", ErrorMessage = EngineErrors.AlreadyExistsMessage(launch.To),
            };
            session.Post([new Delivery(
                parent.WorkflowInstance.InstanceId,
                Events.ChildFailed(session.Now, parent.TaskScheduledId, failure),
                parent.WorkflowInstance.ExecutionId)]);
        }
    }

    private static Instance Begin(Session session, string id, HistoryEvent started)
    {
        var instance = session.Create(id);
        session.Deliver(instance, started);
        if (started.ExecutionStarted.ScheduledStartTimestamp?.ToDateTime() is { } due && due > session.Now)
        {
            instance.BeginAt(due);
        }

        return instance;
    }

    // An id is free again when its whole family has ended: a child that is still alive could reach the next holder of the id.
    private static bool IsOver(Session session, Instance instance)
    {
        var family = new Queue<Instance>([instance]);
        HashSet<string> seen = [instance.Id];
        while (family.TryDequeue(out var member))
        {
            if (!member.IsEnded)
            {
                return false;
            }

            foreach (var child in member.Children.Where(seen.Add).Select(session.Find).OfType<Instance>())
            {
                family.Enqueue(child);
            }
        }

        return true;
    }
}
