using Dapr.Common.Serialization;
using Dapr.Workflow.Replay;
using Proto = DaprRollouts.Protocol;

namespace Dapr.Workflow;

/// <summary>What an engine tells about an instance. One that does not exist has a state too, with Exists false.</summary>
public sealed class WorkflowState : IWorkflowState
{
    private readonly Proto.WorkflowState? _state;
    private readonly IDaprSerializer _serializer;

    internal WorkflowState(Proto.WorkflowState? state, IDaprSerializer serializer)
    {
        _state = state;
        _serializer = serializer;
    }

    public string? WorkflowName => _state?.Name;

    public bool Exists => _state is not null;

    public bool IsWorkflowRunning => RuntimeStatus == WorkflowRuntimeStatus.Running;

    public bool IsWorkflowCompleted =>
        RuntimeStatus is WorkflowRuntimeStatus.Completed or WorkflowRuntimeStatus.Failed or WorkflowRuntimeStatus.Terminated;

    public DateTimeOffset CreatedAt => _state?.CreatedTimestamp?.ToDateTimeOffset() ?? default;

    public DateTimeOffset LastUpdatedAt => _state?.LastUpdatedTimestamp?.ToDateTimeOffset() ?? default;

    public WorkflowRuntimeStatus RuntimeStatus => _state is null
        ? WorkflowRuntimeStatus.Unknown
        : Enum.IsDefined((WorkflowRuntimeStatus)_state.WorkflowStatus) ? (WorkflowRuntimeStatus)_state.WorkflowStatus : WorkflowRuntimeStatus.Unknown;

    public WorkflowTaskFailureDetails? FailureDetails => _state?.FailureDetails is { } details ? Failures.FromProto(details) : null;

    public T? ReadInputAs<T>() => _serializer.Deserialize<T>(_state?.Input);

    public T? ReadOutputAs<T>() => _serializer.Deserialize<T>(_state?.Output);

    public T? ReadCustomStatusAs<T>() => _serializer.Deserialize<T>(_state?.CustomStatus);
}
