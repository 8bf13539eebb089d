using System.Collections.Concurrent;
using Dapr.Workflow;
using DaprRollouts.Executor.Telemetry;
using Grpc.Core;

namespace DaprRollouts.Executor.Triggers;

/// <summary>Starts and wakes workflows.</summary>
internal sealed class WorkflowStarter(DaprWorkflowClient client)
{
    private const string Wake = "wake";

    private readonly ConcurrentDictionary<string, bool> _alive = new();

    /// <summary>Starts a workflow unless it runs; whether it was started.</summary>
    public async Task<bool> EnsureAsync(string id, string name, Func<object> input, CancellationToken cancel)
    {
        if (_alive.ContainsKey(id))
        {
            return false;
        }

        var state = await client.GetWorkflowStateAsync(id, getInputsAndOutputs: false, cancel);
        var runs = state.Exists && !state.IsWorkflowCompleted;
        if (!runs)
        {
            try
            {
                await client.ScheduleNewWorkflowAsync(name, id, input()).WaitAsync(cancel);
                ExecutorMetrics.Started.WithLabels(name).Inc();
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
            {
                runs = true; // another replica was faster
            }
        }

        _alive[id] = true;
        return !runs;
    }

    /// <summary>Tells a workflow to look again; false if there is none of that id.</summary>
    public async Task<bool> WakeAsync(string id, CancellationToken cancel)
    {
        try
        {
            await client.RaiseEventAsync(id, Wake, null, cancel);
            ExecutorMetrics.Woken.WithLabels("woken").Inc();
            return true;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.Unknown)
        {
            ExecutorMetrics.Woken.WithLabels("none").Inc();
            Forget(id);
            return false;
        }
    }

    /// <summary>Forgets that a workflow was seen alive, as it is about to end.</summary>
    public void Forget(string id) => _alive.TryRemove(id, out _);

    /// <summary>Forgets which workflows were seen alive, so that each is looked for again.</summary>
    public void ForgetAlive() => _alive.Clear();
}
