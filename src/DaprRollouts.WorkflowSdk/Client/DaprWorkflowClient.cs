using System.Diagnostics;
using Dapr.Common.Serialization;
using Dapr.Workflow.Client;
using Google.Protobuf.WellKnownTypes;
using Proto = DaprRollouts.Protocol;

namespace Dapr.Workflow;

/// <summary>Starts, watches and steers workflow instances, over the sidecar's gRPC service.</summary>
public sealed class DaprWorkflowClient : IDaprWorkflowClient
{
    private readonly Proto.TaskHubSidecarService.TaskHubSidecarServiceClient _sidecar;
    private readonly IDaprSerializer _serializer;
    private readonly PatientCall _patience;
    private readonly IDisposable? _connection;

    internal DaprWorkflowClient(
        Proto.TaskHubSidecarService.TaskHubSidecarServiceClient sidecar, IDaprSerializer serializer, TimeProvider time, IDisposable? connection)
    {
        _sidecar = sidecar;
        _serializer = serializer;
        _patience = new PatientCall(time);
        _connection = connection;
    }

    public Task<string> ScheduleNewWorkflowAsync(string name, string? instanceId = null, object? input = null) =>
        ScheduleNewWorkflowAsync(name, instanceId, input, (DateTimeOffset?)null);

    public Task<string> ScheduleNewWorkflowAsync(string name, string? instanceId, object? input, DateTime? startTime) =>
        ScheduleNewWorkflowAsync(name, instanceId, input, startTime is { } start ? new DateTimeOffset(start) : null);

    public async Task<string> ScheduleNewWorkflowAsync(
        string name, string? instanceId, object? input, DateTimeOffset? startTime, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var request = new Proto.CreateInstanceRequest
        {
            Name = name,
            InstanceId = instanceId ?? Guid.NewGuid().ToString(),
            Input = Text(input),
            ScheduledStartTimestamp = startTime is { } start ? Timestamp.FromDateTimeOffset(start) : null,
        };
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } activity)
        {
            request.ParentTraceContext = new Proto.TraceContext { TraceParent = id, TraceState = activity.TraceStateString };
        }

        return (await _sidecar.StartInstanceAsync(request, cancellationToken: cancellation)).InstanceId;
    }

    public async Task<WorkflowState> GetWorkflowStateAsync(
        string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellation = default)
    {
        var request = Ask(instanceId, getInputsAndOutputs);
        return StateOf(await _sidecar.GetInstanceAsync(request, cancellationToken: cancellation));
    }

    public async Task<WorkflowState> WaitForWorkflowStartAsync(
        string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellation = default)
    {
        var request = Ask(instanceId, getInputsAndOutputs);
        var response = await _patience.CallAsync(
            token => _sidecar.WaitForInstanceStartAsync(request, cancellationToken: token).ResponseAsync, cancellation);
        return Existing(instanceId, StateOf(response));
    }

    public async Task<WorkflowState> WaitForWorkflowCompletionAsync(
        string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellation = default)
    {
        // The wait itself goes without payloads: they are asked for once, at the end.
        var request = Ask(instanceId, getInputsAndOutputs: false);
        var response = await _patience.CallAsync(
            token => _sidecar.WaitForInstanceCompletionAsync(request, cancellationToken: token).ResponseAsync, cancellation);
        var state = Existing(instanceId, StateOf(response));
        return getInputsAndOutputs ? await GetWorkflowStateAsync(instanceId, getInputsAndOutputs, cancellation) : state;
    }

    public async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var request = new Proto.RaiseEventRequest { InstanceId = instanceId, Name = eventName, Input = Text(eventPayload) };
        await _sidecar.RaiseEventAsync(request, cancellationToken: cancellation);
    }

    public async Task TerminateWorkflowAsync(string instanceId, object? output = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var request = new Proto.TerminateRequest { InstanceId = instanceId, Output = Text(output), Recursive = true };
        await _sidecar.TerminateInstanceAsync(request, cancellationToken: cancellation);
    }

    public async Task SuspendWorkflowAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var request = new Proto.SuspendRequest { InstanceId = instanceId, Reason = reason ?? "" };
        await _sidecar.SuspendInstanceAsync(request, cancellationToken: cancellation);
    }

    public async Task ResumeWorkflowAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var request = new Proto.ResumeRequest { InstanceId = instanceId, Reason = reason ?? "" };
        await _sidecar.ResumeInstanceAsync(request, cancellationToken: cancellation);
    }

    public async Task<bool> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var request = new Proto.PurgeInstancesRequest { InstanceId = instanceId, Recursive = true };
        return (await _sidecar.PurgeInstancesAsync(request, cancellationToken: cancellation)).DeletedInstanceCount > 0;
    }

    public async Task<WorkflowInstancePage> ListInstanceIdsAsync(
        string? continuationToken = null, int? pageSize = null, CancellationToken cancellation = default)
    {
        var request = new Proto.ListInstanceIDsRequest();
        if (continuationToken is not null)
        {
            request.ContinuationToken = continuationToken;
        }

        if (pageSize is { } size)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(pageSize));
            request.PageSize = (uint)size;
        }

        var page = await _sidecar.ListInstanceIDsAsync(request, cancellationToken: cancellation);
        return new WorkflowInstancePage([.. page.InstanceIds], page.HasContinuationToken ? page.ContinuationToken : null);
    }

    public async Task<IReadOnlyList<WorkflowHistoryEvent>> GetInstanceHistoryAsync(
        string instanceId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var request = new Proto.GetInstanceHistoryRequest { InstanceId = instanceId };
        var history = await _sidecar.GetInstanceHistoryAsync(request, cancellationToken: cancellation);
        return [.. history.Events.Select(HistoryEventTypes.Describe)];
    }

    public async Task<string> RerunWorkflowFromEventAsync(
        string sourceInstanceId,
        uint eventId,
        RerunWorkflowFromEventOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(sourceInstanceId);
        if (options is { Input: not null, OverwriteInput: false })
        {
            throw new ArgumentException("OverwriteInput must be true when Input is set.", nameof(options));
        }

        var request = new Proto.RerunWorkflowFromEventRequest { SourceInstanceID = sourceInstanceId, EventID = eventId };
        if (options?.NewInstanceId is { } newInstanceId)
        {
            request.NewInstanceID = newInstanceId;
        }

        if (options is { OverwriteInput: true })
        {
            (request.OverwriteInput, request.Input) = (true, Text(options.Input));
        }

        return (await _sidecar.RerunWorkflowFromEventAsync(request, cancellationToken: cancellation)).NewInstanceID;
    }

    public void Dispose() => _connection?.Dispose();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static Proto.GetInstanceRequest Ask(string instanceId, bool getInputsAndOutputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return new Proto.GetInstanceRequest { InstanceId = instanceId, GetInputsAndOutputs = getInputsAndOutputs };
    }

    private static WorkflowState Existing(string instanceId, WorkflowState state) =>
        state.Exists ? state : throw new InvalidOperationException($"Workflow instance '{instanceId}' does not exist.");

    private string Text(object? value) => value is null ? "" : _serializer.Serialize(value, value.GetType());

    private WorkflowState StateOf(Proto.GetInstanceResponse response) =>
        new(response.Exists ? response.WorkflowState : null, _serializer);
}
