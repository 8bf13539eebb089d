using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine.Serving;

/// <summary>Instances as clients see them.</summary>
internal static class InstanceStates
{
    public static bool HasBegun(Instance instance) => instance.Status != OrchestrationStatus.Pending;

    public static bool HasEnded(Instance instance) => instance.IsEnded;

    public static GetInstanceResponse Describe(Instance? instance, bool withPayloads)
    {
        if (instance?.StartEvent is not { } start)
        {
            return new GetInstanceResponse();
        }

        var (started, end) = (start.ExecutionStarted, instance.EndEvent);
        var state = new WorkflowState
        {
            InstanceId = instance.Id,
            Name = started.Name,
            Version = started.Version,
            WorkflowStatus = instance.Status,
            ScheduledStartTimestamp = started.ScheduledStartTimestamp,
            CreatedTimestamp = start.Timestamp,
            LastUpdatedTimestamp = instance.History.Count > 0 ? instance.History[^1].Timestamp : start.Timestamp,
            StartedAt = instance.History.Count > 0 ? instance.History[0].Timestamp : null,
            CompletedTimestamp = end?.Timestamp,
            ExecutionId = started.WorkflowInstance?.ExecutionId,
            ParentInstanceId = started.ParentInstance?.WorkflowInstance?.InstanceId,
            ParentAppId = started.ParentInstance is { HasAppID: true } parent ? parent.AppID : null,
        };
        state.Tags.Add(started.Tags);
        if (withPayloads)
        {
            state.Input = started.Input;
            state.Output = end?.ExecutionCompleted.Result;
            state.CustomStatus = instance.CustomStatus;
            state.FailureDetails = end?.ExecutionCompleted.FailureDetails;
        }

        return new GetInstanceResponse { Exists = true, WorkflowState = state };
    }
}
