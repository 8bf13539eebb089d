using System.Globalization;
using DaprRollouts.Conformance.Engine.Doors;
using Grpc.Net.Client;
using Client = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.Crashes;

/// <summary>
/// The process of engine and worker is killed again and again, at random moments, while 200 journeys are under way. DAPR_ROLLOUTS_TEST_KILLS says how often (each takes
/// one to three seconds), DAPR_ROLLOUTS_TEST_SEED which moments.
/// </summary>
public sealed class KilledEngine(ITestOutputHelper output) : IDisposable
{
    private const int Journeys = 200;
    private const int StepsOfLife = 3;

    private static readonly TimeSpan LongestLife = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly int Kills = Setting("KILLS") ?? 3;

    private readonly TestDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_that_was_acknowledged_is_lost_and_nothing_happens_twice(bool overGrpc)
    {
        var seed = Setting("SEED") ?? Random.Shared.Next();
        output.WriteLine($"DAPR_ROLLOUTS_TEST_SEED={seed}");
        var random = new Random(seed);
        using var engine = new ChildProcess(_data.Path, overGrpc);
        await engine.StartAsync();
        using var channel = GrpcChannel.ForAddress(engine.Address);
        var client = new Client(channel);
        var cancel = TestContext.Current.CancellationToken;
        List<JourneyDriver> journeys = [.. Enumerable.Range(0, Journeys).Select(i => new JourneyDriver(client, $"journey{i}", () => Task.Delay(Pause, cancel)))];
        var saying = Task.WhenAll(journeys.Select(j => j.StartAsync()));

        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(random.NextDouble() * LongestLife, cancel);
            await engine.KillAsync();
            await engine.StartAsync();
            await saying;
            saying = Task.WhenAll(journeys.Select(SpeakAsync));
        }

        await saying;
        await Task.WhenAll(journeys.Select(j => j.EndAsync()));
        await Task.WhenAll(journeys.Select(j => j.CheckAsync()));
        output.WriteLine(
            $"{Kills} kills; {journeys.Sum(j => j.Acknowledged)} events acknowledged, {journeys.Sum(j => j.HeardInSilence)} more heard that were not");
    }

    private static async Task SpeakAsync(JourneyDriver journey)
    {
        for (var step = 0; step < StepsOfLife; step++)
        {
            await journey.StepAsync();
        }
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable($"DAPR_ROLLOUTS_TEST_{name}"), CultureInfo.InvariantCulture, out var value) ? value : null;
}
