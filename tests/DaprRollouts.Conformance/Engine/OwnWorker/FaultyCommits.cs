using System.Globalization;
using DaprRollouts.Benchmarks;
using DaprRollouts.Conformance.Engine.Crashes;
using DaprRollouts.Engine.InProcess;
using DaprRollouts.Engine.Running;
using DaprRollouts.WorkflowSdk;
using Microsoft.Extensions.DependencyInjection;
using Hub = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Conformance.Engine.OwnWorker;

/// <summary>
/// Engine and worker end before or after a commit, and begin anew, in virtual time: at each moment that one journey has, and by chance with as many seeds as
/// DAPR_ROLLOUTS_TEST_SEEDS says.
/// </summary>
public sealed class FaultyCommits(ITestOutputHelper output)
{
    private const int Steps = 7;

    private static readonly int Seeds =
        int.Parse(Environment.GetEnvironmentVariable("DAPR_ROLLOUTS_TEST_SEEDS") ?? "300", CultureInfo.InvariantCulture);

    [Fact]
    public void A_journey_ends_well_wherever_it_is_interrupted()
    {
        var moments = 0;
        Run(seed: null, _ =>
        {
            moments++;
            return false;
        });
        Assert.InRange(moments, 50, 1000);

        for (var fault = 0; fault < moments; fault++)
        {
            // The moment comes once: the engine that begins after it is left in peace.
            var crashes = Run(seed: null, moment => moment == fault);
            Assert.Equal(1, crashes);
        }

        output.WriteLine($"{moments} moments");
    }

    [Fact]
    public void A_journey_ends_well_in_any_order_and_however_often_it_is_interrupted()
    {
        var crashes = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                var chance = new Random(seed);
                var risk = chance.NextDouble() * 0.2;
                crashes += Run(seed, _ => chance.NextDouble() < risk, journeys: 1 + (seed % 3));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }

        output.WriteLine($"{Seeds} seeds, {crashes} crashes");
    }

    private static int Run(int? seed, Predicate<int> crashes, int journeys = 1)
    {
        var time = new VirtualTime(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddWorkflowDispatcher(Workloads.Register).BuildServiceProvider();
        var code = services.GetRequiredService<WorkflowDispatcher>();
        using var engine = new InProcessEngine(new InProcessWorker((turn, token) => code.Run(turn, token), code.RunAsync), time, seed);
        var moment = 0;
        engine.Probe = _ =>
        {
            if (crashes(moment++))
            {
                throw new SimulatedCrash();
            }
        };
        var hub = new Hub(engine.Client);
        return engine.Run(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, journeys).Select(i => TravelAsync(new JourneyDriver(hub, $"journey{i}", () => Task.CompletedTask))));
            return engine.Crashes;
        });
    }

    private static async Task TravelAsync(JourneyDriver journey)
    {
        await journey.StartAsync();
        for (var step = 0; step < Steps; step++)
        {
            await journey.StepAsync();
        }

        await journey.EndAsync();
        await journey.CheckAsync();
    }
}
