using Dapr.Common.Serialization;
using DaprRollouts.Protocol;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Replay;

/// <summary>The context of one turn: every call of the workflow becomes an entry of the ledger or a wait for an event.</summary>
internal sealed class ReplayContext : WorkflowContext
{
    private readonly TurnSetting _setting;
    private readonly IDaprSerializer _serializer;
    private readonly DeterministicGuids _guids;
    private readonly Patches _patches;
    private readonly TurnThread _thread;

    public ReplayContext(TurnSetting setting, IDaprSerializer serializer, TurnThread thread)
    {
        _setting = setting;
        _serializer = serializer;
        _thread = thread;
        _guids = new DeterministicGuids(setting.Request.InstanceId, setting.Request.ExecutionId);
        _patches = new Patches(setting.Request.PastEvents);
        Ledger = new CallLedger(_guids, setting.Explains);
    }

    public override string Name => _setting.WorkflowName;

    public override string InstanceId => _setting.Request.InstanceId;

    public override DateTime CurrentUtcDateTime => Now.ToDateTime();

    public override bool IsReplaying => Replaying;

    public CallLedger Ledger { get; }

    public ExternalEvents Events { get; } = new();

    public Timestamp Now { get; set; } = new();

    public bool Replaying { get; set; }

    public string? CustomStatus { get; private set; }

    /// <summary>The action that ends this execution and begins the next one, once the workflow has asked for it.</summary>
    public WorkflowAction? Continuation { get; private set; }

    public bool CarriesEventsOver { get; private set; }

    public WorkflowVersion? Version => _patches.VersionOf(Name);

    public override bool IsPatched(string patchName)
    {
        ArgumentException.ThrowIfNullOrEmpty(patchName);
        _thread.Demand();
        return _patches.Follows(patchName, IsReplaying);
    }

    public override Task<T> CallActivityAsync<T>(string name, object? input = null, WorkflowTaskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _thread.Demand();
        if (options?.RetryPolicy is not { } policy)
        {
            return Activity<T>(name, input, options);
        }

        var origin = new TimerOriginActivityRetry { TaskExecutionId = _guids.TaskExecutionId(Ledger.NextId, name) };
        return RetryLoop.RunAsync(
            policy,
            () => CurrentUtcDateTime,
            () => Activity<T>(name, input, options),
            delay => Timer(CurrentUtcDateTime + delay, new CreateTimerAction { ActivityRetry = origin }));
    }

    public override Task<TResult> CallChildWorkflowAsync<TResult>(
        string workflowName, object? input = null, ChildWorkflowTaskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowName);
        _thread.Demand();
        if (options?.RetryPolicy is not { } policy)
        {
            return Child<TResult>(workflowName, input, options);
        }

