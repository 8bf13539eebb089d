using System.Collections.Concurrent;
using DaprRollouts.Engine.State;
using DaprRollouts.Protocol;

namespace DaprRollouts.Engine;

/// <summary>Clients that wait for an instance to begin or to end.</summary>
internal sealed class InstanceWaiters
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _changes = new();

    /// <summary>Completes at the next change of an instance.</summary>
    public Task NextChange(string id) =>
        _changes.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Instances have changed.</summary>
    public void Tell(IEnumerable<Instance> changed)
    {
        foreach (var instance in changed)
        {
            if (_changes.TryRemove(instance.Id, out var waiting))
            {
                waiting.TrySetResult();
            }
        }
    }

    public static bool HasBegun(WorkflowState? state) => state is not null && state.WorkflowStatus != OrchestrationStatus.Pending;

    public static bool HasEnded(WorkflowState? state) => state?.WorkflowStatus
        is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated or OrchestrationStatus.Canceled;
}
