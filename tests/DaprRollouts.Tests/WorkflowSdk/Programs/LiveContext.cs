using Dapr.Workflow;
using Dapr.Workflow.Replay;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Tests.WorkflowSdk.Programs;

/// <summary>The ideal: a context that simply lives. Nothing is replayed; each outcome arrives once, when it happens.</summary>
internal sealed class LiveContext : WorkflowContext
{
    private readonly DeterministicGuids _guids = new("abc", null);
    private readonly List<(string Name, TaskCompletionSource<string> Arrival)> _waits = [];
    private int _next;

    /// <summary>What has been asked for and not answered yet, by number.</summary>
    public SortedDictionary<int, (string Kind, Action<Outcome> Answer)> Open { get; } = [];

    public List<Outcome> Unclaimed { get; } = [];

    /// <summary>All calls, in their order.</summary>
    public List<string> Calls { get; } = [];

    public bool Continues { get; private set; }

    public string? Status { get; private set; }

    public override string Name => "Program";

    public override string InstanceId => "abc";

    public override DateTime CurrentUtcDateTime => DateTime.UnixEpoch;

    public override bool IsReplaying => false;

    public void Raise(Outcome raised)
    {
        var index = _waits.FindIndex(w => w.Name == raised.Name && !w.Arrival.Task.IsCompleted);
        if (index < 0)
        {
            Unclaimed.Add(raised);
            return;
        }

        var arrival = _waits[index].Arrival;
        _waits.RemoveAt(index);
        arrival.SetResult(raised.Value);
    }

    public override bool IsPatched(string patchName) => true;

    public override Task<T> CallActivityAsync<T>(string name, object? input = null, WorkflowTaskOptions? options = null) =>
        options?.RetryPolicy is { } policy
            ? RetryLoop.RunAsync(policy, () => CurrentUtcDateTime, () => Call<T>("activity", name), delay => CreateTimer(delay))
            : Call<T>("activity", name);

    public override Task<TResult> CallChildWorkflowAsync<TResult>(
        string workflowName, object? input = null, ChildWorkflowTaskOptions? options = null)
    {
        _guids.Next();
        return Call<TResult>("child", workflowName);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) => Call<string>("timer", "");

    public override Task<T> WaitForExternalEventAsync<T>(string eventName, CancellationToken cancellationToken = default) =>
        Cast<T>(Wait(eventName).Task);

    public override Task<T> WaitForExternalEventAsync<T>(string eventName, TimeSpan timeout)
    {
        var arrival = new TaskCompletionSource<string>();
        Ask(timeout < TimeSpan.Zero ? "marker" : "timer", "", _ => arrival.TrySetCanceled());
        return Cast<T>(Wait(eventName, arrival).Task);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => Continues = true;

    public override Guid NewGuid() => _guids.Next();

    public override void SetCustomStatus(object? customStatus) => Status = (string?)customStatus;

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override ILogger CreateReplaySafeLogger(string categoryName) => NullLogger.Instance;

    public override ILogger CreateReplaySafeLogger(Type type) => NullLogger.Instance;

    public override ILogger CreateReplaySafeLogger<T>() => NullLogger.Instance;

    public override PropagatedHistory? GetPropagatedHistory() => null;

    private static async Task<T> Cast<T>(Task<string> task) => (T)(object)await task;

    private TaskCompletionSource<string> Wait(string name, TaskCompletionSource<string>? wait = null)
    {
        var arrival = wait ?? new TaskCompletionSource<string>();
        if (Unclaimed.FirstOrDefault(e => e.Name == name) is { } early)
        {
            Unclaimed.Remove(early);
            arrival.SetResult(early.Value);
        }
        else
        {
            _waits.Add((name, arrival));
        }

        return arrival;
    }

    private Task<T> Call<T>(string kind, string name)
    {
        var result = new TaskCompletionSource<string>();
        Ask(kind, name, outcome =>
        {
            if (outcome.IsFailure)
            {
                result.SetException(kind == "child" ? Failures.OfChild(name, outcome.Details) : Failures.OfActivity(outcome.Details));
            }
            else
            {
                result.SetResult(outcome.Value);
            }
        });
        return Cast<T>(result.Task);
    }

    private void Ask(string kind, string name, Action<Outcome> answer)
    {
        Calls.Add($"{_next} {kind} {name}".TrimEnd());
        Open.Add(_next++, (kind, answer));
    }
}
