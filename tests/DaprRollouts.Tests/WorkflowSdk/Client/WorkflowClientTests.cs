using System.Diagnostics;
using Dapr.Common.Serialization;
using Dapr.Workflow;
using Dapr.Workflow.Client;
using DaprRollouts.Protocol;
using DaprRollouts.Tests.WorkflowSdk.Worker;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Tests.WorkflowSdk.Client;

public sealed class WorkflowClientTests : IDisposable
{
    private readonly FakeSidecar _sidecar = new();
    private readonly FakeTimeProvider _time = new();
    private readonly DaprWorkflowClient _client;

    public WorkflowClientTests() => _client = new DaprWorkflowClient(
        new TaskHubSidecarService.TaskHubSidecarServiceClient(_sidecar), new JsonDaprSerializer(), _time, connection: null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Starting_sends_name_input_time_and_trace()
    {
        _sidecar.Answers[typeof(CreateInstanceRequest)] = _ => new CreateInstanceResponse { InstanceId = "served" };
        using var activity = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal("served", await _client.ScheduleNewWorkflowAsync("Flow", "id", new { A = 1 }, start, Cancellation));

        var request = await _sidecar.ReceivedAsync<CreateInstanceRequest>();
        Assert.Equal(("Flow", "id", "{\"a\":1}"), (request.Name, request.InstanceId, request.Input));
        Assert.Equal(start, request.ScheduledStartTimestamp.ToDateTimeOffset());
        Assert.Equal(activity.Id, request.ParentTraceContext.TraceParent);
    }

    [Fact]
    public async Task Starting_at_once_sends_no_time_and_makes_an_id_up()
    {
        _sidecar.Answers[typeof(CreateInstanceRequest)] = m => new CreateInstanceResponse { InstanceId = ((CreateInstanceRequest)m).InstanceId };

        Assert.True(Guid.TryParse(await _client.ScheduleNewWorkflowAsync("Flow"), out _));

        var request = await _sidecar.ReceivedAsync<CreateInstanceRequest>();
        Assert.Null(request.ScheduledStartTimestamp);
        Assert.Equal("", request.Input);
    }

    [Fact]
    public async Task A_missing_instance_has_a_state_that_says_so()
    {
        _sidecar.Answers[typeof(GetInstanceRequest)] = _ => new GetInstanceResponse();

        var state = await _client.GetWorkflowStateAsync("id", cancellation: Cancellation);

        Assert.False(state.Exists);
        Assert.Equal(WorkflowRuntimeStatus.Unknown, state.RuntimeStatus);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _client.WaitForWorkflowCompletionAsync("id", cancellation: Cancellation));
    }

    [Fact]
    public async Task A_failed_instance_tells_what_it_failed_of()
    {
        _sidecar.Answers[typeof(GetInstanceRequest)] = _ => new GetInstanceResponse
        {
            Exists = true,
            WorkflowState = new DaprRollouts.Protocol.WorkflowState
            {
                Name = "Flow",
                WorkflowStatus = OrchestrationStatus.Failed,
                CreatedTimestamp = new Timestamp { Seconds = 100 },
                Input = "\"in\"",
                Output = "",
                FailureDetails = Replay.Happened.Details("X", "no"),
            },
        };

        var state = await _client.WaitForWorkflowCompletionAsync("id", cancellation: Cancellation);

        Assert.True(state is { IsWorkflowCompleted: true, IsWorkflowRunning: false });
        Assert.Equal("X: no", state.FailureDetails!.ToString());
        Assert.Equal("in", state.ReadInputAs<string>());
        Assert.Equal(0, state.ReadOutputAs<int>());
        Assert.Equal(100, state.CreatedAt.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Waiting_outlives_an_engine_that_is_away()
    {
        var calls = 0;
        _sidecar.Answers[typeof(GetInstanceRequest)] = _ => ++calls < 4
            ? new RpcException(new Status(StatusCode.Unavailable, "down"))
            : new GetInstanceResponse { Exists = true, WorkflowState = new DaprRollouts.Protocol.WorkflowState() };

        var waiting = _client.WaitForWorkflowStartAsync("id", cancellation: Cancellation);
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Yield();
        }

        Assert.True((await waiting).Exists);
        Assert.Equal(4, calls);
    }

    [Fact]
    public async Task Other_failures_of_a_wait_are_thrown()
    {
        _sidecar.Answers[typeof(GetInstanceRequest)] = _ => new RpcException(new Status(StatusCode.PermissionDenied, "no"));

        await Assert.ThrowsAsync<RpcException>(() => _client.WaitForWorkflowStartAsync("id", cancellation: Cancellation));
    }

    [Fact]
    public async Task Terminating_and_purging_include_the_children()
    {
        _sidecar.Answers[typeof(TerminateRequest)] = _ => new TerminateResponse();
        _sidecar.Answers[typeof(PurgeInstancesRequest)] = _ => new PurgeInstancesResponse { DeletedInstanceCount = 2 };

        await _client.TerminateWorkflowAsync("id", "bye", Cancellation);
        Assert.True(await _client.PurgeInstanceAsync("id", Cancellation));

        Assert.Equal(new TerminateRequest { InstanceId = "id", Output = "\"bye\"", Recursive = true }, await _sidecar.ReceivedAsync<TerminateRequest>());
        Assert.True((await _sidecar.ReceivedAsync<PurgeInstancesRequest>()).Recursive);
    }

    [Fact]
    public async Task Wrong_arguments_are_refused_before_anything_is_sent()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _client.ScheduleNewWorkflowAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.RaiseEventAsync("id", "", cancellation: Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _client.ListInstanceIdsAsync(pageSize: 0, cancellation: Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(
            () => _client.RerunWorkflowFromEventAsync("id", 1, new RerunWorkflowFromEventOptions { Input = 1 }, Cancellation));
    }
}