        // Without a name of its own every attempt is another instance; the pauses bear a name that no instance has.
        var origin = new TimerOriginChildWorkflowRetry { InstanceId = options.InstanceId ?? NewGuid().ToString() };
        return RetryLoop.RunAsync(
            policy,
            () => CurrentUtcDateTime,
            () => Child<TResult>(workflowName, input, options),
            delay => Timer(CurrentUtcDateTime + delay, new CreateTimerAction { ChildWorkflowRetry = origin }));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        _thread.Demand();
        return Timer(fireAt, new CreateTimerAction { CreateTimer = new TimerOriginCreateTimer() }, cancellationToken);
    }

    public override Task<T> WaitForExternalEventAsync<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        _thread.Demand();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var wait = new EventWait<T>(eventName, Read<T>);
        Events.Add(wait);
        WhenCancelled(wait.Cancel, cancellationToken);
        return wait.Arrival;
    }

    public override Task<T> WaitForExternalEventAsync<T>(string eventName, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        _thread.Demand();
        if (timeout == TimeSpan.Zero)
        {
            return Task.FromCanceled<T>(new CancellationToken(canceled: true));
        }

        // The timer takes its number, and is asked for, even where the event is there already.
        var wait = new EventWait<T>(eventName, Read<T>);
        var fireAt = timeout < TimeSpan.Zero ? TimerMarks.Never.Clone() : Timestamp.FromDateTime(CurrentUtcDateTime + timeout);
        var timer = new CreateTimerAction { FireAt = fireAt, ExternalEvent = new TimerOriginExternalEvent { Name = eventName } };
        wait.Timer = Ledger.Issue(new WorkflowAction { CreateTimer = timer }, _ => wait.Cancel());
        Events.Add(wait);
        return wait.Arrival;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        _thread.Demand();
        if (!_setting.CanSendEvents)
        {
            throw new NotSupportedException(
                $"Event '{eventName}' cannot be sent: a Dapr sidecar refuses it and would repeat the turn for ever. "
                + $"Call an activity that raises the event on '{instanceId}' instead.");
        }

        Ledger.Issue(CallActions.Event(instanceId, eventName, Write(payload)));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        _thread.Demand();
        CustomStatus = customStatus is null ? null : Write(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        _thread.Demand();
        var next = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.ContinuedAsNew, Result = Write(newInput) };
        var action = new WorkflowAction { Id = Ledger.TakeNumber(), CompleteWorkflow = next };
        // An engine honours the first request only.
        if (Continuation is null)
        {
            (Continuation, CarriesEventsOver) = (action, preserveUnprocessedEvents);
        }
    }

    public override Guid NewGuid()
    {
        _thread.Demand();
        return _guids.Next();
    }

    public override PropagatedHistory? GetPropagatedHistory() => PropagatedHistories.Read(_setting.Request.PropagatedHistory);

    public override ILogger CreateReplaySafeLogger(string categoryName) =>
        new ReplaySafeLogger(_setting.Loggers.CreateLogger(categoryName), this);

    public override ILogger CreateReplaySafeLogger(System.Type type) =>
        new ReplaySafeLogger(_setting.Loggers.CreateLogger(type), this);

    public override ILogger CreateReplaySafeLogger<T>() => CreateReplaySafeLogger(typeof(T));

    private Task<T> Activity<T>(string name, object? input, WorkflowTaskOptions? options)
    {
        var attempt = _guids.TaskExecutionId(Ledger.NextId, name);
        var action = CallActions.Activity(name, Write(input), attempt, options, _setting.RouterTo(options?.TargetAppId));
        return Call<T>(action, outcome => outcome.TaskCompleted is { } completed
            ? Read<T>(completed.Result)
            : throw Failures.OfActivity(outcome.TaskFailed.FailureDetails));
    }

    private Task<T> Child<T>(string name, object? input, ChildWorkflowTaskOptions? options)
    {
        var instanceId = options?.InstanceId ?? NewGuid().ToString();
        var action = CallActions.Child(name, Write(input), instanceId, options, _setting.RouterTo(options?.TargetAppId));
        return Call<T>(action, outcome => outcome.ChildWorkflowInstanceCompleted is { } completed
            ? Read<T>(completed.Result)
            : throw Failures.OfChild(name, outcome.ChildWorkflowInstanceFailed.FailureDetails));
    }

    private Task Timer(DateTime fireAt, CreateTimerAction timer, CancellationToken cancellation = default)
    {
        timer.FireAt = Timestamp.FromDateTime(fireAt);
        var fired = new TaskCompletionSource();
        var call = Ledger.Issue(new WorkflowAction { CreateTimer = timer }, _ => fired.TrySetResult());
        WhenCancelled(GiveUp, cancellation);
        return fired.Task;

        // Nothing is taken back: the durable timer fires later and finds nobody.
        void GiveUp()
        {
            call.IsGivenUp = true;
            fired.TrySetCanceled(cancellation);
        }
    }

    private Task<T> Call<T>(WorkflowAction action, Func<HistoryEvent, T> read)
    {
        var result = new TaskCompletionSource<T>();
        Ledger.Issue(action, outcome => Outcome.Set(result, () => read(outcome)));
        return result.Task;
    }

    private void WhenCancelled(Action cancel, CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled)
        {
            cancellation.UnsafeRegister(_ => RunHere(cancel), null);
        }
    }

    private void RunHere(Action cancel)
    {
        if (_thread.IsHere())
        {
            cancel();
        }
    }

    private T Read<T>(string? text) => string.IsNullOrEmpty(text) ? default! : _serializer.Deserialize<T>(text)!;

    private string Write(object? value) => value is null ? "" : _serializer.Serialize(value, value.GetType());
}
