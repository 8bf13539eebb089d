using System.Globalization;
using DaprRollouts.Conformance.Engine.Doors;
using DaprRollouts.Conformance.Engine.Protocol;
using DaprRollouts.Protocol;
using Grpc.Core;
using Grpc.Net.Client;
using Client = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.Crashes;

/// <summary>
/// The process of the engine is killed again and again while activities, timers and events are under way. DAPR_ROLLOUTS_TEST_KILLS says how often; each kill takes
/// about a second.
/// </summary>
public sealed class KilledEngine : IDisposable
{
    private const int Instances = 40;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("DAPR_ROLLOUTS_TEST_KILLS") ?? "2", CultureInfo.InvariantCulture);

    private readonly TestDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_and_nothing_happens_twice()
    {
        using var engine = new ChildProcess(_data.Path);
        await engine.StartAsync();
        using var channel = GrpcChannel.ForAddress(engine.Address);
        var client = new Client(channel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var worker = new RoundsWorker(client);
        var working = worker.RunAsync(over.Token);

        for (var kill = 0; kill < Kills; kill++)
        {
            var ids = Enumerable.Range(0, Instances).Select(i => $"{kill}-{i}").ToList();
            var clients = ids.Select(id => DriveAsync(client, id)).ToList();
            await UntilAsync(() => worker.Answered >= (kill + 1) * Instances / 2);
            await engine.KillAsync();
            await engine.StartAsync();
            await Task.WhenAll(clients);
        }

        foreach (var id in (await client.ListInstanceIDsAsync(new ListInstanceIDsRequest())).InstanceIds)
        {
            await CheckAsync(client, id);
        }

        await over.CancelAsync();
        await working;
    }

    // A client that loses its connection does not know whether it was heard, so it says it again.
    private static async Task DriveAsync(Client client, string id)
    {
        await InsistAsync(async () => await client.StartInstanceAsync(Answers.Start(id)), StatusCode.AlreadyExists);
        for (var round = 0; round < RoundsWorker.Rounds; round++)
        {
            var name = RoundsWorker.EventOf(round);
            await InsistAsync(async () => await client.RaiseEventAsync(Answers.Event(id, name)));
        }

        await InsistAsync(async () => await client.WaitForInstanceCompletionAsync(Answers.Get(id)));
    }

    private static async Task InsistAsync(Func<Task> call, params StatusCode[] alsoFine)
    {
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (RpcException e) when (alsoFine.Contains(e.StatusCode))
            {
                return;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);
        }
    }

    private static async Task CheckAsync(Client client, string id)
    {
        var state = (await client.GetInstanceAsync(Answers.Get(id))).WorkflowState;
        Assert.Equal((OrchestrationStatus.Completed, "0,2,4,6"), (state.WorkflowStatus, state.Output));
        var history = (await client.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = id })).Events;
        Assert.Single(history, e => e.ExecutionStarted is not null);
        Assert.Single(history, e => e.ExecutionCompleted is not null);
        for (var round = 0; round < RoundsWorker.Rounds; round++)
        {
            var (activity, timer, name) = (2 * round, (2 * round) + 1, RoundsWorker.EventOf(round));
            Assert.Single(history, e => e.TaskScheduled is not null && e.EventId == activity);
            Assert.Single(history, e => e.TaskCompleted?.TaskScheduledId == activity);
            Assert.Single(history, e => e.TimerCreated is not null && e.EventId == timer);
            Assert.Single(history, e => e.TimerFired?.TimerId == timer);
            Assert.Contains(history, e => e.EventRaised?.Name == name);
        }
    }
}
