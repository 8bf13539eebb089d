using System.Globalization;
using System.Text.Json;
using DaprRollouts.Benchmarks;
using DaprRollouts.Conformance.Engine.Protocol;
using DaprRollouts.Protocol;
using Grpc.Core;
using Hub = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.Crashes;

/// <summary>
/// The client of one journey, which outlives its engine. What it says and gets no answer to may have been heard or not; it says it again with another number, so that it
/// can tell afterwards which of them were heard, and how often.
/// </summary>
/// <param name="hub">The engine.</param>
/// <param name="id">The instance.</param>
/// <param name="pause">Waits until the engine may be back.</param>
internal sealed class JourneyDriver(Hub hub, string id, Func<Task> pause)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private readonly List<int> _acknowledged = [];
    private readonly HashSet<int> _unanswered = [];
    private int _number;

    /// <summary>How many events were acknowledged.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>How many of those that were not acknowledged were heard all the same.</summary>
    public int HeardInSilence { get; private set; }

    public Task StartAsync() => InsistAsync(async () =>
    {
        try
        {
            await hub.StartInstanceAsync(new CreateInstanceRequest
            {
                InstanceId = id, Name = Journey.Name, Input = JsonSerializer.Serialize(new JourneyState([], 0), Web), ScheduledStartTimestamp = new(),
            });
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            // The start whose answer was lost had been heard.
        }
    });

    /// <summary>Raises an event until it is acknowledged.</summary>
    public async Task StepAsync()
    {
        var number = 0;
        await InsistAsync(async () =>
        {
            number = ++_number;
            _unanswered.Add(number);
            await RaiseAsync(number);
        });
        _unanswered.Remove(number);
        _acknowledged.Add(number);
    }

    public Task EndAsync() => InsistAsync(() => RaiseAsync(Journey.End));

    /// <summary>Waits for the end, and looks whether all of it is right.</summary>
    public async Task CheckAsync()
    {
        var state = new WorkflowState();
        var history = new GetInstanceHistoryResponse();
        await InsistAsync(async () => state = (await hub.WaitForInstanceCompletionAsync(Answers.Get(id))).WorkflowState);
        await InsistAsync(async () => history = await hub.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = id }));
        Assert.True(state.WorkflowStatus == OrchestrationStatus.Completed, $"{id} is {state.WorkflowStatus}: {state.FailureDetails?.ErrorMessage}");
        var result = JsonSerializer.Deserialize<JourneyState>(state.Output, Web)!;
        Assert.Equal(result.Received.Distinct(), result.Received);
        Assert.Equal(_acknowledged, result.Received.Where(n => !_unanswered.Contains(n)));
        Assert.Equal(Journey.SumOf(result.Received), result.Sum);
        HistoryCheck.Verify(history.Events);
        HeardInSilence = result.Received.Count(_unanswered.Contains);
    }

    private async Task RaiseAsync(int number) =>
        await hub.RaiseEventAsync(Answers.Event(id, Journey.Step, number.ToString(CultureInfo.InvariantCulture)));

    private async Task InsistAsync(Func<Task> call)
    {
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal)
            {
                await pause();
            }
        }
    }
}
